"""What was said in a fact of the inbox, for whoever has to judge it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from commons.db import db
from commons.events import Event
from community.inbox.answering import ANSWERED
from community.inbox.models import Interaction, InteractionKind
from community.loyalty.watching.slots import Said
from community.reviews.checks import fingerprint, letters


def said(event_ids: Collection[int]) -> Mapping[int, Said]:
    """Of those of the facts in which the member said something openly that still stands."""
    query = (
        select(Event.id, Interaction.text, Interaction.post_id)
        .join(Interaction, Interaction.id == Event.subject_id)
        .where(Event.id.in_(event_ids), Event.subject_type == Interaction.__tablename__)
        .where(Event.kind != ANSWERED)  # there somebody else speaks
        .where(Interaction.kind != InteractionKind.DIRECT_MESSAGE, Interaction.text != "")
    )
    return {
        event_id: Said(text, fingerprint(text), letters(text), post_id)
        for event_id, text, post_id in db.session.execute(query)
    }
