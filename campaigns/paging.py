"""Where a list goes on."""

from __future__ import annotations


def row_id(text: str | None) -> int | None:
    """The row after which a list goes on, out of an address; None for anything that is no row's number."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else None
