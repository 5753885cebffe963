"""What the people are told whose earnings are held, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from community.loyalty.watching.models import Suspicion
from community.notices.telling import tell

WHERE = "/circle/me"

NOTICES = {
    "loyalty.held": _l(
        "Some of what you earned lately is held until a person has looked at it. Nothing is lost, and you need not do anything."
    ),
    "loyalty.passed": _l("A person has looked at what was held: all is well, and it is yours. %(reason)s"),
    "loyalty.refused": _l("A person has looked at what was held, and it does not count. The reason: %(reason)s"),
}


def sentences() -> Mapping[str, Any]:
    return NOTICES


def held(suspicion: Suspicion, member_id: int, at: datetime) -> None:
    tell(member_id, "loyalty.held", key=f"loyalty.held:{suspicion.id}:{member_id}", at=at, url=WHERE)


def passed(suspicion: Suspicion, at: datetime) -> None:
    _tell_all(suspicion, "loyalty.passed", at)


def refused(suspicion: Suspicion, at: datetime) -> None:
    _tell_all(suspicion, "loyalty.refused", at)


def _tell_all(suspicion: Suspicion, kind: str, at: datetime) -> None:
    for suspect in suspicion.people:
        key, details = f"{kind}:{suspicion.id}:{suspect.member_id}", {"reason": suspicion.reason}
        tell(suspect.member_id, kind, key=key, at=at, url=WHERE, details=details)
