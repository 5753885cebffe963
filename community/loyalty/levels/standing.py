"""Where members stand: level, distance to the next, and the steps that led there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from commons.db import db
from community.loyalty import accounts
from community.loyalty.levels import counting, ladder, ladders
from community.loyalty.levels.climbing import current_levels, levels
from community.loyalty.levels.ladder import Counted
from community.loyalty.levels.outlook import Outlook
from community.loyalty.models import Currency, LedgerEntry, Level, LevelChange
from community.loyalty.ranking import places
from community.members.models import Member


@dataclass(frozen=True)
class Standing:
    """`growth` is all that the member ever grew, `counted` what of it counts for the level, and of how many kinds it is.

    `share` is the way from this level to the next, 0..1; `missing` the growth still to go, 0 at the top, and
    `missing_kinds` the kinds of facts.
    """

    level: Level
    next_level: Level | None
    growth: int
    share: float
    missing: int
    counted: Counted
    missing_kinds: int = 0


def standing_of(outlook: Outlook, growth: int) -> Standing:
    """Where a member stands whose outlook and growth are known: no query."""
    return _standing(outlook.level, outlook.next_level, growth, outlook.counted)


def standing(member: Member, at: datetime | None = None) -> Standing:
    """Where one member stands."""
    return standings([member.id], at)[member.id]


def standings(member_ids: Sequence[int], at: datetime | None = None) -> dict[int, Standing]:
    """Where several members stand, by member id, in a fixed number of queries.

    What counts is counted over the period up to `at`; without a moment growth of any age counts, which is enough for
    whoever only asks for the level, and wrong for whoever draws the ring.
    """
    ordered, version = levels(), ladders.newest()
    since = ladders.in_force(ordered, version).since(at) if at is not None else None
    current = current_levels(member_ids)
    held = accounts.balances(member_ids)
    counts = counting.counted(member_ids, since, at)
    found = {}
    for member_id in member_ids:
        level = current.get(member_id, ordered[0])
        following = next((other for other in ordered if other.rank > level.rank), None)
        found[member_id] = _standing(level, following, held[member_id, Currency.GROWTH], counts[member_id])
    return found


def history(member: Member) -> Sequence[LevelChange]:
    """The member's steps, newest first, with the entry and the fact that carried each."""
    query = select(LevelChange).where(LevelChange.member_id == member.id).order_by(LevelChange.id.desc())
    loaded = joinedload(LevelChange.level), joinedload(LevelChange.from_level)
    reason = joinedload(LevelChange.entry).joinedload(LedgerEntry.event)
    return db.session.scalars(query.options(*loaded, reason)).all()


def rank(member: Member) -> int:
    """The member's exact place by growth among all: 1 is the first, equals share a place."""
    return places.place_of(member.id)


def _standing(level: Level, following: Level | None, growth: int, counted: Counted) -> Standing:
    if following is None:
        return Standing(level, None, growth, 1.0, 0, counted)
    return Standing(
        level=level,
        next_level=following,
        growth=growth,
        share=ladder.share(level.threshold, following.threshold, counted.growth),
        missing=max(0, following.threshold - counted.growth),
        counted=counted,
        missing_kinds=max(0, following.breadth - counted.breadth),
    )
