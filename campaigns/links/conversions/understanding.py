"""What a row of a table of orders says, and what it is beside the orders that are known. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.links.conversions import recording
from campaigns.links.conversions.models import Conversion
from campaigns.links.conversions.recording import Order
from campaigns.links.models import Link
from commons import bulk
from commons.db import db
from commons.errors import Invalid
from commons.sheets import orders
from commons.sheets.files import Line
from commons.sheets.models import Verdict
from commons.sheets.orders import Cells, OrderRow


@dataclass
class Compared(OrderRow):
    """A row, and the order that it means unless something is wrong with it."""

    order: Order | None = None
    link: Link | None = None


def compared(lines: Sequence[Line], zone: str, at: datetime, formulas_are_words: bool) -> list[Compared]:
    """All rows, in order; days without a zone are those of `zone`. Of rows with the same number the later ones are broken."""
    query = select(Conversion).where(bulk.among(Conversion.order, orders.numbers_in(lines)))
    known = {one.order: one for one in db.session.scalars(query)}
    return orders.compared(
        lines,
        Compared,
        lambda row, cells: _read(row, cells, zone, at),
        lambda row: _compare(row, known.get(row.number)),
        formulas_are_words,
    )


def _read(row: Compared, cells: Cells, zone: str, at: datetime) -> None:
    click, words = cells.get("click", "").strip(), cells.get("link", "").strip()
    try:
        number = recording.checked_number(cells.get("order", ""))
    except Invalid as refusal:
        row.refuse("order", refusal.message)
        return
    row.link = recording.link_named(words) if words else recording.link_of_click(click)
    if row.link is None:
        row.refuse("link", _("There is no such link. Write its address or its ending, or a click."))
    amount, ordered_at = row.amount(cells), row.moment(cells, "ordered", zone, at)
    if row.link is not None and amount is not None and ordered_at is not None:
        kept = click if recording.is_click(click) else ""
        row.number, row.order = number, Order(number, row.link, amount, ordered_at, kept, cells.get("customer", ""))


def _compare(row: Compared, known: Conversion | None) -> None:
    """What is known is never overwritten."""
    if known is None or row.order is None:
        return
    row.verdict = Verdict.SAME
    if known.link_id != row.order.link.id or known.amount != row.order.amount:
        row.refuse("order", _("This order is known already, with another link or amount. What was told first stays."))
