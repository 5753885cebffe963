"""The rows behind a cell of the tables of cohorts, and both tables as files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from campaigns.insights import cohorts, wording
from campaigns.insights.cells import Cell, Reader
from campaigns.insights.rows import Table, of_query
from community.members.models import Member
from community.seed_users.cohorts import PERIODS, Cohort, Period, periods
from community.seed_users.models import Unit
from community.seed_users.retention import counted

Lines = Iterator[Sequence[object]]


def table(unit: Unit, args: Mapping[str, str], at: datetime, reader: Reader) -> Table | None:
    """What stands behind one cell: `first` day of joining, `later` periods after it, and `of` retention or value.

    Without `later` everybody who joined. None for a cell that there is not.
    """
    spans = _spans(args.get("first", ""), unit, at, reader.zone)
    if not spans:
        return None
    joined = spans[0]
    if not args.get("later"):
        return _members(cohorts.joined_in(joined, Member.name, Member.public_id, Member.joined_at), reader)
    later = int(args["later"]) if args["later"].isdecimal() and len(args["later"]) < 3 else PERIODS
    if later >= len(spans):
        return None
    if args.get("of") == "value":
        return _orders(joined, spans[later], reader)
    count, _cohorts = counted(unit)
    known = count.counted_at if count is not None else at
    columns = (Member.name, Member.public_id, Member.joined_at)
    return _members(cohorts.active_in(joined, spans[later], known, *columns), reader)


def both(unit: Unit, at: datetime, zone: str) -> Iterator[tuple[str, Lines]]:
    """Who stays, and what they order, as tables with their titles."""
    _count, stay = counted(unit)
    yield _("Who stays"), _retention(stay)
    yield _("What they order"), _value(cohorts.values(unit, at, zone))


def _spans(first: str, unit: Unit, at: datetime, zone: str) -> Sequence[Period]:
    """The period that begins on `first` and all after it, of the twelve that the tables show."""
    spans = periods(unit, at, zone)
    starts = [span.first.isoformat() for span in spans]
    return spans[starts.index(first) :] if first in starts else []


def _members(query: Any, reader: Reader) -> Table:
    def cells(row: Any) -> Sequence[Cell]:
        return reader.customer(row[0], row[1], None), reader.moment(row[2])

    return of_query([_("Member"), _("Joined")], query.order_by(Member.joined_at, Member.id), cells)


def _orders(joined: Period, until: Period, reader: Reader) -> Table:
    heads = [_("Ordered"), _("Order number"), _("Customer"), _("Amount"), _("Currency")]

    def cells(row: Any) -> Sequence[Cell]:
        person = reader.customer(row.name, row.public_id, None)
        return reader.moment(row.ordered_at), Cell(row.number), person, *reader.amount(row.amount_minor, row.currency)

    return of_query(heads, cohorts.orders_of(joined, until), cells)


def _retention(stay: Sequence[Cohort]) -> Lines:
    yield _("Joined from"), _("Number of people"), *(str(number) for number in range(PERIODS))
    for cohort in stay:
        shares = (cohort.share("all", number) for number in range(len(cohort.active["all"])))
        yield (
            cohort.first.isoformat(), cohort.people["all"],
            *(wording.tenths(share) if share is not None else "" for share in shares),
        )  # fmt: skip


def _value(values: Sequence[cohorts.ValueCohort]) -> Lines:
    yield _("Joined from"), _("Number of people"), _("Currency"), *(str(number) for number in range(PERIODS))
    for cohort in values:
        amounts = (cohort.amount_each(number).amount for number in range(len(cohort.orders)))
        yield cohort.first.isoformat(), cohort.people, cohort.currency, *amounts
