"""What the pages of an import show of its rows, each with its post."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import joinedload

from campaigns.posts.exchange.columns import COLUMNS
from campaigns.posts.exchange.models import PostImport, PostImportRow
from commons.paging import Page
from commons.sheets import reporting
from commons.sheets.reporting import Counts, Shown

__all__ = ["Counts", "Shown", "counts", "page", "refused_rows"]


def counts(found: PostImport) -> Counts:
    return reporting.counts(PostImportRow, found)


def page(found: PostImport, shown: Shown) -> Page[PostImportRow]:
    return reporting.page(PostImportRow, found, shown, joinedload(PostImportRow.post))


def refused_rows(found: PostImport) -> Iterator[list[str]]:
    return reporting.refused_rows(PostImportRow, found, COLUMNS)
