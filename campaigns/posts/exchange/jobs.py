"""Confirmed rows are written in the background, each in a transaction of its own."""

from __future__ import annotations

from datetime import datetime

from campaigns.posts.exchange import importing
from commons import jobs
from commons.db import db


def register() -> None:
    jobs.sweep("posts.import", queue="default", claim=importing.claim, run=write)


def write(row_id: int, at: datetime) -> None:
    """Write one row. What breaks it off is noted with it in a transaction of its own: the report never waits for ever."""
    try:
        importing.write_row(row_id, at)
    except Exception:
        db.session.rollback()
        importing.give_up(row_id)
        db.session.commit()
        raise
