"""XLSX, read cell by cell from the first sheet. Neither a bomb nor an entity gets further than the door."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from struct import error as StructError  # noqa: N812 (its name there is lower-case)
from typing import Any
from xml.etree.ElementTree import ParseError

from flask_babel import gettext as _
from openpyxl import DEFUSEDXML, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from commons.sheets.cells import Cell, Row, Unreadable

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MOST_UNPACKED = 40 * 1024 * 1024
MOST_PARTS = 500
WIDEST = 60
FARTHEST = 20_000
BROKEN = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, StructError, ParseError, EOFError, KeyError, ValueError, TypeError,
    AttributeError, IndexError, RuntimeError, OSError,
)  # fmt: skip


def is_one(content: bytes) -> bool:
    return content.startswith((ZIP, OLE))


def rows(content: bytes) -> Iterator[Row]:
    """The rows of the first sheet. Raises `Unreadable`."""
    if content.startswith(OLE):
        raise Unreadable(_("This is an old or a locked Excel file."), _("Save it as .xlsx without a password."))
    assert DEFUSEDXML, "without defusedxml a sheet could name entities"
    try:
        _weigh(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        for number, cells in enumerate(book.worksheets[0].iter_rows(max_col=WIDEST), start=1):
            if number > FARTHEST:
                raise Unreadable(
                    _("A cell stands below row %(number)s.", number=FARTHEST), _("Leave out what is not the table.")
                )
            yield Row(number, [_cell(cell) for cell in cells])
    except BROKEN as error:
        raise Unreadable(
            _("This Excel file is broken."), _("Open it, save it again as .xlsx, and choose that.")
        ) from error


def _weigh(content: bytes) -> None:
    """What it says of its size is also all that is ever unpacked of it."""
    parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable(_("Unpacked, this Excel file is far too large."), _("Leave out what is not the table."))


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return Cell("")
    if cell.data_type == "f":
        return Cell("", wrong=str(_("There is a formula in this cell. Put its result there as plain text.")))
    if cell.data_type == "e":
        return Cell("", wrong=str(_("There is an error of Excel in this cell.")))
    return Cell(_text(value), is_words=True)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
