"""The arithmetic of levels: pure. A rung is a level's rank and what it takes; what one has is counted over a rolling period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

GRACE = timedelta(days=14)
"""So long one keeps a level that what one has no longer holds; from the moment on which one is told."""
HELD_BY = (9, 10)
"""A level is held by this part of what it takes to reach it (hysteresis)."""


@dataclass(frozen=True)
class Rung:
    """What a level takes: `threshold` growth from `breadth` different kinds of facts."""

    rank: int
    threshold: int
    breadth: int = 0


@dataclass(frozen=True)
class Counted:
    """What counts: growth that came in within the period and is still there, and of how many kinds of facts it is."""

    growth: int = 0
    breadth: int = 0


@dataclass(frozen=True)
class Ladder:
    """All rungs in order of rank, and over how many days growth counts; None: for ever."""

    rungs: tuple[Rung, ...]
    period_days: int | None = None

    @property
    def lowest(self) -> Rung:
        return self.rungs[0]

    def rung(self, rank: int) -> Rung | None:
        return next((rung for rung in self.rungs if rung.rank == rank), None)

    def since(self, at: datetime) -> datetime | None:
        """What happened at this moment or before does not count any more `at` that one."""
        return at - timedelta(days=self.period_days) if self.period_days else None


@dataclass(frozen=True)
class Brought:
    """One piece of growth that counts: when its fact happened, what is left of it, and of which kind the fact is."""

    at: datetime
    growth: int
    kind: str | None


def reaches(rung: Rung, counted: Counted) -> bool:
    return counted.growth >= rung.threshold and counted.breadth >= rung.breadth


def holds(rung: Rung, counted: Counted) -> bool:
    """Whether who stands on the rung stays there."""
    return counted.growth >= held_by(rung.threshold) and counted.breadth >= held_by(rung.breadth)


def held_by(amount: int) -> int:
    """The whole number that is at least nine tenths of `amount`."""
    part, whole = HELD_BY
    return -(-amount * part // whole)


def reached(rungs: Sequence[Rung], counted: Counted) -> int:
    """The highest rank that is reached; the lowest rank of all when none is."""
    return max((rung.rank for rung in rungs if reaches(rung, counted)), default=rungs[0].rank)


def fitting(rungs: Sequence[Rung], growth: int) -> int:
    """The highest rank whose threshold `growth` reaches: nobody with so much growth stands higher by it."""
    return max((rung.rank for rung in rungs if rung.threshold <= growth), default=rungs[0].rank)


def below(rungs: Sequence[Rung], rank: int) -> int:
    """The next rank down; one falls by one level at a time."""
    return max((rung.rank for rung in rungs if rung.rank < rank), default=rungs[0].rank)


def lacking(rung: Rung, counted: Counted) -> Counted:
    """What is missing to reach the rung."""
    return Counted(max(0, rung.threshold - counted.growth), max(0, rung.breadth - counted.breadth))


def lacking_to_hold(rung: Rung, counted: Counted) -> Counted:
    """What is missing to keep the rung."""
    growth, breadth = held_by(rung.threshold), held_by(rung.breadth)
    return Counted(max(0, growth - counted.growth), max(0, breadth - counted.breadth))


def count(brought: Sequence[Brought]) -> Counted:
    kinds = {one.kind for one in brought if one.kind is not None}
    return Counted(sum(one.growth for one in brought), len(kinds))


def kept_until(rung: Rung, period_days: int | None, brought: Sequence[Brought]) -> datetime | None:
    """When `brought` stops holding the rung if nothing more comes; None: never. It must hold it now."""
    if not period_days:
        return None
    left = sorted(brought, key=lambda one: one.at)
    for number, one in enumerate(left, start=1):
        if not holds(rung, count(left[number:])):
            return one.at + timedelta(days=period_days)
    return None


def share(threshold: int, following: int | None, growth: int) -> float:
    """How far along from one threshold to the following, 0..1; 1 at the top."""
    if following is None:
        return 1.0
    return min(1.0, max(0.0, (growth - threshold) / max(1, following - threshold)))
