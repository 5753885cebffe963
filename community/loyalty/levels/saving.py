"""What would save a level that is not held any more, and under which ladder it was given."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from commons.db import db
from community.loyalty.levels import counting, ladder
from community.loyalty.levels.ladder import Counted, Ladder
from community.loyalty.models import Level, LevelChange


def missing(member_id: int, rank: int, known: Iterable[Ladder], at: datetime, by: datetime) -> Counted:
    """The least that has to come in from `at` on for the level to be held at the moment `by`.

    What counts `at` present but will be too old `by` then saves nothing. Of several ladders the one that asks for less counts.
    """
    asked = []
    for one in known:
        rung = one.rung(rank)
        if rung is not None:
            still = counting.counted([member_id], one.since(by), at)[member_id]
            asked.append(ladder.lacking_to_hold(rung, still))
    return min(asked, key=lambda lacking: (lacking.growth, lacking.breadth), default=Counted())


def granted_under(member_id: int, rank: int) -> int | None:
    """The version of the ladder under which the member came to this level, or over it, the last time."""
    there, before = aliased(Level), aliased(Level)
    query = select(LevelChange.version_id).join(there, there.id == LevelChange.level_id)
    query = query.outerjoin(before, before.id == LevelChange.from_level_id).where(LevelChange.member_id == member_id)
    upward = query.where(there.rank >= rank, func.coalesce(before.rank, 0) < rank)
    return db.session.scalar(upward.order_by(LevelChange.id.desc()).limit(1))
