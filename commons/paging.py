"""Lists in pages: where a list goes on, as an address says it, and the rows that stand there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request
from sqlalchemy import Select

from commons.db import db

Row = TypeVar("Row")

MOST_PAGES = 100_000


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, and the number of their page, counted from 1."""

    rows: Sequence[Row]
    number: int
    has_older: bool


def page_of(query: Select[Row], number: int, size: int) -> Page[Row]:
    """The page of that number, of `size` rows. The query has its order."""
    found = db.session.scalars(query.offset((number - 1) * size).limit(size + 1)).unique().all()
    return Page(found[:size], number, len(found) > size)


def asked_page() -> int:
    """The page that the current address asks for."""
    return page_number(request.args.get("page"))


def page_number(text: str | None, most: int = MOST_PAGES) -> int:
    """A page of a list, counted from 1, at most `most`; 1 for anything that is no page's number."""
    return min(max(int(text), 1), most) if text and text.isdecimal() and len(text) < 7 else 1


def row_id(text: str | None) -> int | None:
    """The row after which a list goes on, out of an address; None for anything that is no row's number."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else None
