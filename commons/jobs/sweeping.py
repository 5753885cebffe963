"""Sweeps: rows of a domain that come due by themselves, put into batches that workers go through.

An item that fails gets a letter: a row of its own, with its own tries, which a person can look at when it is dead. While
an item has an open letter, batches leave it to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import select

from commons import bulk
from commons.db import db, insert_into, random_id
from commons.jobs import outbox
from commons.jobs.claiming import Claimed
from commons.jobs.models import OPEN, Job, JobState
from commons.jobs.pauses import pause
from commons.jobs.registry import TRIES, Sweep

AT_ONCE = 1000
MOST_ROUNDS = 10
BATCH, SHARES = 100, 8
MANY, MANY_SHARES = 250, 4
PATIENCE = timedelta(seconds=10)


def sweep_due(sweep: Sweep, at: datetime) -> bool:
    """One round: claim what is due at `at` and put it into batches. Whether there may be more. The caller commits."""
    ids = list(sweep.claim(at, AT_ONCE))
    most, shares = (BATCH, SHARES) if sweep.run_many is None else (MANY, MANY_SHARES)
    size = max(1, min(most, ceil(len(ids) / shares)))
    for start in range(0, len(ids), size):
        outbox.put(sweep.name, sweep.queue, {"items": ids[start : start + size]}, due=at)
    return len(ids) >= AT_ONCE


def is_behind(sweep: Sweep, at: datetime) -> bool:
    """Whether batches of earlier rounds still wait: what is due stays in the domain until workers have caught up."""
    waiting = select(Job.id).where(
        Job.state.in_(OPEN), Job.name == sweep.name, Job.key.is_(None), Job.created_at < at - PATIENCE
    )
    return db.session.execute(waiting.limit(1)).first() is not None


def items_of(batch: Claimed) -> list[int]:
    """What a batch still has to settle."""
    items: list[int] = batch.arguments["items"]
    return items[batch.progress :]


def with_letters(sweep: Sweep, items: Sequence[int]) -> set[int]:
    """Those of `items` that have a letter which is not done."""
    keys = {_key(sweep.name, item): item for item in items}
    known = select(Job.key).where(bulk.among(Job.key, keys), Job.state != JobState.DONE)
    return {keys[key] for key in db.session.scalars(known) if key is not None}


def write_letter(batch: Claimed, item: int, at: datetime, error: str | None = None) -> None:
    """Give `item` a row of its own: its first try has failed with `error`, or (None) it has yet to be tried."""
    row = {
        "public_id": random_id(),
        "name": batch.name,
        "queue": batch.queue,
        "arguments": {"items": [item]},
        "key": _key(batch.name, item),
        "state": JobState.WAITING,
        "due_at": at if error is None else at + pause(1),
        "created_at": at,
        "tries": 0 if error is None else 1,
        "most_tries": TRIES,
        "last_error": error,
    }
    db.session.execute(_insert_or_reopen(row))


def _key(name: str, item: int) -> str:
    return f"{name} {item}"


def _insert_or_reopen(row: dict[str, Any]) -> Any:
    """A letter that was done begins anew; an open one is left as it is."""
    new = insert_into(Job).values(**row)
    again = {name: new.excluded[name] for name in row if name not in {"public_id", "name", "queue", "key"}}
    return new.on_conflict_do_update(
        index_elements=["key"], set_={**again, "finished_at": None}, where=Job.state == JobState.DONE
    )
