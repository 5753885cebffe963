"""Who deserves a badge: pure. Facts and terms in, progress out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from commons.events import Evidence
from community.loyalty.streaks import streak


@dataclass(frozen=True)
class Terms:
    """So many facts on so many different days (`in_a_row`: one after the other), well enough proven, with these details.

    `freezes`: a missed day that a freeze of the streak covers ends no row, and is not one of its days.
    """

    times: int = 1
    days: int = 1
    in_a_row: bool = False
    evidence: Evidence = Evidence.SELF_DECLARED
    only: Mapping[str, str] = field(default_factory=dict)
    freezes: bool = False


@dataclass(frozen=True)
class Fact:
    """A fact as a badge sees it; `day` is the calendar day where the member lives."""

    id: int
    day: date
    evidence: Evidence = Evidence.NETWORK
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Progress:
    """How far somebody came: facts and days that count, and the fact that fulfilled the terms, if they are fulfilled."""

    times: int
    days: int
    fulfilled_by: int | None

    @property
    def is_fulfilled(self) -> bool:
        return self.fulfilled_by is not None


def counts(terms: Terms, fact: Fact) -> bool:
    return fact.evidence.reaches(terms.evidence) and all(
        str(fact.details.get(name)) == value for name, value in terms.only.items()
    )


def progress(terms: Terms, facts: Sequence[Fact]) -> Progress:
    """How far `facts`, in order of happening, lead."""
    seen = [fact for fact in facts if counts(terms, fact)]
    days = _days(terms, {fact.day for fact in seen})
    is_enough = len(seen) >= terms.times and days >= terms.days
    return Progress(len(seen), days, _fulfilling(terms, seen) if is_enough else None)


def share(terms: Terms, made: Progress) -> float:
    """How far along, 0..1: as far as the part that is furthest behind."""
    return min(1.0, made.times / terms.times, made.days / terms.days)


def _fulfilling(terms: Terms, seen: Sequence[Fact]) -> int | None:
    """The fact that made it enough."""
    days: set[date] = set()
    for number, fact in enumerate(seen, start=1):
        days.add(fact.day)
        if number >= terms.times and len(days) >= terms.days and _days(terms, days) >= terms.days:
            return fact.id
    return None


def _days(terms: Terms, days: Collection[date]) -> int:
    """How many of the days count: all of them, or the longest row."""
    if not terms.in_a_row:
        return len(days)
    return streak(days, max(days), with_freezes=terms.freezes).longest if days else 0
