"""Tables for a spreadsheet: CSV that opens as it should, and that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flask import Response, stream_with_context

from commons.sheets.formulas import restorable

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
