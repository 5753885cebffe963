"""The outbox: work is sent as a row of the current transaction; a worker is woken once that has been committed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from commons import clock
from commons.db import db, insert_into, random_id
from commons.jobs import registry, waking
from commons.jobs.claiming import TABLE, Queued
from commons.jobs.models import JobState

_WOKEN = "jobs to wake workers for"
_SILENT = "jobs are done here, wake nobody"


def send(name: str, /, due: datetime | None = None, key: str | None = None, **arguments: Any) -> int | None:
    """Have the job `name` done after the current transaction is committed, at once or from `due` on.

    `arguments` must be JSON. The same `key` twice is one row: None is returned then, else the row's id. Raises
    `UnknownJob`.
    """
    known = registry.known(name)
    return put(known.name, known.queue, arguments, due=due, key=key, most_tries=known.tries)


def put(
    name: str,
    queue: str,
    arguments: dict[str, Any],
    *,
    due: datetime | None = None,
    key: str | None = None,
    most_tries: int = registry.TRIES,
) -> int | None:
    """Insert one row: queued, with a wake-up to follow the commit, when it is due, else waiting for the tick."""
    now = clock.now()
    is_due = due is None or due <= now
    row = {
        "public_id": random_id(),
        "name": name,
        "queue": queue,
        "arguments": arguments,
        "key": key,
        "state": JobState.QUEUED if is_due else JobState.WAITING,
        "due_at": due or now,
        "created_at": now,
        "queued_at": now if is_due else None,
        "most_tries": most_tries,
    }
    row_id: int | None = db.session.execute(_insert(db.engine.dialect.name), row).scalar()
    if is_due and row_id is not None:
        wake_after_commit([Queued(row_id, queue, alone=False)])
    return row_id


def wake_after_commit(rows: Sequence[Queued]) -> None:
    """Wake workers for `rows` once the current transaction is committed; forget them if it is rolled back."""
    db.session().info.setdefault(_WOKEN, []).extend(rows)


def be_silent(silent: bool) -> None:
    """Whether the current session's commits wake nobody."""
    db.session().info[_SILENT] = silent


@cache
def _insert(dialect: str) -> Any:
    return insert_into(TABLE, dialect).on_conflict_do_nothing(index_elements=["key"]).returning(TABLE.c.id)


def _committed(session: Session) -> None:
    """Also called when a savepoint is released: the row is not to be seen by others then."""
    if session.in_nested_transaction():
        return
    rows = session.info.pop(_WOKEN, None)
    if rows and not session.info.get(_SILENT):
        waking.wake(rows)


def _rolled_back(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_WOKEN, None)


def listen() -> None:
    """Follow the sessions of the application. Listening twice to the same is once."""
    for name, listener in (("after_commit", _committed), ("after_rollback", _rolled_back)):
        if not event.contains(Session, name, listener):
            event.listen(Session, name, listener)
