"""Transactions that were still writing when a segment was made.

A fact is marked only where its transaction knows of a segment that it concerns. One that wrote before the segment was
committed does not know of it, and what it wrote is not seen by the look over all members either, unless it ends in time.
So that look notes who is writing when it begins; once they are all over, a second look finds what they have left.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text

from commons.db import db
from community.members.segments.models import SegmentRound

PAUSE = timedelta(seconds=1)
PATIENCE = timedelta(minutes=10)
"""How long a second look waits for one that does not end; the daily proof finds what that one leaves."""

_WRITING = text(
    "SELECT DISTINCT transactionid::text FROM pg_locks"
    " WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND granted AND pid <> pg_backend_pid()"
)


def writing() -> list[str]:
    """The transactions of others that have written something and are not over, by PostgreSQL's numbers.

    None on SQLite: it lets one transaction write at a time, and whoever makes a segment is that one.
    """
    return list(db.session.scalars(_WRITING)) if db.engine.dialect.name == "postgresql" else []


def is_to_wait(round_id: int, at: datetime) -> bool:
    """Whether a round that is to be begun has to let others end first."""
    row = db.session.execute(
        select(SegmentRound.waits_for, SegmentRound.started_at).where(
            SegmentRound.id == round_id, SegmentRound.ended_at.is_(None), SegmentRound.up_to == 0
        )
    ).one_or_none()
    if row is None or not row.waits_for or at >= row.started_at + PATIENCE:
        return False
    return not _are_over(row.waits_for)


def _are_over(transactions: Sequence[str]) -> bool:
    return set(transactions).isdisjoint(writing())
