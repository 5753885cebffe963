"""Segments in words: rules as nested sentences, staff acts, and the panel of a member's profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from commons.panels import Panel
from commons.permissions import Permission
from community.members.models import Member
from community.members.segments import slots
from community.members.segments.leaving import of_member
from community.members.segments.models import Reason
from community.members.segments.tree import Group, Join, Leaf

JOINS = {
    Join.ALL: _l("All of these hold"),
    Join.ANY: _l("At least one of these holds"),
    Join.NONE: _l("None of these holds"),
}
REASONS = {
    Reason.RULES: _l("Worked out from the rules"),
    Reason.AGAIN: _l("A second look, for what was being written meanwhile"),
    Reason.DAY: _l("A new day"),
    Reason.PROOF: _l("Proof"),
}


@dataclass(frozen=True)
class Sentence:
    """A condition, or the heading of a group with its parts."""

    words: str
    parts: Sequence[Sentence] = ()
    is_negated: bool = False


def said(part: Group | Leaf) -> Sentence:
    """The rules as a person reads them."""
    if isinstance(part, Group):
        return Sentence(str(JOINS[part.join]), [said(inner) for inner in part.parts], part.join is Join.NONE)
    kind = slots.kinds().get(part.kind)
    return Sentence(kind.words(part.values) if kind is not None else _("A condition that is known no more"))


def acts() -> Mapping[str, Any]:
    """What the team did, for the audit log."""
    return {
        "segment.made": _l("Made the segment “%(name)s”"),
        "segment.changed": _l("Changed the segment “%(name)s”"),
        "segment.removed": _l("Removed the segment “%(name)s”"),
    }


def panel(member: Member, at: datetime) -> Panel | None:
    """The segments that the member is in, for the profile."""
    if not current_user.can(Permission.MEMBER_READ):
        return None
    return Panel("community/members/segments/_profile.html", {"segments": of_member(member)}, order=30)
