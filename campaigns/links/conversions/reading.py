"""Reading orders back: pages, sums, tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import joinedload

from campaigns.insights.slots import ORDER_COLUMNS
from campaigns.links.conversions.models import Conversion
from campaigns.links.models import Link
from commons.db import db
from commons.money import Money
from commons.paging import Page, page_of

PAGE = 30


@dataclass(frozen=True)
class Sum:
    """How many orders, and what they come to in each currency."""

    orders: int
    amounts: Sequence[Money]


def page(link: Link | None, number: int) -> Page[Conversion]:
    """One page of orders, of one link or all, the newest first."""
    query = _of(select(Conversion), link).options(joinedload(Conversion.link).joinedload(Link.domain))
    return page_of(query.order_by(Conversion.ordered_at.desc(), Conversion.id.desc()), number, PAGE)


def sum_of(link: Link | None) -> Sum:
    query = _of(select(Conversion.currency, func.count(), func.sum(Conversion.amount_minor)), link)
    rows = db.session.execute(query.group_by(Conversion.currency).order_by(func.count().desc())).all()
    return Sum(
        sum(count for _currency, count, _minor in rows), [Money(int(minor), code) for code, _count, minor in rows]
    )


def rows(link: Link | None) -> Iterator[tuple[object, ...]]:
    """All orders as rows for a table file, the heading first; moments in UTC."""
    yield "order", "link", "click", "amount", "currency", "ordered_at", "recorded_at", "source"
    query = _of(select(Conversion), link).options(joinedload(Conversion.link))
    for one in db.session.scalars(
        query.order_by(Conversion.ordered_at, Conversion.id).execution_options(yield_per=500)
    ):
        yield (
            one.order, one.link.slug, one.hit_uid or "", str(one.amount.amount), one.currency, one.ordered_at.isoformat(),
            one.recorded_at.isoformat(), one.source.value,
        )  # fmt: skip


def for_insights() -> Select[Any]:
    """All orders as `campaigns.insights` reads those of every room."""
    values = (
        literal("link"), Conversion.id, Conversion.order, Conversion.customer_id, Conversion.customer_mark,
        Conversion.ordered_at, Conversion.amount_minor, Conversion.currency, Conversion.link_id, Link.campaign_id,
    )  # fmt: skip
    columns: list[Any] = [value.label(name) for value, name in zip(values, ORDER_COLUMNS, strict=True)]
    return select(*columns).join_from(Conversion, Link, Link.id == Conversion.link_id)


def _of(query: Any, link: Link | None) -> Any:
    return query.where(Conversion.link_id == link.id) if link is not None else query
