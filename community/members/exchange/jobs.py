"""Confirmed rows are written in the background, each in a transaction of its own."""

from __future__ import annotations

from datetime import datetime

from commons import jobs
from commons.sheets.importing import write_or_give_up
from community.members.exchange import importing
from community.members.exchange.models import MemberImportRow


def register() -> None:
    jobs.sweep("members.import", queue="default", claim=importing.claim, run=write)


def write(row_id: int, at: datetime) -> None:
    """Write one row; what breaks it off is noted with it."""
    write_or_give_up(MemberImportRow, row_id, importing.write_row, at)
