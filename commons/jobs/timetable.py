"""Repeating work: each turn is sent once, whoever looks first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from commons.db import db
from commons.jobs import outbox, registry
from commons.jobs.models import Timer


def send_due(at: datetime) -> int:
    """Send every job whose turn has come by `at`; how many. A turn and its row are one transaction; the caller commits."""
    known = due_times()
    due = [name for name in registry.periods if name not in known or known[name] <= at]
    return sum(_take_turn(name, known.get(name), at) for name in due)


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
        db.session.execute(_insert(name, at))
    change = (
        update(Timer)
        .where(Timer.name == name, Timer.due_at == seen)
        .values(due_at=next_turn(seen, registry.periods[name], at))
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", db.session.execute(change)).rowcount != 1:
        return False
    return outbox.send(name, key=f"{name} {seen.isoformat()}", due=at) is not None


def _insert(name: str, at: datetime) -> Any:
    insert = sqlite_insert if db.engine.dialect.name == "sqlite" else postgresql_insert
    return insert(Timer).values(name=name, due_at=at).on_conflict_do_nothing(index_elements=["name"])
