"""All orders of the house as one table, whatever room they come from, each with the place it has among those of its customer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    String,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from campaigns.insights import slots
from campaigns.insights.periods import Period
from commons.db import BigId, UtcDateTime, db

COLUMNS = slots.ORDER_COLUMNS


def told() -> Subquery:
    """The orders that all rooms tell, in no order; `customer` names the same person always alike, None for nobody known."""
    queries = [plug() for plug in slots.orders] or [_none()]
    rows = union_all(*queries).subquery("told")
    customer = _by_code_point(func.coalesce(cast(rows.c.member_id, String(40)), rows.c.stranger)).label("customer")
    return select(*(rows.c[name] for name in COLUMNS), customer).subquery("book")


def ranked(first: Period, last: Period) -> CTE:
    """The orders from one period to another, and all earlier ones of the same customers, with `nth`: 1 for the first order of a
    customer ever, 2 for the second; None where the customer is not known.

    Orders at the same moment are told apart by room and row, so that everybody counts them alike. Other customers are left
    out before anything is sorted: a month costs little, however many years there are.
    """
    rows, seen = told(), told()
    inside = select(seen.c.customer).where(
        seen.c.customer.is_not(None), seen.c.ordered_at >= first.start, seen.c.ordered_at < last.end
    )
    places = func.row_number().over(
        partition_by=rows.c.customer, order_by=(rows.c.ordered_at, rows.c.room, rows.c.row_id)
    )
    nameless = and_(rows.c.customer.is_(None), rows.c.ordered_at >= first.start)
    query = select(rows, case((rows.c.customer.is_not(None), places)).label("nth"))
    return query.where(rows.c.ordered_at < last.end, or_(nameless, rows.c.customer.in_(inside))).cte("orders")


def within(column: Any, period: Period) -> ColumnElement[bool]:
    """Whether a moment falls into the period."""
    return and_(column >= period.start, column < period.end)


def _by_code_point(column: Any) -> Any:
    """Sorted as bytes, as SQLite always does: sorting marks by the rules of a language takes many times as long."""
    return column.collate("C") if db.engine.dialect.name == "postgresql" else column


def _none() -> Any:
    """No order at all, with columns of the right kind."""
    kinds: dict[str, Any] = {"ordered_at": UtcDateTime(), "room": String(8), "name": String(8), "stranger": String(8)}
    columns = [cast(null(), kinds.get(name, BigId)).label(name) for name in COLUMNS]
    return select(*columns).where(literal(1) == 0)
