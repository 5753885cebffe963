"""Which kinds of facts undo another one, and where they name it."""

from __future__ import annotations

from sqlalchemy import select

from commons.db import db
from commons.events import Event

UNDOES = {
    "circle.post_removed": "said_event_id",
    "circle.withdrawn": "said_event_id",
    "group_buy.left": "joined_event_id",
    "interaction.unanswered": "answered_event_id",
    "interaction.withdrawn": "said_event_id",
    "mission.reopened": "fulfilled_event_id",
    "review.refused": "published_event_id",
    "review.removed": "published_event_id",
    "review.withdrawn": "published_event_id",
}


def is_undone(fact: Event) -> bool:
    """Whether another fact of the member names this one as undone."""
    query = select(Event.kind, Event.payload).where(Event.member_id == fact.member_id, Event.kind.in_(UNDOES))
    return any(payload.get(UNDOES[kind]) == fact.id for kind, payload in db.session.execute(query))
