"""Tables for a spreadsheet: CSV and XLSX that open as they should, and that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from flask import Response, send_file, stream_with_context
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from commons.sheets.formulas import restorable

Table = tuple[str, Iterable[Sequence[object]]]
"""A title and the rows under it, the heading first."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TITLE = 31  # of a sheet, as Excel has it
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
WRAPPED = Alignment(wrap_text=True, vertical="top")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads Chinese names as another encoding


def csv_answer(rows: Iterable[Sequence[object]], name: str) -> Response:
    """The rows as a file `<name>.csv`, sent while they are read; the heading is the first row."""
    answer = Response(stream_with_context(csv_lines(rows)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.csv"
    return answer


def csv_lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The file in pieces, with the mark by which Excel knows UTF-8. An import reads the same cells out of it again."""
    line = io.StringIO()
    writer = csv.writer(line)
    line.write(BYTE_ORDER_MARK)
    for row in rows:
        writer.writerow([restorable(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def table_answer(kind: str, tables: Iterable[Table], name: str, widths: Sequence[int] = ()) -> Response:
    """The tables as one file `<name>.<kind>`: as `xlsx` sheets of a workbook, as `csv` one after the other."""
    if kind == "csv":
        return csv_answer(_one_after_the_other(list(tables)), name)
    return send_file(workbook(tables, widths), XLSX, as_attachment=True, download_name=f"{name}.xlsx")


def workbook(tables: Iterable[Table], widths: Sequence[int] = ()) -> io.BytesIO:
    """An Excel file with a sheet for each title and its rows, the heading first. Numbers stay numbers, all else is text.

    `widths` are those of the columns, in characters: words that are longer go on below.
    """
    book = Workbook(write_only=True)
    for number, (title, rows) in enumerate(tables, start=1):
        sheet = book.create_sheet(_NOT_IN_TITLES.sub(" ", title)[:LONGEST_TITLE] or f"{number}")
        sheet.freeze_panes = "A2"
        for column, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        for place, row in enumerate(rows):
            sheet.append([_cell(sheet, value, is_heading=place == 0, wraps=bool(widths)) for value in row])
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def _one_after_the_other(tables: Sequence[Table]) -> Iterator[Sequence[object]]:
    """The rows of all tables; where there are several, each stands under its title, with an empty line between."""
    for number, (title, rows) in enumerate(tables):
        if number:
            yield ()
        if len(tables) > 1:
            yield (title,)
        yield from rows


def _cell(sheet: Any, value: object, *, is_heading: bool, wraps: bool) -> Any:
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return WriteOnlyCell(sheet, value if isinstance(value, int) else float(value))
    cell = WriteOnlyCell(sheet, restorable(ILLEGAL_CHARACTERS_RE.sub("", "" if value is None else str(value))))
    cell.data_type, cell.number_format = "s", "@"
    if is_heading:
        cell.font = Font(bold=True)
    if wraps:
        cell.alignment = WRAPPED
    return cell
