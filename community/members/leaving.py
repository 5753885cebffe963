"""What the room knows about a person, for the export of one's data, and what goes when the person is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from commons.accounts.models import User
from commons.db import db
from commons.events import Event
from community.members.facts import say
from community.members.models import ERASED, Handle
from community.members.roster import member_of


def export(user: User) -> dict[str, Any]:
    """Profile, handles and all facts of the person."""
    member = member_of(user)
    if member is None:
        return {}
    facts = select(Event).where(Event.member_id == member.id).order_by(Event.occurred_at, Event.id)
    return {
        "member": {
            "id": member.public_id,
            "name": member.name,
            "joined_at": member.joined_at.isoformat(),
            "card_public": member.card_public,
            "handles": [_handle(handle) for handle in member.handles],
            "facts": [_fact(fact) for fact in db.session.scalars(facts)],
        }
    }


def erase(user: User, at: datetime) -> None:
    """Names go, and the tie to the account with them; the stub keeps ledgers and counts in balance."""
    for handle in db.session.scalars(select(Handle).where(Handle.user_id == user.id)):
        handle.name = ERASED
    member = member_of(user)
    if member is None:
        return
    for handle in member.handles:
        handle.name = ERASED
    member.name = ERASED
    member.card_public = False
    member.user = None
    member.erased_at = at
    db.session.flush()


def _handle(handle: Handle) -> dict[str, str]:
    return {"channel": handle.channel, "name": handle.name, "first_seen_at": handle.first_seen_at.isoformat()}


def _fact(fact: Event) -> dict[str, Any]:
    return {
        "at": fact.occurred_at.isoformat(),
        "kind": fact.kind,
        "words": say(fact),
        "evidence": fact.evidence.value,
        "payload": fact.payload,
    }
