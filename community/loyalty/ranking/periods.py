"""The boards and their periods: pure. Weeks begin on Monday and days at midnight where the brand is at home."""

from __future__ import annotations

import enum
from datetime import datetime
from zoneinfo import ZoneInfo

from commons import zones


class Period(enum.StrEnum):
    WEEK = "week"
    MONTH = "month"
    ALL = "all"


def board_of(period: Period, at: datetime) -> str:
    """The name under which the board of the period around `at` is kept: `all`, `2026-11` or `2026-W47`."""
    local = at.astimezone(ZoneInfo(zones.DEFAULT_ZONE))
    if period is Period.ALL:
        return Period.ALL.value
    return f"{local:%Y-%m}" if period is Period.MONTH else f"{local:%G-W%V}"
