"""Tables of orders, as shops give them out: each row is one order, known by its number, and counts once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from flask_babel import gettext as _

from commons.money import Money, amount_of
from commons.sheets import moments
from commons.sheets.files import Line
from commons.sheets.models import Verdict
from commons.sheets.understanding import understand

Cells = Mapping[str, str]


@dataclass
class Findings:
    """What is wrong with a row: pairs of column and sentence."""

    problems: list[list[str]] = field(default_factory=list)


@dataclass
class OrderRow:
    """A row, and what it is beside what is known. `number` is the order's, once the row makes sense. Rooms add what it means."""

    meant: Findings = field(default_factory=Findings)
    verdict: Verdict = Verdict.NEW
    changes: list[list[str]] = field(default_factory=list)
    number: str = ""

    def refuse(self, column: str, words: str) -> None:
        self.meant.problems.append([column, str(words)])

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


Row = TypeVar("Row", bound=OrderRow)


def compared(
    lines: Sequence[Line],
    kind: type[Row],
    read: Callable[[Row, Cells], None],
    compare: Callable[[Row], None],
    formulas_are_words: bool,
) -> list[Row]:
    """All rows, in order; of rows with the same number the later ones are broken.

    `read` fills in what a row means and its number, or refuses it; `compare` says what an order is beside what is known.
    """
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for line in lines:
        row = kind()
        understand(row.meant, line, {}, None, formulas_are_words)
        if not row.meant.problems:
            read(row, line.values)
        if row.number and seen.setdefault(row.number, line.number) != line.number:
            row.refuse("order", _("Row %(row)s has the same order already.", row=str(seen[row.number])))
        elif row.number:
            compare(row)
        if row.meant.problems:
            row.verdict = Verdict.BROKEN
        rows.append(row)
    return rows


def numbers_in(lines: Sequence[Line]) -> set[str]:
    """The numbers that the rows name, as far as they can be looked for."""
    return {line.values.get("order", "").strip() for line in lines}
