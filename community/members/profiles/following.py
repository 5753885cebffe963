"""What follows from facts: members are told what was entered or decided about them, and new settings are caught up with."""

from __future__ import annotations

from collections.abc import Sequence

from commons import jobs
from commons.events import Event
from community.notices import telling

TOLD = {
    "member.profile_entered": "profile.entered",
    "member.guardian_agreed": "profile.guardian_agreed",
    "member.guardian_refused": "profile.guardian_refused",
    "member.guardian_withdrawn": "profile.guardian_withdrawn",
    "member.guardian_lifted": "profile.guardian_lifted",
}


def read(facts: Sequence[Event]) -> None:
    """A reader of `commons.events`."""
    for fact in facts:
        if fact.kind in TOLD and fact.member_id is not None:
            _tell(fact.member_id, fact)
        elif fact.kind == "brand.changed":
            jobs.send("profiles.catch_up", key=f"profiles.catch_up:{fact.id}")


def _tell(member_id: int, fact: Event) -> None:
    details = {"fields": fact.payload.get("fields", "")}
    telling.tell(
        member_id, TOLD[fact.kind], key=f"profile:{fact.id}", at=fact.occurred_at, url="/me/profile", details=details
    )
