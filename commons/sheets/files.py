"""A file as lines: what kind it is, where its columns are, and what in it cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from flask_babel import gettext as _

from commons.sheets import csv_file, xlsx_file
from commons.sheets.cells import Cell, Row, Unreadable
from commons.sheets.columns import Columns
from commons.sheets.formulas import is_like_one, unguarded

MOST_BYTES = 5 * 1024 * 1024
MOST_CHARACTERS = 20_000
MOST_IGNORED = 20
NO_TEXT = "\x00"  # no database keeps it in a text


@dataclass(frozen=True)
class Line:
    """One row by the names of its columns. `like_formulas` are columns whose cells begin like one; `wrong` are pairs of column
    (empty: the row as a whole) and why it cannot be read.
    """

    number: int
    values: Mapping[str, str]
    like_formulas: Sequence[str] = ()
    wrong: Sequence[Sequence[str]] = ()

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "values": dict(self.values)}


@dataclass(frozen=True)
class Table:
    """The lines of a file, less empty ones, and the headings that mean nothing."""

    lines: Sequence[Line]
    ignored: Sequence[str] = field(default_factory=list)


def read(content: bytes, columns: Columns) -> Table:
    """The table in a CSV or XLSX file; what it is shows its beginning. Raises `Unreadable`."""
    if not content.strip():
        raise Unreadable(_("The file is empty."), _("Choose a CSV or XLSX file."))
    if len(content) > MOST_BYTES:
        raise Unreadable(
            _("The file is larger than %(size)s MB.", size=MOST_BYTES // 2**20), _("Divide it into several.")
        )
    rows = iter(xlsx_file.rows(content) if xlsx_file.is_one(content) else csv_file.rows(content, columns))
    places, ignored = _headings(next(rows, None), columns)
    found = list(islice(_lines(rows, places), columns.most_rows + 1))
    if len(found) > columns.most_rows:
        words = _("The table has more than %(count)s rows.", count=columns.most_rows)
        raise Unreadable(words, _("Divide it into several."))
    if not found:
        raise Unreadable(_("Below the headings the table is empty."))
    return Table(found, ignored)


def line_of(kept: Mapping[str, Any]) -> Line:
    """The line that `as_json` wrote."""
    return Line(**kept)


def _headings(row: Row | None, columns: Columns) -> tuple[dict[int, str], list[str]]:
    """At which place each column stands."""
    if row is None or row.wrong:
        raise Unreadable(row.wrong if row else _("The file is empty."))
    places: dict[int, str] = {}
    ignored: list[str] = []
    for place, cell in enumerate(row.cells):
        name = columns.named(cell.text)
        if name in places.values():
            raise Unreadable(_("The column “%(name)s” is there twice.", name=cell.text))
        if name is not None:
            places[place] = name
        elif cell.text.strip() and len(ignored) < MOST_IGNORED:
            ignored.append(cell.text.replace(NO_TEXT, "").strip()[:60])
    if set(columns.needed).isdisjoint(places.values()):
        names = ", ".join(str(columns.words[name]) for name in columns.needed)
        raise Unreadable(
            _("The first row names none of the columns that the table needs."),
            _("It needs at least one of: %(names)s.", names=names),
        )
    return places, ignored


def _lines(rows: Iterable[Row], places: Mapping[int, str]) -> Iterable[Line]:
    for row in rows:
        if row.wrong or any(cell.text.strip() or cell.wrong for cell in row.cells):
            yield _line(row, places)


def _line(row: Row, places: Mapping[int, str]) -> Line:
    given = {name: row.cells[place] if place < len(row.cells) else Cell("") for place, name in places.items()}
    values = {name: unguarded(cell.text[:MOST_CHARACTERS].replace(NO_TEXT, "")) for name, cell in given.items()}
    if row.wrong:
        return Line(row.number, values, wrong=[["", row.wrong]])
    wrong = [[name, words] for name, cell in given.items() if (words := _trouble(cell))]
    like = [name for name, cell in given.items() if not cell.is_words and is_like_one(cell.text)]
    return Line(row.number, values, like, wrong)


def _trouble(cell: Cell) -> str:
    if cell.wrong:
        return cell.wrong
    if NO_TEXT in cell.text:
        return str(_("There is a character in it that no text can hold."))
    if len(cell.text) > MOST_CHARACTERS:
        return str(_("There are more than %(count)s characters in it.", count=MOST_CHARACTERS))
    return ""
