"""The arithmetic of levels: pure. A rung is a level's rank and the growth that it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Rung:
    rank: int
    threshold: int


def rank_after(rungs: Sequence[Rung], rank: int, before: int, after: int) -> int:
    """The rank that follows when growth moves from `before` to `after`; `rungs` are in order of rank.

    Up: the highest rung that growth reaches, never lower than where one stands. Down: one falls below the lowest rung
    that growth really crossed, and keeps a rung that was given under earlier thresholds otherwise.
    """
    if after >= before:
        return max(rank, fitting(rungs, after))
    crossed = [rung.rank for rung in rungs if after < rung.threshold <= before]
    return min(rank, _below(rungs, min(crossed))) if crossed else rank


def crosses(rungs: Sequence[Rung], before: int, after: int) -> bool:
    """Whether a rung lies between the two amounts of growth."""
    low, high = sorted((before, after))
    return any(low < rung.threshold <= high for rung in rungs)


def fitting(rungs: Sequence[Rung], growth: int) -> int:
    """The highest rank whose threshold `growth` reaches; the lowest rank of all when it reaches none."""
    return max((rung.rank for rung in rungs if rung.threshold <= growth), default=rungs[0].rank)


def share(threshold: int, following: int | None, growth: int) -> float:
    """How far along from one threshold to the following, 0..1; 1 at the top."""
    if following is None:
        return 1.0
    return min(1.0, max(0.0, (growth - threshold) / max(1, following - threshold)))


def _below(rungs: Sequence[Rung], rank: int) -> int:
    return max((rung.rank for rung in rungs if rung.rank < rank), default=rungs[0].rank)
