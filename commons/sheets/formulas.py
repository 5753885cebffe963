"""Cells that a spreadsheet would take for formulas: put behind an apostrophe on the way out, taken from behind it on the way in."""

from __future__ import annotations

import re

STARTS = "=+\\-@\t\r\n＝＋－＠"
_LIKE = re.compile(f"[{STARTS}]")
_GUARDED = re.compile(f"'+[{STARTS}]")


def is_like_one(cell: str) -> bool:
    """Whether a spreadsheet may take the cell for a formula."""
    return _LIKE.match(cell) is not None


def guarded(cell: str) -> str:
    """The cell as words to every spreadsheet. What begins with apostrophes before such a sign gets one more, to come back whole."""
    return f"'{cell}" if is_like_one(cell) or _GUARDED.match(cell) else cell


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if _GUARDED.match(cell) else cell


def restorable(cell: object) -> str:
    """A cell as a file holds it that shall come back: words guarded, numbers as they are."""
    return str(cell) if isinstance(cell, (int, float)) else guarded("" if cell is None else str(cell))
