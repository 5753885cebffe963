"""Who deserves a badge: pure. Facts and terms in, progress out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from commons.events import Evidence


@dataclass(frozen=True)
class Terms:
    """So many facts on so many different days (`in_a_row`: one after the other), well enough proven, with these details."""

    times: int = 1
    days: int = 1
    in_a_row: bool = False
    evidence: Evidence = Evidence.SELF_DECLARED
    only: Mapping[str, str] = field(default_factory=dict)


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
    seen: list[Fact] = []
    days: set[date] = set()
    longest, fulfilled_by = 0, None
    for fact in facts:
        if not counts(terms, fact):
            continue
        seen.append(fact)
        if fact.day not in days:
            days.add(fact.day)
            longest = max(longest, _run_through(fact.day, days)) if terms.in_a_row else len(days)
        if fulfilled_by is None and len(seen) >= terms.times and longest >= terms.days:
            fulfilled_by = fact.id
    return Progress(len(seen), longest, fulfilled_by)


def share(terms: Terms, made: Progress) -> float:
    """How far along, 0..1: as far as the part that is furthest behind."""
    return min(1.0, made.times / terms.times, made.days / terms.days)


def _run_through(day: date, days: Iterable[date]) -> int:
    """How many days without a gap lie around `day`."""
    known, one = set(days), timedelta(days=1)
    first = last = day
    while first - one in known:
        first -= one
    while last + one in known:
        last += one
    return (last - first).days + 1
