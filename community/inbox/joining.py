"""Which facts belong to whoever a handle is, and what else becomes known when it turns out who that is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, or_, select

from commons.db import db
from commons.events import Event
from community.inbox import answering
from community.inbox.models import Interaction, InteractionKind
from community.members.models import Handle

OWN = [*(f"interaction.{kind.value}" for kind in InteractionKind), "interaction.withdrawn"]
ABOUT_WHO_IS_ANSWERED = [answering.ANSWERED, answering.WITHDRAWN]


def facts_of(handle_ids: Sequence[int]) -> Select[int]:
    """What was said and done under these handles, and that others answered it."""
    said = select(Interaction.id).where(Interaction.author_id.in_(handle_ids))
    answers = select(Interaction.id).where(Interaction.parent_id.in_(said))
    return select(Event.id).where(
        Event.subject_type == Interaction.__tablename__,
        or_(
            Event.subject_id.in_(said) & Event.kind.in_(OWN),
            Event.subject_id.in_(answers) & Event.kind.in_(ABOUT_WHO_IS_ANSWERED),
        ),
    )


def tell_of_answers(handle: Handle, _at: datetime) -> None:
    """Members have answered what was said under the handle: now that it is known whose it is, that is a fact of his."""
    said = select(Interaction.id).where(Interaction.author_id == handle.id)
    answers = select(Interaction.id).where(Interaction.parent_id.in_(said), Interaction.withdrawn_at.is_(None))
    query = select(Event).where(
        Event.kind == answering.COMMENT,
        Event.subject_type == Interaction.__tablename__,
        Event.subject_id.in_(answers),
        Event.member_id.is_not(None),
    )
    answering.read(db.session.scalars(query.order_by(Event.occurred_at, Event.id)).all())
