"""That a member was answered is a fact about that member, with who answered: a conversation has two sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import aliased

from commons import events
from commons.db import db
from commons.events import Event
from community.inbox.models import Interaction
from community.members.models import Handle

COMMENT, ANSWERED, WITHDRAWN = "interaction.comment", "interaction.answered", "interaction.unanswered"


def read(facts: Sequence[Event]) -> None:
    """Write for each new comment of a member whom it answers, and take that back when it is withdrawn. Twice is once."""
    said = {fact.subject_id: fact for fact in facts if fact.kind == COMMENT and fact.member_id is not None}
    for interaction, asked_id in _answers([one for one in said if one is not None]):
        fact = said[interaction.id]
        if asked_id != fact.member_id:
            events.track(
                ANSWERED,
                key=f"{ANSWERED}:{fact.id}",
                at=fact.occurred_at,
                member_id=asked_id,
                subject=interaction,
                campaign_id=fact.campaign_id,
                evidence=fact.evidence,
                payload={"by_member_id": fact.member_id, "post_id": interaction.post_id},
            )
    for fact in facts:
        if fact.kind == "interaction.withdrawn":
            _take_back(fact)


def fact_words() -> Mapping[str, Any]:
    return {ANSWERED: _l("Was answered by another fan"), WITHDRAWN: _l("An answer by another fan was withdrawn")}


def kind_words() -> Mapping[str, Any]:
    return {ANSWERED: _l("Answer by another fan"), WITHDRAWN: _l("Answer withdrawn")}


def _answers(ids: Sequence[int]) -> Sequence[tuple[Interaction, int]]:
    """Those of the comments that answer a comment of a member, with that member."""
    if not ids:
        return []
    parent = aliased(Interaction)
    query = (
        select(Interaction, Handle.member_id)
        .join(parent, parent.id == Interaction.parent_id)
        .join(Handle, Handle.id == parent.author_id)
        .where(Interaction.id.in_(ids), Handle.member_id.is_not(None))
        .order_by(Interaction.id)
    )
    return [(answer, member_id) for answer, member_id in db.session.execute(query) if member_id is not None]


def _take_back(withdrawn: Event) -> None:
    key = f"{ANSWERED}:{withdrawn.payload.get('said_event_id')}"
    answered = db.session.scalars(select(Event).where(Event.key == key)).one_or_none()
    if answered is not None:
        events.track(
            WITHDRAWN,
            key=f"{WITHDRAWN}:{answered.id}",
            at=withdrawn.occurred_at,
            member_id=answered.member_id,
            campaign_id=answered.campaign_id,
            evidence=answered.evidence,
            payload={"answered_event_id": answered.id},
        )
