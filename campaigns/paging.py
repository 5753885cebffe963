"""Where a list goes on, as an address says it."""

from __future__ import annotations


def row_id(text: str | None) -> int | None:
    """The row after which a list goes on, out of an address; None for anything that is no row's number."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


def page_number(text: str | None, most: int) -> int:
    """A page of a list, counted from 1, at most `most`; 1 for anything that is no page's number."""
    return min(max(int(text), 1), most) if text and text.isdecimal() and len(text) < 6 else 1
