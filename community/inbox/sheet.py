"""The inbox as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from commons import zones
from community.inbox.wording import channel_word, kind_word


def table(rows: Iterable[Any], zone: str) -> Iterator[Sequence[str]]:
    """The heading, then a row for each interaction. Times are of `zone`."""
    yield [
        _("Received"), _("Platform time"), _("Channel"), _("Account"), _("Kind"), _("Author"), _("Author ID"), _("Text"),
        _("Withdrawn"), _("ID"), _("In answer to"), _("Post ID"), _("Post"),
    ]  # fmt: skip
    for row in rows:
        yield [
            _moment(row.received_at, zone), _moment(row.occurred_at, zone), channel_word(row.channel), row.account,
            kind_word(row.kind), row.author, row.author_id, row.text, _moment(row.withdrawn_at, zone), row.public_id,
            row.parent_id or "", row.post_id or "", row.post or "",
        ]  # fmt: skip


def _moment(moment: datetime | None, zone: str) -> str:
    return zones.to_local(moment, zone).strftime("%Y-%m-%d %H:%M:%S") if moment is not None else ""
