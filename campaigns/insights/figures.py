"""The numbers at the head of the page: orders, new customers by what brought them, and who comes again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, distinct, func, select

from campaigns.insights import book, sources
from campaigns.insights.asking import Asked
from campaigns.insights.book import within
from campaigns.insights.periods import Period
from campaigns.intervals import Share
from commons.accounts.models import User
from commons.db import db
from commons.money import Money

MOST_GROUPS = 50


@dataclass(frozen=True)
class Figures:
    """What one period comes to. `nameless` orders name no customer: they count as orders and nowhere else."""

    orders: int
    nameless: int
    repeat_orders: int
    new_customers: int
    customers: int
    repeat_customers: int
    amounts: Sequence[Money] = field(default=())

    @property
    def repeat_order_share(self) -> Share:
        return Share(self.repeat_orders, self.orders - self.nameless)

    @property
    def repeat_rate(self) -> Share:
        return Share(self.repeat_customers, self.customers)


@dataclass(frozen=True)
class Group:
    """New customers whom the same thing brought, now and in the period before; `share` is of all new customers now."""

    key: str
    name: str
    customers: Share
    before: Share

    @property
    def change(self) -> float:
        return self.customers.rate - self.before.rate


@dataclass(frozen=True)
class Step:
    """The orders of one day, or of a few days together."""

    period: Period
    first: int
    repeat: int
    nameless: int

    @property
    def orders(self) -> int:
        return self.first + self.repeat + self.nameless


def figures(period: Period) -> tuple[Figures, Figures]:
    """The numbers of the period and of the one before: two queries."""
    orders = book.ranked(period.before, period)
    spans = (period, period.before)
    columns = [column for span in spans for column in _counts(orders, span)]
    counted = db.session.execute(select(*columns).where(orders.c.ordered_at < period.end)).one()
    half = len(counted) // 2
    sums = _amounts(spans)
    now, before = (
        _figures([int(number or 0) for number in counted[place * half : (place + 1) * half]], sums[place])
        for place in (0, 1)
    )
    return now, before


def new_customers(asked: Asked, by: User) -> Sequence[Group]:
    """New customers of the period by what brought them, the largest group first."""
    now, before = asked.period, asked.period.before
    orders = book.ranked(before, now)
    bringer = sources.bringers(orders)[asked.by]
    first = (orders.c.nth == 1) & (orders.c.ordered_at >= before.start) & (orders.c.ordered_at < now.end)
    columns = (bringer.key.label("key"), within(orders.c.ordered_at, now).label("is_new"))
    brought = sources.with_source(orders, *columns).where(first).subquery()
    here, there = (func.count(case((brought.c.is_new.is_(told), 1))) for told in (True, False))
    query = select(brought.c.key, here, there).group_by(brought.c.key)
    counted = [(key, int(new), int(old)) for key, new, old in db.session.execute(query)]
    counted.sort(key=lambda row: (-row[1], -row[2], row[0]))
    whole, whole_before = sum(new for _key, new, _old in counted), sum(old for _key, _new, old in counted)
    shown = counted[:MOST_GROUPS]
    names = bringer.names([key for key, _new, _old in shown], by)
    return [Group(key, names.get(key, key), Share(new, whole), Share(old, whole_before)) for key, new, old in shown]


def course(period: Period) -> Sequence[Step]:
    """How the orders are spread over the period, in order of time."""
    orders, steps = book.ranked(period, period), _steps(period)
    number = case(*((within(orders.c.ordered_at, step), place) for place, step in enumerate(steps)))
    kind = case((orders.c.nth == 1, 0), (orders.c.nth > 1, 1), else_=2)
    placed = select(number.label("place"), kind.label("kind")).where(within(orders.c.ordered_at, period)).subquery()
    query = select(placed.c.place, placed.c.kind, func.count()).group_by(placed.c.place, placed.c.kind)
    found = {(place, sort): count for place, sort, count in db.session.execute(query)}
    return [Step(step, *(found.get((place, sort), 0) for sort in range(3))) for place, step in enumerate(steps)]


def _steps(period: Period, most: int = 31) -> list[Period]:
    """Days, or pieces of several days where there are more than `most` of them; the last may be shorter."""
    length = -(-period.days // most)
    starts = [period.first + timedelta(days=day) for day in range(0, period.days, length)]
    return [Period(start, min(start + timedelta(days=length - 1), period.last), period.zone) for start in starts]


def _figures(counts: Sequence[int], amounts: Sequence[Money]) -> Figures:
    orders, nameless, repeat_orders, new_customers, customers, repeat_customers = counts
    return Figures(orders, nameless, repeat_orders, new_customers, customers, repeat_customers, amounts)


def _counts(orders: Any, span: Period) -> Sequence[ColumnElement[Any]]:
    """In the order of the fields of `Figures`."""
    inside = within(orders.c.ordered_at, span)
    again = inside & (orders.c.nth > 1)
    return (
        func.count(case((inside, 1))),
        func.count(case((inside & orders.c.customer.is_(None), 1))),
        func.count(case((again, 1))),
        func.count(case((inside & (orders.c.nth == 1), 1))),
        func.count(distinct(case((inside, orders.c.customer)))),
        func.count(distinct(case((again, orders.c.customer)))),
    )


def _amounts(spans: Sequence[Period]) -> list[list[Money]]:
    """What the orders of each span come to, by currency, the most frequent first."""
    orders = book.told()
    columns = [
        part
        for span in spans
        for inside in [within(orders.c.ordered_at, span)]
        for part in (func.count(case((inside, 1))), func.sum(case((inside, orders.c.amount_minor))))
    ]
    query = select(orders.c.currency, *columns).where(orders.c.currency.is_not(None))
    query = query.where(orders.c.ordered_at >= spans[-1].start, orders.c.ordered_at < spans[0].end)
    rows = db.session.execute(query.group_by(orders.c.currency)).all()
    sums = []
    for place in range(len(spans)):
        some = [(row[1 + 2 * place], Money(int(row[2 + 2 * place] or 0), row[0])) for row in rows]
        sums.append([money for count, money in sorted(some, key=lambda pair: -pair[0]) if count])
    return sums
