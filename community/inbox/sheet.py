"""The inbox as CSV, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from commons import zones
from community.inbox.wording import channel_word, kind_word

MARK_OF_UTF_8 = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(rows: Iterable[Any], zone: str) -> Iterator[str]:
    """The file in pieces, beginning with the mark by which Excel knows UTF-8. Times are of `zone`."""
    head = [
        _("Received"), _("Platform time"), _("Channel"), _("Account"), _("Kind"), _("Author"), _("Author ID"), _("Text"),
        _("Withdrawn"), _("ID"), _("In answer to"), _("Post ID"), _("Post"),
    ]  # fmt: skip
    yield MARK_OF_UTF_8 + _line(head)
    for row in rows:
        yield _line([
            _moment(row.received_at, zone), _moment(row.occurred_at, zone), channel_word(row.channel), row.account,
            kind_word(row.kind), row.author, row.author_id, row.text, _moment(row.withdrawn_at, zone), row.public_id,
            row.parent_id or "", row.post_id or "", row.post or "",
        ])  # fmt: skip


def _moment(moment: datetime | None, zone: str) -> str:
    return zones.to_local(moment, zone).strftime("%Y-%m-%d %H:%M:%S") if moment is not None else ""


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([_harmless(cell) for cell in cells])
    return out.getvalue()


def _harmless(cell: str) -> str:
    """Strangers wrote this: what a spreadsheet would take for a formula is put behind an apostrophe."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
