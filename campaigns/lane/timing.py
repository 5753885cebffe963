"""The stopwatch. Pure: moments in, legs and medians out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

# Each leg ends with the mark of its name.
LEGS = ("drawn", "sent", "approved", "live")


@dataclass(frozen=True)
class Marks:
    """When each thing happened; None: not yet."""

    seen: datetime
    drawn: datetime | None = None
    sent: datetime | None = None
    approved: datetime | None = None
    live: datetime | None = None

    @property
    def reached(self) -> int:
        """How many legs are done."""
        return sum(getattr(self, name) is not None for name in LEGS)

    def seconds(self, at: datetime) -> float:
        """From seen until live, or until `at` while it is not."""
        return ((self.live or at) - self.seen).total_seconds()


@dataclass(frozen=True)
class Leg:
    """One leg: from when, until when (None: it runs), how many seconds."""

    name: str
    start: datetime
    end: datetime | None
    seconds: float


def legs(marks: Marks, at: datetime) -> list[Leg]:
    """The legs that have begun, in order. What was never noted is passed over: the next leg has its time."""
    found: list[Leg] = []
    start = marks.seen
    for name in LEGS:
        end: datetime | None = getattr(marks, name)
        if end is None and _is_passed(marks, name):
            continue
        found.append(Leg(name, start, end, max(0.0, ((end or at) - start).total_seconds())))
        if end is None:
            break
        start = end
    return found


def medians(runs: Sequence[Marks]) -> Mapping[str, float]:
    """The median seconds of each leg, and of `total`, over runs that went live; empty without any."""
    done = [marks for marks in runs if marks.live is not None]
    by_leg: dict[str, list[float]] = {}
    for marks in done:
        assert marks.live is not None
        for leg in legs(marks, marks.live):
            by_leg.setdefault(leg.name, []).append(leg.seconds)
        by_leg.setdefault("total", []).append(marks.seconds(marks.live))
    return {name: median(seconds) for name, seconds in by_leg.items()}


def shares(marks: Marks, target_seconds: float, at: datetime) -> list[tuple[str, float, float]]:
    """The legs as (name, begin, width) in hundredths of the target, or of the whole where that is longer."""
    whole = max(target_seconds, marks.seconds(at), 1.0)
    return [
        (leg.name, (leg.start - marks.seen).total_seconds() / whole * 100, leg.seconds / whole * 100)
        for leg in legs(marks, at)
    ]


def _is_passed(marks: Marks, name: str) -> bool:
    """Whether a later mark is there though this one is not."""
    return any(getattr(marks, later) is not None for later in LEGS[LEGS.index(name) + 1 :])
