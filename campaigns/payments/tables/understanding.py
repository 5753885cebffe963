"""What a row of a table of paid orders says, and what it is beside the money that is known. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    """A row, the money that it tells unless something is wrong with it, and the payment that it names if there is one.

    `CHANGED` is money that cannot be counted by itself: it is kept for a person.
    """

    meant: Meant = field(default_factory=Meant)
    verdict: Verdict = Verdict.NEW
    changes: list[list[str]] = field(default_factory=list)
    reference: str = ""
    money: Incoming | None = None
    payment: Payment | None = None

    def refuse(self, column: str, words: str) -> None:
        self.meant.problems.append([column, str(words)])


@dataclass(frozen=True)
class Known:
    """The money of the table's numbers that is counted, or kept for a person, already."""

    counted: Mapping[str, Receipt]
    kept: Mapping[str, Mismatch]


def compared(lines: Sequence[Line], zone: str, at: datetime, formulas_are_words: bool) -> list[Compared]:
    """All rows, in order; days without a zone are those of `zone`. Of rows with the same number the later ones are broken."""
    known, seen = _known({line.values.get("order", "").strip() for line in lines}), dict[str, int]()
    return [_one(line, known, seen, zone, at, formulas_are_words) for line in lines]


def _known(numbers: set[str]) -> Known:
    counted = select(Receipt).where(Receipt.provider == shop.NAME, bulk.among(Receipt.external_id, numbers))
    kept = select(Mismatch).where(Mismatch.provider == shop.NAME, bulk.among(Mismatch.external_id, numbers))
    return Known(
        {one.external_id: one for one in db.session.scalars(counted)},
        {one.external_id: one for one in db.session.scalars(kept)},
    )


def _one(line: Line, known: Known, seen: dict[str, int], zone: str, at: datetime, formulas_are_words: bool) -> Compared:
    found = Compared()
    understand(found.meant, line, {}, None, formulas_are_words)
    if not found.meant.problems:
        _read(found, line.values, zone, at)
    if found.money is not None:
        first = seen.setdefault(found.money.external_id, line.number)
        if first != line.number:
            found.refuse("order", _("Row %(row)s has the same order already.", row=str(first)))
        else:
            _compare(found, found.money, known)
    if found.meant.problems:
        found.verdict = Verdict.BROKEN
    return found


def _read(found: Compared, cells: Mapping[str, str], zone: str, at: datetime) -> None:
    found.reference = cells.get("reference", "").strip()
    found.payment = named(found.reference)
    try:
        number = taking.checked_name(cells.get("order", "").strip())
    except Invalid as refusal:
        found.refuse("order", refusal.message)
        return
    try:
        amount = amount_of(cells.get("amount", ""), cells.get("currency", ""))
    except ValueError:
        amount = None
    if amount is None or amount.minor == 0:
        found.refuse("amount", _("Write the amount like 128.00, and the currency like CNY."))
    paid_at = moment_in(cells.get("paid", ""), zone, at)
    if paid_at is None:
        found.refuse("paid", _("Write the moment like 2026-03-02 18:30; it cannot be in the future."))
    if not found.meant.problems and amount is not None and paid_at is not None:
        found.money = Incoming(number, amount, paid_at, {"told_by": "table"}, provider=shop.NAME)


def _compare(found: Compared, money: Incoming, known: Known) -> None:
    """What is known is never overwritten; what fits nothing is for a person."""
    receipt = known.counted.get(money.external_id)
    if receipt is not None:
        found.verdict = Verdict.SAME
        if receipt.amount != money.amount or (found.payment is not None and receipt.payment_id != found.payment.id):
            found.refuse(
                "order", _("This order is known already, with another payment or amount. What was told first stays.")
            )
    elif matching.misfit(found.payment, money) is not None:
        found.verdict = Verdict.SAME if money.external_id in known.kept else Verdict.CHANGED
        found.changes = [_why(found, money)]


def _why(found: Compared, money: Incoming) -> list[str]:
    """What was asked and what is told, as cells."""
    if found.payment is None:
        return ["reference", "", found.reference]
    if money.amount.currency != found.payment.currency:
        return ["currency", found.payment.currency, money.amount.currency]
    return ["amount", str(found.payment.amount.amount), str(money.amount.amount)]
