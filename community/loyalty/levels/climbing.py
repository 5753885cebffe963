"""Levels as members climb them: each step is a row with the entry that carried it, and a fact. Nobody falls here, see `keeping`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from commons import events
from commons.db import db
from community.loyalty.levels import counting, ladder, ladders, locks
from community.loyalty.levels.ladder import Counted, Ladder
from community.loyalty.levels.ladders import levels, rungs_of
from community.loyalty.levels.models import LadderVersion, LevelGrace
from community.loyalty.models import Cause, Level, LevelChange
from community.notices.telling import tell

__all__ = ["Move", "current_levels", "follow", "levels", "positions", "rungs_of", "step"]

TOGETHER = timedelta(days=1)
"""Moves that lie no further apart are counted together, with what happened up to so long after the last of them: facts of one
day do not always come in in their order."""
PAGE = "/circle/me#level"


@dataclass(frozen=True)
class Move:
    """Growth of one member before and after one entry, which happened `at` and came in when it was `known_at`."""

    member_id: int
    entry_id: int
    at: datetime
    known_at: datetime
    before: int
    after: int


@dataclass(frozen=True)
class Climb:
    """All that is needed to let members climb: the levels by rank, the ladder in force and its version."""

    levels: Mapping[int, Level]
    ladder: Ladder
    version: LadderVersion | None

    @classmethod
    def now(cls) -> Climb:
        known = {level.rank: level for level in levels()}
        version = ladders.newest()
        return cls(known, ladders.in_force(known.values(), version), version)

    @property
    def lowest(self) -> Level:
        return self.levels[self.ladder.lowest.rank]


def follow(moves: Sequence[Move]) -> None:
    """Write the steps upward that follow from `moves` (flushed, in order of happening)."""
    second = db.session.scalar(select(func.min(Level.threshold)).where(Level.threshold > 0))
    rising = [move for move in moves if move.after > move.before and second is not None and move.after >= second]
    if not rising:
        return
    climb = Climb.now()
    standing = current_levels({move.member_id for move in rising})
    able = [move for move in rising if _may_rise(climb, standing, move)]
    locked = locks.locked({move.member_id for move in able}, max((move.at for move in able), default=None))
    able = [move for move in able if move.member_id not in locked]
    for group in _together(able):
        _climb(climb, standing, group)
    _catch_up(climb, standing, able)


def positions(member_ids: Sequence[int]) -> dict[int, LevelChange]:
    """The newest step of each member who ever changed level; whoever is missing stands on the lowest."""
    newest = (
        select(func.max(LevelChange.id)).where(LevelChange.member_id.in_(member_ids)).group_by(LevelChange.member_id)
    )
    query = select(LevelChange).where(LevelChange.id.in_(newest)).options(joinedload(LevelChange.level))
    return {change.member_id: change for change in db.session.scalars(query)}


def current_levels(member_ids: Sequence[int] | set[int]) -> dict[int, Level]:
    """The level of each member who ever changed it; whoever is missing stands on the lowest."""
    return {member_id: change.level for member_id, change in positions(list(member_ids)).items()}


def rank_of(member_id: int) -> int:
    """The rank of the member's level, in one query."""
    newest = select(Level.rank).join(LevelChange, LevelChange.level_id == Level.id)
    newest = newest.where(LevelChange.member_id == member_id).order_by(LevelChange.id.desc()).limit(1)
    lowest = select(func.min(Level.rank))
    return db.session.scalar(select(func.coalesce(newest.scalar_subquery(), lowest.scalar_subquery()))) or 0


def step(
    member_id: int, old: Level, new: Level, at: datetime, *, cause: Cause, version_id: int | None,
    entry_id: int | None = None, note: str = "", actor_id: int | None = None,
) -> LevelChange:  # fmt: skip
    """One member's step to another level (flushed): the row, the fact, and the word to the member."""
    change = LevelChange(
        member_id=member_id, level=new, from_level=old, entry_id=entry_id, version_id=version_id, cause=cause, note=note,
        changed_at=at,
    )  # fmt: skip
    db.session.add(change)
    db.session.flush()
    kind = "level.reached" if new.rank > old.rank else "level.lowered"
    if new.rank > old.rank:
        close_grace(member_id, at)
    payload = {"level": words_of(new), "rank": new.rank}
    events.track(
        kind, key=f"{kind}:{change.id}", at=at, member_id=member_id, actor_id=actor_id, subject=new, payload=payload
    )
    if cause is not Cause.LOCK:  # who locks says so, and why
        tell(member_id, kind, key=f"level.step:{change.id}", at=at, url=PAGE, details={"level": words_of(new)})
    return change


def open_grace(member_id: int) -> LevelGrace | None:
    """The notice under which the member may lose the level, if there is one."""
    query = select(LevelGrace).where(LevelGrace.member_id == member_id, LevelGrace.closed_at.is_(None))
    return db.session.scalars(query).one_or_none()


def close_grace(member_id: int, at: datetime) -> None:
    """End the time of grace of a member whose level is no longer in danger."""
    grace = open_grace(member_id)
    if grace is not None:
        grace.closed_at = at
        db.session.flush()


def words_of(level: Level) -> dict[str, str]:
    """The level's name in both languages, as a fact or a notice keeps it."""
    return {"zh": level.name.zh, "en": level.name.en}


def _may_rise(climb: Climb, standing: Mapping[int, Level], move: Move) -> bool:
    """Nobody has more within the period than in all."""
    here = standing.get(move.member_id, climb.lowest)
    return ladder.fitting(climb.ladder.rungs, move.after) > here.rank


def _together(moves: Sequence[Move]) -> Iterator[list[Move]]:
    """Moves that lie close together, so that what counts of all of them is counted at once."""
    group: list[Move] = []
    for move in sorted(moves, key=lambda move: move.at):
        if group and move.at - group[0].at > TOGETHER:
            yield group
            group = []
        group.append(move)
    if group:
        yield group


def _climb(climb: Climb, standing: dict[int, Level], moves: Sequence[Move]) -> None:
    last = moves[-1].at
    counts = counting.counted({move.member_id for move in moves}, climb.ladder.since(last), last + TOGETHER)
    still_to_come: dict[int, int] = {}
    for move in moves:
        still_to_come[move.member_id] = still_to_come.get(move.member_id, 0) + move.after - move.before
    for move in moves:
        still_to_come[move.member_id] -= move.after - move.before
        counts_then = counts[move.member_id]
        then = Counted(counts_then.growth - still_to_come[move.member_id], counts_then.breadth)
        _rise(climb, standing, move, then, move.at)


def _catch_up(climb: Climb, standing: dict[int, Level], moves: Sequence[Move]) -> None:
    """What comes in long after it happened counts beside what happened since: where that is enough, one rises now."""
    late = {
        move.member_id: move
        for move in moves
        if move.known_at - move.at > TOGETHER and _may_rise(climb, standing, move)
    }
    if not late:
        return
    now = max(move.known_at for move in late.values())
    counts = counting.counted(late.keys(), climb.ladder.since(now), now)
    for member_id, move in late.items():
        _rise(climb, standing, move, counts[member_id], now)


def _rise(climb: Climb, standing: dict[int, Level], move: Move, counted: Counted, at: datetime) -> None:
    here = standing.get(move.member_id, climb.lowest)
    there = climb.levels[ladder.reached(climb.ladder.rungs, counted)]
    if there.rank > here.rank:
        standing[move.member_id] = there
        version_id = climb.version.id if climb.version is not None else None
        step(move.member_id, here, there, at, cause=Cause.GROWTH, version_id=version_id, entry_id=move.entry_id)
