"""The rows behind each number: what is counted, one by one, for whoever wants to see for himself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, distinct, false, func, select

from campaigns.insights import book, complaints, funnel, sources
from campaigns.insights.asking import Asked
from campaigns.insights.cells import Cell, Reader
from campaigns.insights.sources import BROUGHT
from campaigns.links.models import Hit
from campaigns.participation.models import Participant
from campaigns.planning.models import Campaign
from commons.db import db
from commons.paging import Page
from community.channels.models import ChannelAccount, ChannelPost
from community.members.models import Member

PAGE = 50
MOST = 100_000

Line = Sequence[Cell]


@dataclass(frozen=True)
class Table:
    """Rows under `heads`. `fetch(offset, limit)` gives some of them, in an order that stays."""

    heads: Sequence[str]
    fetch: Callable[[int, int], Sequence[Line]]

    def page(self, number: int) -> Page[Line]:
        found = self.fetch((number - 1) * PAGE, PAGE + 1)
        return Page(found[:PAGE], number, len(found) > PAGE)

    def plain(self) -> Iterator[Sequence[object]]:
        """All rows for a file, the heads first."""
        yield list(self.heads)
        for line in self.fetch(0, MOST):
            yield [cell.value for cell in line]


def table(measure: str, asked: Asked, reader: Reader) -> Table | None:
    """What the measure counts for what is asked; None for one that has its rows elsewhere."""
    make = TABLES.get(measure)
    return make(asked, reader) if make is not None else None


def of_query(heads: Sequence[str], query: Select[Any], cells: Callable[[Any], Line]) -> Table:
    """A table out of a query that has its order."""

    def fetch(offset: int, limit: int) -> Sequence[Line]:
        return [cells(row) for row in db.session.execute(query.offset(offset).limit(limit))]

    return Table(heads, fetch)


def _orders(wanted: Callable[[Any, Asked], ColumnElement[bool]]) -> Callable[[Asked, Reader], Table]:
    """Orders of the period for which `wanted` holds, the latest first."""

    def make(asked: Asked, reader: Reader) -> Table:
        orders = book.ranked(asked.period, asked.period)
        campaign = select(Campaign.title).where(Campaign.id == sources.campaign_id(orders)).scalar_subquery()
        query = sources.with_source(
            orders, orders, Member.name.label("member"), Member.public_id, sources.source().label("source"),
            campaign.label("campaign"), BROUGHT.title, BROUGHT.slug,
        )  # fmt: skip
        query = funnel.narrowed(query, orders, asked).where(wanted(orders, asked))
        if asked.key:
            query = query.where(sources.bringers(orders)[asked.by].key == asked.key)
        latest = query.order_by(orders.c.ordered_at.desc(), orders.c.room, orders.c.row_id.desc())
        heads = [
            _("Ordered"), _("Order number"), _("Customer"), _("Which order of the customer"), _("Amount"), _("Currency"),
            _("Source"), _("Link"), _("Campaign"),
        ]  # fmt: skip
        return of_query(heads, latest, lambda row: _order(row, reader))

    return make


def _order(row: Any, reader: Reader) -> Line:
    return (
        reader.moment(row.ordered_at),
        Cell(row.name or ""),
        reader.customer(row.member, row.public_id, row.stranger),
        Cell(row.nth or ""),
        *reader.amount(row.amount_minor, row.currency),
        Cell(sources.word(row.source)),
        Cell(row.title or row.slug or ""),
        Cell(row.campaign or ""),
    )


def _customers(only_again: bool) -> Callable[[Asked, Reader], Table]:
    """Customers of the period, each once, the latest first."""

    def make(asked: Asked, reader: Reader) -> Table:
        orders = book.ranked(asked.period, asked.period)
        columns = (
            orders.c.customer,
            orders.c.stranger,
            orders.c.ordered_at,
            orders.c.nth,
            Member.name,
            Member.public_id,
        )
        named = funnel.narrowed(sources.with_source(orders, *columns), orders, asked)
        inside = named.where(orders.c.customer.is_not(None)).subquery()
        latest = func.max(inside.c.ordered_at)
        query = select(
            func.max(inside.c.stranger), inside.c.name, inside.c.public_id, func.count(), func.max(inside.c.nth), latest
        ).group_by(inside.c.customer, inside.c.name, inside.c.public_id)
        if only_again:
            query = query.having(func.max(inside.c.nth) > 1)
        heads = [_("Customer"), _("Orders in the period"), _("Orders up to then"), _("Last order in the period")]
        ordered = query.order_by(latest.desc(), inside.c.customer)
        return of_query(heads, ordered, lambda row: _customer(row, reader))

    return make


def _customer(row: Any, reader: Reader) -> Line:
    stranger, name, public_id, count, nth, latest = row
    return reader.customer(name, public_id, stranger), Cell(count), Cell(nth), reader.moment(latest)


def _solved(only_buyers: bool) -> Callable[[Asked, Reader], Table]:
    """People of whom a complaint was solved, the latest first."""

    def make(asked: Asked, reader: Reader) -> Table:
        found = [one for one in complaints.people(asked.period) if one.ordered_at is not None or not only_buyers]
        heads = [_("Customer"), _("What it was about"), _("Solved"), _("First order within 30 days"), _("Order number")]

        def fetch(offset: int, limit: int) -> Sequence[Line]:
            some = found[offset : offset + limit]
            people = _names({one.member_id for one in some})
            return [_solution(one, people.get(one.member_id, ("", None)), reader) for one in some]

        return Table(heads, fetch)

    return make


def _solution(one: complaints.Solved, person: tuple[str, str | None], reader: Reader) -> Line:
    return (
        reader.customer(*person, None),
        Cell(complaints.room_words(one.room)),
        reader.moment(one.solved_at),
        reader.moment(one.ordered_at),
        Cell(one.order),
    )


def _posts(asked: Asked, reader: Reader) -> Table:
    query = funnel.posts(asked, ChannelPost.published_at, ChannelAccount.name, ChannelPost.text, ChannelPost.url)
    query = query.join(ChannelAccount, ChannelAccount.id == ChannelPost.account_id)
    latest = query.order_by(ChannelPost.published_at.desc(), ChannelPost.id.desc())

    def cells(row: Any) -> Line:
        return reader.moment(row[0]), Cell(row[1]), Cell(sources.short(row[2]), url=row[3] or None)

    return of_query([_("Published"), _("Channel"), _("Post")], latest, cells)


def _visits(asked: Asked, reader: Reader) -> Table:
    source = func.coalesce(sources.link_source(), "")
    query = funnel.visits(asked, Hit.occurred_at, BROUGHT.title, BROUGHT.slug, source, Hit.region, BROUGHT.public_id)
    latest = query.order_by(Hit.occurred_at.desc(), Hit.id.desc())

    def cells(row: Any) -> Line:
        link = Cell(row[1] or row[2], url=f"/links/{row[5]}")
        return reader.moment(row[0]), link, Cell(sources.word(row[3])), Cell(row[4])

    return of_query([_("When"), _("Link"), _("Source"), _("Region")], latest, cells)


def _participants(asked: Asked, reader: Reader) -> Table:
    """Each member once, also one who took part in several campaigns."""
    joined, campaigns = func.min(Participant.joined_at), func.count(distinct(Participant.campaign_id))
    query = funnel.participants(asked, Member.name, Member.public_id, joined, campaigns)
    query = query.group_by(Member.id, Member.name, Member.public_id).order_by(joined.desc(), Member.id)

    def cells(row: Any) -> Line:
        return reader.customer(row[0], row[1], None), reader.moment(row[2]), Cell(row[3])

    return of_query([_("Member"), _("Took part since"), _("Campaigns")], query, cells)


def _names(member_ids: set[int]) -> dict[int, tuple[str, str | None]]:
    query = select(Member.id, Member.name, Member.public_id)
    query = query.where(Member.id.in_(member_ids)) if member_ids else query.where(false())
    return {member_id: (name, public_id) for member_id, name, public_id in db.session.execute(query)}


def _any(_orders: Any, _asked: Asked) -> ColumnElement[bool]:
    return _orders.c.ordered_at.is_not(None)  # type: ignore[no-any-return]


TABLES: dict[str, Callable[[Asked, Reader], Table]] = {
    "orders": _orders(_any),
    "nameless": _orders(lambda orders, _asked: orders.c.customer.is_(None)),
    "new_customers": _orders(lambda orders, _asked: orders.c.nth == 1),
    "repeat_order_share": _orders(lambda orders, _asked: orders.c.nth > 1),
    "repeat_rate": _customers(only_again=True),
    "repeat_customers": _customers(only_again=True),
    "customers": _customers(only_again=False),
    "after_complaint": _solved(only_buyers=True),
    "solved_complaints": _solved(only_buyers=False),
    "posts": _posts,
    "visits": _visits,
    "participants": _participants,
}
