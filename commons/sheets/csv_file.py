"""CSV as people have it: UTF-8 with or without its mark, UTF-16 or GB 18030, with commas, semicolons or tabs."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from flask_babel import gettext as _

from commons.sheets.cells import Cell, Row, Unreadable
from commons.sheets.columns import Columns

DELIMITERS = (",", ";", "\t")
LONGEST_FIELD = 200_000
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def rows(content: bytes, columns: Columns) -> Iterator[Row]:
    """The rows in order. A row of more cells than there are headings, or one that breaks off, says so. Raises `Unreadable`."""
    text = decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, columns), strict=True)
    csv.field_size_limit(LONGEST_FIELD)
    width, number = 0, 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Row(number, wrong=_("From line %(line)s on the quotation marks do not match.", line=reader.line_num))
            return
        width = width or len(cells)
        yield Row(number, [Cell(cell) for cell in cells], _surplus(cells, width))


def decoded(content: bytes) -> str:
    """The text. UTF-8 when it can be that, else GB 18030, as Excel writes in China. Raises `Unreadable`."""
    try:
        if content.startswith(UTF_16):
            return content.decode("utf-16")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _gb18030(content)


def _gb18030(content: bytes) -> str:
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        raise Unreadable(
            _("The characters of this file cannot be read."), _("Save it as “CSV UTF-8” and choose it again.")
        )
    return text


def _delimiter(text: str, columns: Columns) -> str:
    """The one with which the first line holds most headings."""
    first = text.lstrip("\r\n").partition("\n")[0].rstrip("\r")

    def known(delimiter: str) -> int:
        return sum(columns.named(cell.strip('"')) is not None for cell in first.split(delimiter))

    return max(DELIMITERS, key=known)


def _surplus(cells: list[str], width: int) -> str:
    if len(cells) <= width or not any(cell.strip() for cell in cells[width:]):
        return ""
    return str(
        _("The row has %(count)s cells under %(width)s headings. Is a text with commas not in quotation marks?",
          count=len(cells), width=width)
    )  # fmt: skip
