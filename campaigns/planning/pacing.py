"""How far a goal is against how much of the time is over. Pure: numbers and moments in, a verdict out."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

NEARLY = 0.8
"""A little less than planned is no reason to change anything; below this it is."""


class Verdict(enum.StrEnum):
    NOT_BEGUN = "not_begun"
    REACHED = "reached"
    ON_PACE = "on_pace"
    A_LITTLE_BEHIND = "a_little_behind"
    BEHIND = "behind"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Pace:
    """`actual` of `target` when `time` (0 to 1) of the period is over."""

    actual: int
    target: int
    time: float

    @property
    def share(self) -> float:
        """How much of the target is there; 1 is all, and it may be more."""
        return self.actual / self.target

    @property
    def planned(self) -> int:
        """The even share of the target up to now."""
        return round(self.target * self.time)

    @property
    def pace(self) -> float | None:
        """Share of the target against share of the time: 1 is as planned. None before any time is over."""
        return self.share / self.time if self.time > 0 else None

    @property
    def verdict(self) -> Verdict:
        if self.actual >= self.target:
            return Verdict.REACHED
        if self.pace is None:
            return Verdict.NOT_BEGUN
        if self.time >= 1:
            return Verdict.MISSED
        if self.pace >= 1:
            return Verdict.ON_PACE
        return Verdict.A_LITTLE_BEHIND if self.pace >= NEARLY else Verdict.BEHIND


def share_of_time(starts_at: datetime, ends_at: datetime, at: datetime) -> float:
    """How much of a period is over, 0 to 1."""
    whole = (ends_at - starts_at).total_seconds()
    return min(max((at - starts_at).total_seconds() / whole, 0.0), 1.0) if whole > 0 else float(at >= ends_at)
