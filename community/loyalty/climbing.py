"""Levels as members climb them: each step is a row with the entry that carried it, and a fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from commons import events
from commons.db import db
from community.loyalty import ladder
from community.loyalty.ladder import Rung
from community.loyalty.models import Currency, LedgerAccount, Level, LevelChange

LIFTED_AT_ONCE = 1000


@dataclass(frozen=True)
class Move:
    """Growth of one member before and after one entry, which happened `at`."""

    member_id: int
    entry_id: int
    at: datetime
    before: int
    after: int


def levels() -> Sequence[Level]:
    """All levels, the lowest first."""
    return db.session.scalars(select(Level).order_by(Level.rank)).all()


def follow(moves: Sequence[Move]) -> None:
    """Write the steps that follow from `moves` (flushed, in order of happening)."""
    ranks = {level.rank: level for level in levels()}
    rungs = rungs_of(ranks.values())
    crossing = [move for move in moves if ladder.crosses(rungs, move.before, move.after)]
    if not crossing:
        return
    standing = current_levels([move.member_id for move in crossing])
    for move in crossing:
        level = standing.get(move.member_id, ranks[rungs[0].rank])
        reached = ranks[ladder.rank_after(rungs, level.rank, move.before, move.after)]
        if reached is not level:
            standing[move.member_id] = reached
            _step(move.member_id, level, reached, move.at, move.entry_id)


def current_levels(member_ids: Sequence[int]) -> dict[int, Level]:
    """The level of each member who ever changed it; whoever is missing stands on the lowest."""
    newest = (
        select(func.max(LevelChange.id)).where(LevelChange.member_id.in_(member_ids)).group_by(LevelChange.member_id)
    )
    query = select(LevelChange.member_id, Level).join(LevelChange.level).where(LevelChange.id.in_(newest))
    return dict(db.session.execute(query).all())


def lift(at: datetime) -> int:
    """After thresholds were lowered: raise up to `LIFTED_AT_ONCE` members who now reach a higher level; how many."""
    ranks = {level.rank: level for level in levels()}
    rungs = rungs_of(ranks.values())
    lowest = ranks[rungs[0].rank]
    found = _due_to_rise(rungs)
    standing = current_levels([member_id for member_id, _growth in found])
    for member_id, growth in found:
        _step(member_id, standing.get(member_id, lowest), ranks[ladder.fitting(rungs, growth)], at, None)
    return len(found)


def rungs_of(levels: Iterable[Level]) -> list[Rung]:
    return sorted((Rung(level.rank, level.threshold) for level in levels), key=lambda rung: rung.rank)


def _step(member_id: int, old: Level, new: Level, at: datetime, entry_id: int | None) -> None:
    change = LevelChange(member_id=member_id, level=new, from_level=old, entry_id=entry_id, changed_at=at)
    db.session.add(change)
    db.session.flush()
    kind = "level.reached" if new.rank > old.rank else "level.lowered"
    payload = {"level": {"zh": new.name.zh, "en": new.name.en}, "rank": new.rank}
    events.track(kind, key=f"{kind}:{change.id}", at=at, member_id=member_id, subject=new, payload=payload)


def _due_to_rise(rungs: Sequence[Rung]) -> list[tuple[int, int]]:
    newest = (
        select(Level.rank)
        .join(LevelChange, LevelChange.level_id == Level.id)
        .where(LevelChange.member_id == LedgerAccount.member_id)
        .order_by(LevelChange.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rank = func.coalesce(newest, rungs[0].rank)
    query = select(LedgerAccount.member_id, LedgerAccount.balance).where(LedgerAccount.currency == Currency.GROWTH)
    found: list[tuple[int, int]] = []
    for rung in reversed(rungs[1:]):
        rows = db.session.execute(
            query.where(LedgerAccount.balance >= rung.threshold, rank < rung.rank).limit(LIFTED_AT_ONCE)
        )
        found = [*found, *((member_id, growth) for member_id, growth in rows if member_id not in dict(found))]
    return found[:LIFTED_AT_ONCE]
