"""The boards and their periods: pure. Weeks begin on Monday and days at midnight where the brand is at home."""

from __future__ import annotations

import enum
from datetime import date, datetime
from functools import lru_cache

from commons import zones


class Period(enum.StrEnum):
    WEEK = "week"
    MONTH = "month"
    ALL = "all"


def board_of(period: Period, at: datetime) -> str:
    """The name under which the board of the period around `at` is kept: `all`, `2026-11` or `2026-W47`."""
    return Period.ALL.value if period is Period.ALL else _board_on(period, zones.day_of(at, zones.DEFAULT_ZONE))


@lru_cache(maxsize=1024)
def _board_on(period: Period, day: date) -> str:
    return f"{day:%Y-%m}" if period is Period.MONTH else f"{day:%G-W%V}"
