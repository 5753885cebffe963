"""Tables whose rows have numbers: each counts once, and is held against what is known under its number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from flask_babel import gettext as _

from commons.sheets.files import Line
from commons.sheets.models import Verdict
from commons.sheets.understanding import understand

Cells = Mapping[str, str]


@dataclass
class Findings:
    """What is wrong with a row: pairs of column and sentence."""

    problems: list[list[str]] = field(default_factory=list)


@dataclass
class NumberedRow:
    """A row, and what it is beside what is known. It has its `number` once it makes sense. Rooms add what it means."""

    meant: Findings = field(default_factory=Findings)
    verdict: Verdict = Verdict.NEW
    changes: list[list[str]] = field(default_factory=list)
    number: str = ""

    def refuse(self, column: str, words: str) -> None:
        self.meant.problems.append([column, str(words)])


Row = TypeVar("Row", bound=NumberedRow)


def compared(
    lines: Sequence[Line],
    kind: type[Row],
    read: Callable[[Row, Cells], None],
    compare: Callable[[Row], None],
    formulas_are_words: bool,
    column: str,
) -> list[Row]:
    """All rows, in order; of rows with the same number the later ones are broken. The number stands in `column`.

    `read` fills in what a row means and its number, or refuses it; `compare` says what it is beside what is known.
    """
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for line in lines:
        row = kind()
        understand(row.meant, line, {}, None, formulas_are_words)
        if not row.meant.problems:
            read(row, line.values)
        if row.number and seen.setdefault(row.number, line.number) != line.number:
            row.refuse(column, _("Row %(row)s names the same already.", row=str(seen[row.number])))
        elif row.number:
            compare(row)
        if row.meant.problems:
            row.verdict = Verdict.BROKEN
        rows.append(row)
    return rows
