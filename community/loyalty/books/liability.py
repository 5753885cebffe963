"""What the brand still owes in points, by the month in which they expire: for whoever closes the books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Select, Subquery, case, func, literal, or_, select

from commons import zones
from commons.db import db
from commons.money import Money
from community.loyalty.models import Allocation, Currency, LedgerAccount, LedgerEntry, Lot

OVERDUE, NEVER, OWED = -1, -2, -3
MONTHS = 240


@dataclass(frozen=True)
class Line:
    """What expires in the month that begins on `month`, or what else `kind` says: overdue, never, or owed by fans (negative)."""

    kind: str
    month: date | None
    available: int
    pending: int
    members: int

    @property
    def points(self) -> int:
        return self.available + self.pending


@dataclass(frozen=True)
class Liability:
    """Every line, in the order of expiry, as the ledger stood `at`."""

    at: datetime
    zone: str
    lines: Sequence[Line]

    @property
    def available(self) -> int:
        return sum(line.available for line in self.lines)

    @property
    def pending(self) -> int:
        return sum(line.pending for line in self.lines)

    @property
    def points(self) -> int:
        return self.available + self.pending


def liability(at: datetime, zone: str, *, past: bool = False) -> Liability:
    """Points by month of expiry, months counted in `zone`. `past`: as the ledger stood at an earlier `at`, not as it stands."""
    lots = _lots_at(at) if past else _lots_now()
    bounds = _month_bounds(at, lots, zone)
    bucket = _bucket(lots, at, bounds)
    query = (
        select(
            bucket.label("bucket"),
            func.sum(case((lots.c.is_pending, 0), else_=lots.c.remaining)),
            func.sum(case((lots.c.is_pending, lots.c.remaining), else_=0)),
            func.count(func.distinct(lots.c.account_id)),
        )
        .where(lots.c.remaining != 0)
        .group_by(bucket)
    )
    rows = {row[0]: [int(value) for value in row[1:]] for row in db.session.execute(query)}
    order = [OVERDUE, *range(len(bounds)), NEVER, OWED]
    found = [_line(number, bounds, rows[number], zone) for number in order if number in rows]
    return Liability(at, zone, found)


def worth(points: int, per_hundred: Money) -> Money:
    """What so many points are worth when a hundred are worth `per_hundred`; half a minor unit goes to the even one."""
    minor = (Decimal(points) * per_hundred.minor / 100).to_integral_value(ROUND_HALF_EVEN)
    return Money(int(minor), per_hundred.currency)


def end_of(day: date, zone: str) -> datetime:
    """The moment at which `day` is over in `zone`."""
    return zones.day_bounds(day, zone)[1]


def _lots_now() -> Subquery:
    is_pending = Lot.available_at.is_not(None) & Lot.opened_at.is_(None)
    return _of_points(Lot.remaining, is_pending).where(Lot.remaining != 0).subquery()


def _lots_at(at: datetime) -> Subquery:
    """Each lot as it stood: what it brought in less what entries had taken out of it until then."""
    taken = (
        select(Allocation.lot_id, func.sum(Allocation.amount).label("amount"))
        .join(Allocation.entry)
        .where(LedgerEntry.recorded_at < at)
        .group_by(Allocation.lot_id)
        .subquery()
    )
    is_pending = Lot.available_at.is_not(None) & or_(Lot.opened_at.is_(None), Lot.opened_at >= at)
    query = _of_points(Lot.amount - func.coalesce(taken.c.amount, 0), is_pending).join(Lot.entry)
    return query.outerjoin(taken, taken.c.lot_id == Lot.id).where(LedgerEntry.recorded_at < at).subquery()


def _of_points(remaining: Any, is_pending: ColumnElement[bool]) -> Select[Any]:
    columns = (Lot.account_id, Lot.expires_at, remaining.label("remaining"), is_pending.label("is_pending"))
    account = LedgerAccount.id == Lot.account_id
    return select(*columns).join(LedgerAccount, account).where(LedgerAccount.currency == Currency.POINTS)


def _month_bounds(at: datetime, lots: Subquery, zone: str) -> list[datetime]:
    """The first moments of the months in which something expires after `at`, from the first to the one after the last."""
    query = select(func.min(lots.c.expires_at), func.max(lots.c.expires_at))
    first, last = db.session.execute(query.where(lots.c.expires_at > at, lots.c.remaining > 0)).one()
    if first is None:
        return []
    month, bounds = zones.day_of(first, zone).replace(day=1), list[datetime]()
    while len(bounds) < MONTHS and (not bounds or bounds[-1] <= last):
        bounds.append(zones.to_utc(datetime.combine(month, time()), zone))
        month += relativedelta(months=1)
    return bounds


def _bucket(lots: Subquery, at: datetime, bounds: Sequence[datetime]) -> ColumnElement[int]:
    """The number of the line that a lot belongs to: of its month among `bounds`, or one of the three others."""
    expires = lots.c.expires_at
    whens = [
        (lots.c.remaining < 0, literal(OWED)),
        (expires.is_(None), literal(NEVER)),
        (expires <= at, literal(OVERDUE)),
    ]
    months = [(expires < end, literal(number)) for number, (_start, end) in enumerate(pairwise(bounds))]
    return case(*whens, *months, else_=literal(max(0, len(bounds) - 1)))


def _line(number: int, bounds: Sequence[datetime], sums: Sequence[int], zone: str) -> Line:
    kinds = {OVERDUE: "overdue", NEVER: "never", OWED: "owed"}
    month = None if number in kinds else zones.day_of(bounds[number], zone)
    available, pending, members = sums
    return Line(kinds.get(number, "month"), month, available, pending, members)
