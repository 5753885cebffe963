"""Tables of orders, as shops give them out: each row is one order, known by its number, and counts once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from commons.money import Money, amount_of
from commons.sheets import moments, numbered
from commons.sheets.files import Line
from commons.sheets.numbered import Cells, NumberedRow, Row

__all__ = ["Cells", "OrderRow", "compared", "numbers_in"]

NUMBER = "order"
"""The column of an order's number."""


@dataclass
class OrderRow(NumberedRow):
    """A row of an order, with what all of them say."""

    def amount(self, cells: Cells, least: int = 0) -> Money | None:
        """The sum in the columns `amount` and `currency`, from `least` minor units on; the row is refused for anything else."""
        try:
            amount = amount_of(cells.get("amount", "") or "0", cells.get("currency", ""))
        except ValueError:
            amount = None
        if amount is None or amount.minor < least:
            self.refuse("amount", _("Write the amount like 128.00, and the currency like CNY."))
            return None
        return amount

    def moment(self, cells: Cells, column: str, zone: str, at: datetime) -> datetime | None:
        """The moment in a column, `at` where there is none; the row is refused for anything else."""
        moment = moments.moment_in(cells.get(column, ""), zone, at)
        if moment is None:
            self.refuse(column, _("Write the moment like 2026-03-02 18:30; it cannot be in the future."))
        return moment


def compared(
    lines: Sequence[Line],
    kind: type[Row],
    read: Callable[[Row, Cells], None],
    compare: Callable[[Row], None],
    formulas_are_words: bool,
) -> list[Row]:
    """As `numbered.compared`, by the numbers of the orders."""
    return numbered.compared(lines, kind, read, compare, formulas_are_words, NUMBER)


def numbers_in(lines: Sequence[Line]) -> set[str]:
    """The numbers that the rows name, as far as they can be looked for."""
    return {line.values.get(NUMBER, "").strip() for line in lines}
