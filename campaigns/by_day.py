"""Counting moments by the calendar day of a zone, for curves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select

from commons import zones
from commons.db import db

# An engine allows some two thousand result columns; a query counts this many days.
AT_ONCE = 100


def days(first: datetime, last: datetime, zone: str) -> list[date]:
    """Every calendar day from the one of `first` to the one of `last`, both included."""
    start = zones.day_of(first, zone)
    return [start + timedelta(days=n) for n in range((zones.day_of(last, zone) - start).days + 1)]


def counts(moments: Select[Any], wanted: Sequence[date], zone: str) -> list[int]:
    """How many of the `moments` (a query of one column) fall on each of the `wanted` days, which follow each other."""
    found: list[int] = []
    for begin in range(0, len(wanted), AT_ONCE):
        found += _some(moments, [zones.day_bounds(day, zone) for day in wanted[begin : begin + AT_ONCE]])
    return found


def stamps(wanted: Sequence[date], zone: str) -> list[int]:
    """The first second of each day, as Unix time: the x of a curve."""
    return [int(zones.day_bounds(day, zone)[0].timestamp()) for day in wanted]


def _some(moments: Select[Any], bounds: Sequence[tuple[datetime, datetime]]) -> list[int]:
    column = moments.subquery().c[0]
    within = (column >= bounds[0][0]) & (column < bounds[-1][1])
    sums = [func.coalesce(func.sum(case(((column >= start) & (column < end), 1), else_=0)), 0) for start, end in bounds]
    return [int(number) for number in db.session.execute(select(*sums).where(within)).one()]
