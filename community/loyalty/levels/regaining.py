"""Levels that were lost by something that turned out to be wrong: they come back with what had been taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from commons.db import db
from community.loyalty import accounts
from community.loyalty.levels import climbing, counting, keeping, ladder, ladders, locks, saving
from community.loyalty.levels.climbing import Climb
from community.loyalty.levels.ladder import Ladder
from community.loyalty.models import Cause, Level, LevelChange


def regain(member_id: int, since: datetime, at: datetime) -> None:
    """What was taken from `since` on is there again: so are the levels lost meanwhile, as far as they would have been held.

    To be held takes nine tenths, so what holds a level does not always reach it anew. Nobody is left with a notice that
    has nothing behind it any more. A level set by hand stays as it is.
    """
    accounts.lock([member_id])
    if locks.lock_of(member_id, at) is None:
        _lift(member_id, _lost(member_id, since), at)
    keeping.look_at([member_id], at)


def _lost(member_id: int, since: datetime) -> Sequence[Level]:
    """The levels from which the member fell, the highest first."""
    fell = select(LevelChange).where(LevelChange.member_id == member_id, LevelChange.cause == Cause.PERIOD)
    found = db.session.scalars(fell.where(LevelChange.changed_at >= since).options(joinedload(LevelChange.from_level)))
    levels = {step.from_level for step in found if step.from_level is not None}
    return sorted(levels, key=lambda level: -level.rank)


def _lift(member_id: int, lost: Sequence[Level], at: datetime) -> None:
    climb = Climb.now()
    here = climbing.current_levels([member_id]).get(member_id, climb.lowest)
    for level in lost:
        version_id = saving.granted_under(member_id, level.rank)
        own = ladders.some([version_id]).values() if version_id is not None else ()
        if level.rank > here.rank and any(_holds(member_id, level, one, at) for one in (climb.ladder, *own)):
            climbing.step(member_id, here, level, at, cause=Cause.APPEAL, version_id=version_id)
            return


def _holds(member_id: int, level: Level, by: Ladder, at: datetime) -> bool:
    rung = by.rung(level.rank)
    return rung is not None and ladder.holds(rung, counting.counted([member_id], by.since(at), at)[member_id])
