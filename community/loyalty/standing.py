"""Where members stand: level, distance to the next, and the steps that led there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from commons.db import db
from community.loyalty import accounts, ladder
from community.loyalty.climbing import current_levels, levels
from community.loyalty.models import Currency, LedgerEntry, Level, LevelChange
from community.loyalty.ranking import places
from community.members.models import Member


@dataclass(frozen=True)
class Standing:
    """`share` is the way from this level to the next, 0..1; `missing` the growth still to go, 0 at the top."""

    level: Level
    next_level: Level | None
    growth: int
    share: float
    missing: int


def standing(member: Member) -> Standing:
    """Where one member stands."""
    return standings([member.id])[member.id]


def standings(member_ids: Sequence[int]) -> dict[int, Standing]:
    """Where several members stand, by member id, in three queries."""
    ordered = levels()
    current = current_levels(member_ids)
    held = accounts.balances(member_ids)
    return {
        member_id: _standing(ordered, current.get(member_id, ordered[0]), held[member_id, Currency.GROWTH])
        for member_id in member_ids
    }


def history(member: Member) -> Sequence[LevelChange]:
    """The member's steps, newest first, with the entry and the fact that carried each."""
    query = select(LevelChange).where(LevelChange.member_id == member.id).order_by(LevelChange.id.desc())
    loaded = joinedload(LevelChange.level), joinedload(LevelChange.from_level)
    reason = joinedload(LevelChange.entry).joinedload(LedgerEntry.event)
    return db.session.scalars(query.options(*loaded, reason)).all()


def rank(member: Member) -> int:
    """The member's exact place by growth among all: 1 is the first, equals share a place."""
    return places.place_of(member.id)


def _standing(ordered: Sequence[Level], level: Level, growth: int) -> Standing:
    following = next((other for other in ordered if other.rank > level.rank), None)
    threshold = following.threshold if following else None
    missing = max(0, threshold - growth) if threshold is not None else 0
    return Standing(level, following, growth, ladder.share(level.threshold, threshold, growth), missing)
