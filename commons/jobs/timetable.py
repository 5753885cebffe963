"""Repeating work: each turn is sent once, whoever looks first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select, update

from commons.db import changed, db, insert_new
from commons.jobs import outbox, registry
from commons.jobs.models import Timer

CLOCKS_DIFFER = timedelta(minutes=1)
"""More than the clocks of two machines are apart."""


def send_due(at: datetime) -> int:
    """Send every job whose turn has come by `at`; how many. A turn and its row are one transaction; the caller commits."""
    known = due_times()
    due = [name for name in registry.periods if name not in known or has_come(known[name], registry.periods[name], at)]
    return sum(_take_turn(name, known.get(name), at) for name in due)


def has_come(due: datetime, seconds: int, at: datetime) -> bool:
    """Whether a turn is due. One further ahead than its period was written by a clock that has been set back since."""
    return due <= at or due > at + timedelta(seconds=seconds) + CLOCKS_DIFFER


def due_times() -> Mapping[str, datetime]:
    """When each piece of repeating work is due next; a name that has never had a turn is missing."""
    rows = db.session.execute(select(Timer.name, Timer.due_at).where(Timer.name.in_(registry.periods)))
    return {row.name: row.due_at for row in rows}


def next_turn(seen: datetime, seconds: int, at: datetime) -> datetime:
    """The first turn after `at` in the rhythm of `seen`: turns that were slept through are not made up for."""
    period = timedelta(seconds=seconds)
    return seen + period * ((at - seen) // period + 1)


def _take_turn(name: str, seen: datetime | None, at: datetime) -> bool:
    if seen is None:
        seen = at
        insert_new(Timer, {"name": name, "due_at": at})
    next_due = next_turn(seen, registry.periods[name], at)
    if changed(update(Timer).where(Timer.name == name, Timer.due_at == seen).values(due_at=next_due)) != 1:
        return False
    return outbox.send(name, key=f"{name} {min(seen, at).isoformat()}", due=at) is not None
