"""Tables for a spreadsheet: CSV that opens as it should, and that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from flask import Response, stream_with_context

Cell = TypeVar("Cell")

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads Chinese names as another encoding


def csv_answer(rows: Iterable[Sequence[object]], name: str, shown: Callable[[object], str] | None = None) -> Response:
    """The rows as a file `<name>.csv`, sent while they are read, each cell as it is `shown`; the heading is the first row."""
    lines = csv_lines(rows, shown or harmless)
    answer = Response(stream_with_context(lines), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.csv"
    return answer


def harmless(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    if isinstance(cell, (int, float)):
        return text
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")) else text


def csv_lines(rows: Iterable[Sequence[Cell]], shown: Callable[[Cell], str] = harmless) -> Iterator[str]:
    """The file in pieces, with the mark by which Excel knows UTF-8, each cell as it is `shown`."""
    line = io.StringIO()
    writer = csv.writer(line)
    line.write(BYTE_ORDER_MARK)
    for row in rows:
        writer.writerow([shown(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
