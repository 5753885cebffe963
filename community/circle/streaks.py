"""Check-in streaks: pure functions over calendar days."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Streak:
    """`current` days without a gap up to today (or up to yesterday, while today is still open), and the `longest` ever."""

    current: int
    longest: int
    today: bool


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One field of the streak calendar."""

    day: date
    checked_in: bool
    is_today: bool
    is_future: bool


def streak(days: Collection[date], today: date) -> Streak:
    """The streak of somebody who checked in on `days`, seen on `today`; a day ahead of today (another zone's) counts."""
    known = set(days)
    last = max((day for day in known if day >= today), default=today)
    end = last if last in known else today - _DAY
    return Streak(current=_run_up_to(end, known), longest=_longest(known), today=today in known)


def calendar(days: Collection[date], today: date, weeks: int = 5) -> list[list[CalendarDay]]:
    """The last `weeks` weeks, Monday to Sunday, this one last."""
    known = set(days)
    first = today - _DAY * (today.weekday() + 7 * (weeks - 1))
    return [
        [
            CalendarDay(day, day in known, day == today, day > today)
            for day in (first + _DAY * (7 * week + weekday) for weekday in range(7))
        ]
        for week in range(weeks)
    ]


def _run_up_to(day: date, known: set[date]) -> int:
    count = 0
    while day in known:
        count += 1
        day -= _DAY
    return count


def _longest(known: set[date]) -> int:
    ends = (day for day in known if day + _DAY not in known)
    return max((_run_up_to(day, known) for day in ends), default=0)
