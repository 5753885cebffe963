"""What a row of a table of paid orders says, and what it is beside the money that is known. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.payments import matching, shop, taking
from campaigns.payments.incoming import Incoming
from campaigns.payments.models import Mismatch, Payment, Receipt
from campaigns.payments.settling import named
from commons import bulk
from commons.db import db
from commons.errors import Invalid
from commons.sheets import orders
from commons.sheets.files import Line
from commons.sheets.models import Verdict
from commons.sheets.orders import Cells, OrderRow


@dataclass
class Compared(OrderRow):
    """A row, the money that it tells unless something is wrong with it, and the payment that it names if there is one.

    `CHANGED` is money that cannot be counted by itself: it is kept for a person.
    """

    reference: str = ""
    money: Incoming | None = None
    payment: Payment | None = None


@dataclass(frozen=True)
class Known:
    """The money of the table's numbers that is counted, or kept for a person, already."""

    counted: Mapping[str, Receipt]
    kept: Mapping[str, Mismatch]


def compared(lines: Sequence[Line], zone: str, at: datetime, formulas_are_words: bool) -> list[Compared]:
    """All rows, in order; days without a zone are those of `zone`. Of rows with the same number the later ones are broken."""
    known = _known(orders.numbers_in(lines))
    return orders.compared(
        lines,
        Compared,
        lambda row, cells: _read(row, cells, zone, at),
        lambda row: _compare(row, known),
        formulas_are_words,
    )


def _known(numbers: set[str]) -> Known:
    counted = select(Receipt).where(Receipt.provider == shop.NAME, bulk.among(Receipt.external_id, numbers))
    kept = select(Mismatch).where(Mismatch.provider == shop.NAME, bulk.among(Mismatch.external_id, numbers))
    return Known(
        {one.external_id: one for one in db.session.scalars(counted)},
        {one.external_id: one for one in db.session.scalars(kept)},
    )


def _read(row: Compared, cells: Cells, zone: str, at: datetime) -> None:
    row.reference = cells.get("reference", "").strip()
    row.payment = named(row.reference)
    try:
        number = taking.checked_name(cells.get("order", "").strip())
    except Invalid as refusal:
        row.refuse("order", refusal.message)
        return
    amount, paid_at = row.amount(cells, least=1), row.moment(cells, "paid", zone, at)
    if amount is not None and paid_at is not None:
        row.number, row.money = number, Incoming(number, amount, paid_at, {"told_by": "table"}, provider=shop.NAME)


def _compare(row: Compared, known: Known) -> None:
    """What is known is never overwritten; what fits nothing is for a person."""
    if row.money is None:
        return
    receipt = known.counted.get(row.number)
    if receipt is not None:
        row.verdict = Verdict.SAME
        if receipt.amount != row.money.amount or (row.payment is not None and receipt.payment_id != row.payment.id):
            words = _("This order is known already, with another payment or amount. What was told first stays.")
            row.refuse("order", words)
    elif matching.misfit(row.payment, row.money) is not None:
        row.verdict = Verdict.SAME if row.number in known.kept else Verdict.CHANGED
        row.changes = [_why(row, row.money)]


def _why(row: Compared, money: Incoming) -> list[str]:
    """What was asked and what is told, as cells."""
    if row.payment is None:
        return ["reference", "", row.reference]
    if money.amount.currency != row.payment.currency:
        return ["currency", row.payment.currency, money.amount.currency]
    return ["amount", str(row.payment.amount.amount), str(money.amount.amount)]
