"""What becomes of those who joined at one time: how many stay, and what they order, period by period.

Who stays is counted by `community.seed_users.retention`, once a night for all pages; orders are read here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from campaigns.insights import book
from commons.db import db
from commons.events import Event
from commons.money import Money
from community.members.models import Member
from community.seed_users.cohorts import Period, periods
from community.seed_users.models import Unit
from community.seed_users.retention import ACTS


@dataclass(frozen=True)
class ValueCohort:
    """Those who joined in the period that begins on `first`: how many, and what they had ordered in all by the end of each
    period since, up to the running one.
    """

    first: date
    people: int
    orders: Sequence[int]
    minor: Sequence[int]
    currency: str

    def amount_each(self, number: int) -> Money:
        """What one of them had ordered for on average, `number` periods after joining."""
        return Money(round(self.minor[number] / self.people) if self.people else 0, self.currency)

    def orders_each(self, number: int) -> float:
        return self.orders[number] / self.people if self.people else 0.0


def values(unit: Unit, at: datetime, zone: str) -> Sequence[ValueCohort]:
    """The last twelve periods in which anybody joined: three queries."""
    spans = periods(unit, at, zone)
    people, currency = _people(spans), main_currency()
    counted = _ordered(spans, currency)
    found = []
    for number, span in enumerate(spans):
        later = [counted.get((number, one), (0, 0)) for one in range(number, len(spans))]
        orders, minor = (list(accumulate(part)) for part in zip(*later, strict=True))
        if people.get(number):
            found.append(ValueCohort(span.first, people[number], orders, minor, currency))
    return found


def main_currency() -> str:
    """The currency of most orders; amounts in others are left out of averages."""
    orders = book.told()
    query = select(orders.c.currency).where(orders.c.currency.is_not(None)).group_by(orders.c.currency)
    return db.session.scalar(query.order_by(func.count().desc(), orders.c.currency).limit(1)) or "CNY"


def joined_in(span: Period, *columns: Any) -> Select[Any]:
    """`columns` of those who joined in a period."""
    return select(*columns).select_from(Member).where(Member.merged_into_id.is_(None), _inside(Member.joined_at, span))


def active_in(joined: Period, acted: Period, known_at: datetime, *columns: Any) -> Select[Any]:
    """Of those who joined in one period, who was active in the other, as far as it was known then."""
    acts = select(Event.member_id).where(
        Event.kind.in_(ACTS), _inside(Event.occurred_at, acted), Event.recorded_at <= known_at
    )
    return joined_in(joined, *columns).where(Member.id.in_(acts))


def orders_of(joined: Period, until: Period) -> Select[Any]:
    """The orders of those who joined in one period, up to the end of the other, the oldest first."""
    orders = book.told()
    columns = (orders.c.ordered_at, orders.c.name.label("number"), orders.c.amount_minor, orders.c.currency)
    query = select(*columns, Member.name, Member.public_id).join_from(orders, Member, Member.id == orders.c.member_id)
    query = query.where(Member.merged_into_id.is_(None), _inside(Member.joined_at, joined))
    query = query.where(orders.c.ordered_at >= joined.start, orders.c.ordered_at < until.end)
    return query.order_by(orders.c.ordered_at, orders.c.room, orders.c.row_id)


def _people(spans: Sequence[Period]) -> dict[int, int]:
    joined = select(_number(Member.joined_at, spans).label("joined"))
    joined = joined.where(Member.merged_into_id.is_(None), *_within(Member.joined_at, spans))
    rows = joined.subquery()
    query = select(rows.c.joined, func.count()).group_by(rows.c.joined)
    return dict(db.session.execute(query).all())


def _ordered(spans: Sequence[Period], currency: str) -> dict[tuple[int, int], tuple[int, int]]:
    """Orders and their amount in the main currency, by the periods of joining and of ordering."""
    orders = book.told()
    amount = case((orders.c.currency == currency, orders.c.amount_minor), else_=0)
    rows = (
        select(
            _number(Member.joined_at, spans).label("joined"),
            _number(orders.c.ordered_at, spans).label("ordered"),
            amount.label("amount"),
        )
        .join(Member, Member.id == orders.c.member_id)
        .where(*_within(Member.joined_at, spans), *_within(orders.c.ordered_at, spans))
        .subquery()
    )
    query = select(rows.c.joined, rows.c.ordered, func.count(), func.coalesce(func.sum(rows.c.amount), 0))
    query = query.group_by(rows.c.joined, rows.c.ordered)
    return {(joined, ordered): (count, int(sum_)) for joined, ordered, count, sum_ in db.session.execute(query)}


def _number(column: Any, spans: Sequence[Period]) -> ColumnElement[Any]:
    """The number of the period into which a moment falls."""
    return case(*((_inside(column, span), number) for number, span in enumerate(spans)))


def _inside(column: Any, span: Period) -> ColumnElement[bool]:
    return and_(column >= span.start, column < span.end)


def _within(column: Any, spans: Sequence[Period]) -> tuple[ColumnElement[bool], ...]:
    return column >= spans[0].start, column < spans[-1].end
