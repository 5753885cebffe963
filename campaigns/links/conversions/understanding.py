"""What a row of a table of orders says, and what it is beside the orders that are known. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
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
from commons.money import amount_of
from commons.sheets.files import Line
from commons.sheets.models import Verdict
from commons.sheets.moments import moment_in
from commons.sheets.understanding import understand


@dataclass
class Meant:
    """What is wrong with a row: pairs of column and sentence."""

    problems: list[list[str]] = field(default_factory=list)


@dataclass
class Compared:
    """A row, and the order that it means unless something is wrong with it."""

    meant: Meant = field(default_factory=Meant)
    verdict: Verdict = Verdict.NEW
    changes: list[list[str]] = field(default_factory=list)
    order: Order | None = None
    link: Link | None = None

    def refuse(self, column: str, words: str) -> None:
        self.meant.problems.append([column, str(words)])


def compared(lines: Sequence[Line], zone: str, at: datetime, formulas_are_words: bool) -> list[Compared]:
    """All rows, in order; days without a zone are those of `zone`. Of rows with the same number the later ones are broken."""
    numbers = {line.values.get("order", "").strip() for line in lines}
    known = {
        one.order: one for one in db.session.scalars(select(Conversion).where(bulk.among(Conversion.order, numbers)))
    }
    seen: dict[str, int] = {}
    return [_one(line, known, seen, zone, at, formulas_are_words) for line in lines]


def _one(
    line: Line, known: dict[str, Conversion], seen: dict[str, int], zone: str, at: datetime, formulas_are_words: bool
) -> Compared:
    found = Compared()
    understand(found.meant, line, {}, None, formulas_are_words)
    if not found.meant.problems:
        _read(found, line.values.get, zone, at)
    if found.order is not None:
        first = seen.setdefault(found.order.number, line.number)
        if first != line.number:
            found.refuse("order", _("Row %(row)s has the same order already.", row=str(first)))
        elif found.order.number in known:
            _compare(found, found.order, known[found.order.number])
    if found.meant.problems:
        found.verdict = Verdict.BROKEN
    return found


def _read(found: Compared, cell: Callable[[str, str], str], zone: str, at: datetime) -> None:
    click = cell("click", "").strip()
    try:
        number = recording.checked_number(cell("order", ""))
    except Invalid as refusal:
        found.refuse("order", refusal.message)
        return
    words = cell("link", "").strip()
    found.link = recording.link_named(words) if words else recording.link_of_click(click)
    if found.link is None:
        found.refuse("link", _("There is no such link. Write its address or its ending, or a click."))
    try:
        amount = amount_of(cell("amount", "") or "0", cell("currency", ""))
    except ValueError:
        found.refuse("amount", _("Write the amount like 128.00, and the currency like CNY."))
    ordered_at = moment_in(cell("ordered", ""), zone, at)
    if ordered_at is None:
        found.refuse("ordered", _("Write the moment like 2026-03-02 18:30; it cannot be in the future."))
    if not found.meant.problems and found.link is not None and ordered_at is not None:
        kept = click if recording.is_click(click) else ""
        found.order = Order(number, found.link, amount, ordered_at, kept, cell("customer", ""))


def _compare(found: Compared, order: Order, known: Conversion) -> None:
    """What is known is never overwritten."""
    found.verdict = Verdict.SAME
    if known.link_id != order.link.id or known.amount != order.amount:
        found.refuse("order", _("This order is known already, with another link or amount. What was told first stays."))
