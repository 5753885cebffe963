"""The boards and their periods: pure. Weeks begin on Monday, and days at midnight in the `zone` where the brand is at home."""

from __future__ import annotations

import enum
from datetime import date, datetime, timedelta
from functools import lru_cache

from commons import zones


class Period(enum.StrEnum):
    WEEK = "week"
    MONTH = "month"
    ALL = "all"


# So many periods before this one can be looked at; those before may be forgotten (`folding.forget`).
LOOK_BACK = {Period.WEEK: 12, Period.MONTH: 10, Period.ALL: 0}


def board_of(period: Period, at: datetime, zone: str) -> str:
    """The name under which the board of the period around `at` is kept: `all`, `2026-11` or `2026-W47`."""
    return Period.ALL.value if period is Period.ALL else _board_on(period, zones.day_of(at, zone))


def days_of(period: Period, at: datetime, zone: str) -> tuple[date, date] | None:
    """The first and the last day of the period around `at`; None for all time."""
    if period is Period.ALL:
        return None
    day = zones.day_of(at, zone)
    if period is Period.WEEK:
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day.replace(day=1), following - timedelta(days=1)


def earlier(period: Period, at: datetime, back: int, zone: str) -> datetime:
    """A moment in the period that lies `back` periods before the one around `at`."""
    for _step in range(back):
        first_and_last = days_of(period, at, zone)
        if first_and_last is None:
            return at
        at, _end = zones.day_bounds(first_and_last[0] - timedelta(days=1), zone)
    return at


@lru_cache(maxsize=1024)
def _board_on(period: Period, day: date) -> str:
    return f"{day:%Y-%m}" if period is Period.MONTH else f"{day:%G-W%V}"
