"""What both kinds of file give: rows of cells, with the number that a spreadsheet shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commons.errors import Invalid


class Unreadable(Invalid):
    """The file as a whole cannot be read."""


@dataclass(frozen=True)
class Cell:
    """`is_words`: the file itself says that this is text and no formula. `wrong`: why the cell cannot be used."""

    text: str
    is_words: bool = False
    wrong: str = ""


@dataclass(frozen=True)
class Row:
    """`wrong`: why the row as a whole cannot be read."""

    number: int
    cells: Sequence[Cell] = ()
    wrong: str = ""
