"""The draw itself: the random value that was fixed beforehand, the order that follows from it, the first prizes offered."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import update

from campaigns.draws import awarding, fetching, ranking
from campaigns.draws.beacon import QUICKNET, Forged
from campaigns.draws.models import Draw, DrawState, Source
from campaigns.draws.telling import tell_team
from commons.db import changed, db
from commons.errors import Conflict, Invalid


class NotYet(Conflict):
    """The list is not frozen, or the random value is not out."""


def draw_now(draw_id: int, at: datetime) -> bool:
    """Draw what is due, asking the beacon for its round; True if it was drawn now. Twice is once.

    Lets go of the database while it asks, for a network may take its time. Raises `fetching.NoRound` when no mirror gives
    the round: the same one is then asked for again.
    """
    draw = db.session.get_one(Draw, draw_id, populate_existing=True)
    if draw.state is not DrawState.FROZEN or at < draw.reveals_at:
        return False
    if draw.source is Source.COMMITTED:
        return _settle(draw, (draw.secret or {})["value"], None, at)
    assert draw.round is not None
    number = draw.round
    db.session.commit()
    signature = fetching.signature_of(QUICKNET, number)
    return draw_by(draw, signature, at)


def draw_by(draw: Draw, signature: str, at: datetime) -> bool:
    """Draw with the round's signature, whoever brought it; True if it was drawn now.

    Raises `Invalid` unless it is the beacon's for the round that was fixed at the launch, `NotYet` before its moment.
    """
    db.session.refresh(draw)
    if draw.drawn_at is not None:
        return False
    if draw.state is not DrawState.FROZEN or draw.round is None or at < draw.reveals_at:
        raise NotYet(_("It is not time to draw yet."))
    try:
        value = QUICKNET.randomness(draw.round, signature)
    except Forged as error:
        raise Invalid(
            _("This is not the beacon's signature of round %(number)s.", number=str(draw.round)),
            _("Copy the signature of exactly this round: 96 characters."),
        ) from error
    return _settle(draw, value, signature, at)


def committed(draw: Draw) -> str:
    """The hash of everything that stood before the random value was known. For a list that is frozen."""
    return ranking.commitment(draw.rules_hash or "", draw.root or "", draw.entrants, draw.exclusions_hash or "")


def _settle(draw: Draw, value: str, signature: str | None, at: datetime) -> bool:
    """Write the outcome down, once, and offer the prizes to the first of the order."""
    values = {
        "drawn_at": at,
        "signature": signature,
        "randomness": value,
        "seed": ranking.seed(value, committed(draw)),
    }
    undrawn = (Draw.id == draw.id, Draw.frozen_at.is_not(None), Draw.drawn_at.is_(None))
    if changed(update(Draw).where(*undrawn).values(**values)) == 0:
        return False
    db.session.refresh(draw)
    tell_team("draw.drawn", draw, at, seed=draw.seed)
    awarding.offer(draw, awarding.places(draw), at)
    return True
