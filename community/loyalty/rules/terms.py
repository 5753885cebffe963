"""From the versions of rules, as rows, to terms, as values."""

from __future__ import annotations

from typing import Any

from community.loyalty.models import RuleVersion
from community.loyalty.rules.verdicts import Terms

SAYS = (
    "growth", "points", "active", "cap_per_day", "cap_per_week", "cap_per_person", "cap_per_pair", "cooldown", "evidence",
    "evidence_caps", "people", "people_days", "people_within", "first_day", "last_day", "only", "segment_id",
    "points_last_days", "available_after_days", "allow_negative",
)  # fmt: skip
"""What a version says, as columns of `RuleVersion` and attributes of `Terms` alike."""


def terms_of_version(version: RuleVersion, code: str = "") -> Terms:
    """What the version says; `code` of its rule, if it is known already."""
    return Terms(
        **said(version),
        starts_at=version.starts_at,
        number=version.number,
        version_id=version.id,
        rule_id=version.rule_id,
        code=code or version.rule.code,
    )


def said(source: RuleVersion | Terms) -> dict[str, Any]:
    return {name: getattr(source, name) for name in SAYS}
