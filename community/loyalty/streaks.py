"""Check-in streaks: pure functions over calendar days.

Every seventh day of a streak brings a freeze, of which one has at most two. A missed day uses one by itself, and the streak
goes on; a frozen day is not counted as one of its days.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)
DAYS_FOR_A_FREEZE = 7
MOST_FREEZES = 2


@dataclass(frozen=True, slots=True)
class Streak:
    """`current` days up to today (or up to yesterday, while today is still open), and the `longest` ever.

    `freezes` are left for days still to be missed, and `frozen` are the missed days that one covered.
    """

    current: int
    longest: int
    today: bool
    freezes: int = 0
    frozen: frozenset[date] = frozenset()

    @property
    def to_next_freeze(self) -> int:
        """So many more days in a row bring the next freeze."""
        return DAYS_FOR_A_FREEZE - self.current % DAYS_FOR_A_FREEZE


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One field of the streak calendar."""

    day: date
    checked_in: bool
    is_today: bool
    is_future: bool
    frozen: bool = False


def streak(days: Collection[date], today: date, *, with_freezes: bool = True) -> Streak:
    """The streak of somebody who checked in on `days`, seen on `today`; a day ahead of today (another zone's) counts."""
    known = sorted(set(days))
    run = longest = freezes = 0
    frozen: set[date] = set()
    for number, day in enumerate(known):
        missed = _missed(known[number - 1], day) if number else []
        if len(missed) <= freezes:
            freezes -= len(missed)
            frozen.update(missed)
            run += 1
        else:
            run = 1
        longest = max(longest, run)
        if with_freezes and run % DAYS_FOR_A_FREEZE == 0:
            freezes = min(MOST_FREEZES, freezes + 1)
    missed = _missed(known[-1], today) if known else []
    if len(missed) > freezes:
        return Streak(0, longest, False, freezes, frozenset(frozen))
    frozen.update(missed)
    return Streak(run, longest, today in known, freezes - len(missed), frozenset(frozen))


def calendar(
    days: Collection[date], today: date, weeks: int = 5, frozen: Collection[date] = ()
) -> list[list[CalendarDay]]:
    """The last `weeks` weeks, Monday to Sunday, this one last."""
    known = set(days)
    first = today - _DAY * (today.weekday() + 7 * (weeks - 1))
    return [
        [
            CalendarDay(day, day in known, day == today, day > today, day in frozen)
            for day in (first + _DAY * (7 * week + weekday) for weekday in range(7))
        ]
        for week in range(weeks)
    ]


def _missed(before: date, after: date) -> list[date]:
    """The days between two days."""
    return [before + _DAY * number for number in range(1, (after - before).days)]
