"""A draw closes, freezes, draws and passes prizes on by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from campaigns.draws import awarding, drawing, freezing, sending
from campaigns.draws.models import Draw
from commons import clock, jobs
from commons.db import db

OVERDUE = timedelta(minutes=5)
"""What stands still for so long has lost its own row of work, and gets another."""


class TooEarly(RuntimeError):
    """A worker whose clock is behind was asked before the time; the next try is later."""


@jobs.job("draws.freeze")
def freeze(draw_id: int) -> None:
    """At the close."""
    at = clock.now()
    draw = db.session.get_one(Draw, draw_id)
    if at < draw.closes_at:
        raise TooEarly(f"draw {draw.public_id} closes at {draw.closes_at}, and here it is {at}")
    freezing.freeze(draw_id, at)


@jobs.job("draws.draw", queue="looking")
def draw(draw_id: int) -> None:
    """When the random value comes out. A list that was not frozen in time is noted as missed."""
    at = clock.now()
    found = db.session.get_one(Draw, draw_id)
    if at < found.reveals_at:
        raise TooEarly(f"draw {found.public_id} takes place at {found.reveals_at}, and here it is {at}")
    freezing.freeze(draw_id, at)
    drawing.draw_now(draw_id, at)


@jobs.job("draws.tend")
def tend() -> None:
    """Every few minutes: what lost its row of work, whose time is over, whose time is nearly over."""
    at = clock.now()
    resume(at)
    awarding.pass_on_overdue(at)
    sending.remind(at)
    sending.forget_old(at)


def resume(at: datetime) -> None:
    """Send the step anew on which a draw has been standing for too long. A step that is done changes nothing."""
    waits = (Draw.launched_at.is_not(None), Draw.missed_at.is_(None), Draw.drawn_at.is_(None))
    standing = select(Draw.id, Draw.frozen_at).where(*waits, Draw.closes_at <= at - OVERDUE)
    for draw_id, _frozen in db.session.execute(standing.where(Draw.frozen_at.is_(None))).all():
        jobs.send("draws.freeze", draw_id=draw_id)
    late = standing.where(Draw.reveals_at <= at - OVERDUE)
    for draw_id, _frozen in db.session.execute(late).all():
        jobs.send("draws.draw", draw_id=draw_id)


jobs.every("draws.tend", seconds=600)
