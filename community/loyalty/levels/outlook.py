"""A fan's level explained: what counts, since when it stands and why, how long it is safe, what would keep it, what is next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from commons.db import db
from community.loyalty.levels import counting, ladder, ladders, saving
from community.loyalty.levels.climbing import Climb
from community.loyalty.levels.ladder import Brought, Counted, Ladder, Rung
from community.loyalty.levels.models import LevelGrace, LevelLock
from community.loyalty.levels.words import amount_words, asked_words, cause_words
from community.loyalty.models import Level, LevelChange
from community.members.facts import name_of
from community.members.models import Member


class Placed(NamedTuple):
    """What is kept of a member's level: the newest step, the notice that may take it away, and who set it by hand."""

    granted: LevelChange | None
    grace: LevelGrace | None
    lock: LevelLock | None


@dataclass(frozen=True)
class Outlook:
    """`kinds` are the kinds of facts whose growth counts. `kept_until`: so long the level is safe if nothing more comes.

    `to_keep` is what has to come in to keep the level past the day of which the fan was told, or would be told now (nothing
    when it is held), `to_rise` what is missing to the next one.
    `granted` is the step that led here, with what the level took then (`took`, over `took_days`).
    """

    level: Level
    next_level: Level | None
    period_days: int | None
    counted: Counted
    kinds: Sequence[str]
    to_rise: Counted
    to_keep: Counted
    kept_until: datetime | None
    grace: LevelGrace | None
    lock: LevelLock | None
    granted: LevelChange | None
    took: Rung | None
    took_days: int | None

    @property
    def is_held(self) -> bool:
        """Whether nothing is missing to keep the level."""
        return not self.to_keep.growth and not self.to_keep.breadth

    @property
    def keep_words(self) -> str:
        return amount_words(self.to_keep)

    @property
    def rise_words(self) -> str:
        return amount_words(self.to_rise)

    @property
    def took_words(self) -> str:
        """What the level took when it was given; empty for the lowest."""
        return asked_words(self.took.threshold, self.took.breadth) if self.took and self.took.threshold else ""

    @property
    def cause_words(self) -> str:
        return cause_words(self.granted.cause) if self.granted is not None else ""


def outlook(member: Member, at: datetime) -> Outlook:
    """Where the member's level comes from and where it goes, seen `at` this moment."""
    climb = Climb.now()
    granted, grace, lock = _placed(member, at)
    level = granted.level if granted is not None else climb.lowest
    own = _own_ladder(granted, climb)
    took = own.rung(level.rank) if own is not None else None
    brought = counting.brought(member.id, climb.ladder.since(at), at)
    counted = ladder.count(brought)
    above = next((rung for rung in climb.ladder.rungs if rung.rank > level.rank), None)
    safe = _safe(member.id, level.rank, climb.ladder, own, brought, at)
    known = [climb.ladder, *([own] if own is not None else [])]
    ends_at = grace.ends_at if grace is not None else at + ladder.GRACE
    return Outlook(
        level=level,
        next_level=climb.levels[above.rank] if above is not None else None,
        period_days=climb.ladder.period_days,
        counted=counted,
        kinds=sorted({name_of(one.kind) for one in brought if one.kind is not None}),
        to_rise=ladder.lacking(above, counted) if above is not None else Counted(),
        to_keep=Counted() if safe is not None else saving.missing(member.id, level.rank, known, at, ends_at),
        kept_until=safe[0] if safe is not None else None,
        grace=grace,
        lock=lock,
        granted=granted,
        took=took,
        took_days=own.period_days if own is not None else None,
    )


def _placed(member: Member, at: datetime) -> Placed:
    """One query; the levels themselves are those of the climb."""
    newest = select(func.max(LevelChange.id)).where(LevelChange.member_id == member.id).scalar_subquery()
    query = (
        select(LevelChange, LevelGrace, LevelLock)
        .select_from(Member)
        .outerjoin(LevelChange, LevelChange.id == newest)
        .outerjoin(LevelGrace, (LevelGrace.member_id == Member.id) & LevelGrace.closed_at.is_(None))
        .outerjoin(LevelLock, (LevelLock.member_id == Member.id) & LevelLock.ended_at.is_(None))
        .where(Member.id == member.id)
    )
    granted, grace, lock = db.session.execute(query).one()
    return Placed(granted, grace, lock if lock and (lock.until is None or lock.until > at) else None)


def _own_ladder(granted: LevelChange | None, climb: Climb) -> Ladder | None:
    """The ladder that the level was given under."""
    if granted is None or granted.version_id is None:
        return None
    if climb.version is not None and granted.version_id == climb.version.id:
        return ladders.ladder_of(climb.version)
    return ladders.some([granted.version_id]).get(granted.version_id)


def _safe(
    member_id: int, rank: int, now: Ladder, own: Ladder | None, brought: Sequence[Brought], at: datetime
) -> tuple[datetime | None] | None:
    """(Until when the level is held, or None for ever); None: it is not held. The better of the two ladders counts."""
    ends = []
    for one in (now, own):
        rung = one.rung(rank) if one is not None else None
        if one is None or rung is None:
            continue
        counts = brought if one is now or one == now else counting.brought(member_id, one.since(at), at)
        if rank == one.lowest.rank:
            return (None,)
        if ladder.holds(rung, ladder.count(counts)):
            ends.append(ladder.kept_until(rung, one.period_days, counts))
    if not ends:
        return None
    known = [end for end in ends if end is not None]
    return (max(known),) if len(known) == len(ends) else (None,)
