"""What the people are told whose earnings are held, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from community.loyalty.watching.models import Suspicion, SuspicionAppeal
from community.notices.telling import tell

NOTICES = {
    "loyalty.held": _l(
        "Some of what you earned lately is held until a person has looked at it. Nothing is lost, and you need not do anything."
    ),
    "loyalty.passed": _l("A person has looked at what was held: all is well, and it is yours. %(reason)s"),
    "loyalty.refused": _l(
        "A person has looked at what was held, and it does not count. The reason: %(reason)s You can appeal for 30 days."
    ),
    "loyalty.appeal_upheld": _l("Your appeal was upheld: what had been refused is yours. %(answer)s"),
    "loyalty.appeal_declined": _l("Somebody else has looked at your appeal, and the refusal stands. %(answer)s"),
}


def sentences() -> Mapping[str, Any]:
    return NOTICES


def held(suspicion: Suspicion, member_id: int, at: datetime) -> None:
    tell(member_id, "loyalty.held", key=f"loyalty.held:{suspicion.id}:{member_id}", at=at, url=page_of(suspicion))


def passed(suspicion: Suspicion, at: datetime) -> None:
    _tell_all(suspicion, "loyalty.passed", at)


def refused(suspicion: Suspicion, at: datetime) -> None:
    _tell_all(suspicion, "loyalty.refused", at)


def answered(made: SuspicionAppeal, at: datetime) -> None:
    kind = "loyalty.appeal_upheld" if made.upheld else "loyalty.appeal_declined"
    details = {"answer": made.answer}
    tell(made.member_id, kind, key=f"{kind}:{made.id}", at=at, url=page_of(made.suspicion), details=details)


def page_of(suspicion: Suspicion) -> str:
    """The path of the fan's page about it."""
    return f"/me/held/{suspicion.public_id}"


def _tell_all(suspicion: Suspicion, kind: str, at: datetime) -> None:
    for suspect in suspicion.people:
        key, details = f"{kind}:{suspicion.id}:{suspect.member_id}", {"reason": suspicion.reason}
        tell(suspect.member_id, kind, key=key, at=at, url=page_of(suspicion), details=details)
