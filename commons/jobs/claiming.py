"""The states of a row and every way from one to the next, each a conditional update.

A claim writes a lease (a random token) and the moment until which it holds. Whatever the claimer writes later names the
token: once the row has been taken over it finds no row, and the claimer rolls back what it did. Callers commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    CursorResult,
    RowMapping,
    Table,
    Update,
    and_,
    bindparam,
    case,
    literal,
    null,
    select,
    update,
)

from commons.db import db, random_id
from commons.jobs.models import OPEN, Job, JobState
from commons.jobs.pauses import pause

LOST = "The worker that ran this was lost."
TABLE = cast("Table", Job.__table__)
FREE = {"lease": null(), "lease_until": null()}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that this process may work on until its lease ends."""

    id: int
    name: str
    queue: str
    arguments: dict[str, Any]
    key: str | None
    tries: int
    most_tries: int
    progress: int
    lease: str


@dataclass(frozen=True, slots=True)
class Queued:
    """A row for which a worker is to be woken. `alone`: it may have taken its worker down, so nothing shares its fate."""

    id: int
    queue: str
    alone: bool


def new_lease() -> str:
    return random_id(16)


def claim(at: datetime, until: datetime, *, limit: int, ids: Sequence[int] | None = None) -> list[Claimed]:
    """Take up to `limit` due rows (of `ids`, if given), oldest first, all under one new lease."""
    wanted = select(Job.id).where(Job.state.in_(OPEN), Job.due_at <= at)
    if ids is not None:
        wanted = wanted.where(Job.id.in_(ids))
    return _claim(wanted, until, limit)


def claim_next(queue: str, at: datetime, until: datetime, *, limit: int) -> list[Claimed]:
    """Take up to `limit` rows of `queue` that workers were woken for and none has begun yet.

    A row that was tried before is left to its own wake-up: it may take its worker down.
    """
    wanted = select(Job.id).where(Job.state == JobState.QUEUED, Job.queue == queue, Job.due_at <= at, Job.tries == 0)
    return _claim(wanted, until, limit)


def queue_due(at: datetime, *, limit: int) -> list[Queued]:
    """Mark up to `limit` due rows as queued; the caller wakes workers for them after the commit."""
    wanted = select(Job.id).where(Job.state == JobState.WAITING, Job.due_at <= at)
    return _queue(_taking(wanted, limit), at)


def queue_again(queue: str, before: datetime, at: datetime, *, limit: int) -> list[Queued]:
    """The rows that were queued before `before` and are not begun: their wake-up is taken as lost."""
    wanted = select(Job.id).where(Job.state == JobState.QUEUED, Job.queue == queue, Job.queued_at < before)
    return _queue(_taking(wanted, limit), at)


def free_lost(at: datetime) -> int:
    """Let go of rows whose lease has ended: they wait again, or are dead after their last try. How many there were."""
    over = TABLE.c.tries >= TABLE.c.most_tries
    change = (
        update(TABLE)
        .where(TABLE.c.state == JobState.RUNNING, TABLE.c.lease_until < at)
        .values(
            state=case((over, _value("state", JobState.DEAD)), else_=_value("state", JobState.WAITING)),
            finished_at=case((over, _value("finished_at", at)), else_=null()),
            last_error=LOST,
            **FREE,
        )
    )
    return _count(change)


def finish(claimed: Claimed, at: datetime) -> bool:
    """The row is done; False when it is no longer ours. The arguments are forgotten: they may name people or secrets."""
    return _count(_FINISH, {"row": claimed.id, "token": claimed.lease, "at": at}) == 1


def fail(claimed: Claimed, error: str, at: datetime) -> bool:
    """The try failed: wait for the next, or dead after the last one."""
    dead = claimed.tries >= claimed.most_tries
    return _ours(
        claimed,
        state=JobState.DEAD if dead else JobState.WAITING,
        due_at=TABLE.c.due_at if dead else at + pause(claimed.tries),
        finished_at=at if dead else null(),
        last_error=error,
        **FREE,
    )


def advance(claimed: Claimed, progress: int, until: datetime) -> bool:
    """One more item of the batch is settled; the lease begins anew. False when the batch is no longer ours."""
    settled = {"row": claimed.id, "token": claimed.lease, "settled": progress, "until": until}
    return _count(_ADVANCE, settled) == 1


def give_back(claimed: Sequence[Claimed]) -> None:
    """Rows that were claimed and not begun are queued as before; the try is not counted."""
    for row in claimed:
        _ours(row, state=JobState.QUEUED, tries=row.tries - 1, **FREE)


def renew(lease: str, until: datetime) -> None:
    """Hold all rows of one claim for longer."""
    db.session.execute(_of_lease(lease).values(lease_until=until))


def revive(at: datetime, *, ids: Sequence[int] | None = None) -> list[Queued]:
    """A person wants dead rows (all, or those of `ids`) tried again from the start."""
    change = update(TABLE).where(TABLE.c.state == JobState.DEAD)
    if ids is not None:
        change = change.where(TABLE.c.id.in_(ids))
    return _queue(change.values(tries=0, due_at=at, finished_at=null(), **FREE), at)


def _claim(wanted: Any, until: datetime, limit: int) -> list[Claimed]:
    lease = new_lease()
    change = _taking(wanted, limit).values(
        state=JobState.RUNNING, lease=lease, lease_until=until, tries=TABLE.c.tries + 1
    )
    returned = change.returning(
        *(TABLE.c[name] for name in ("id", "name", "queue", "arguments", "key", "tries", "most_tries", "progress")),
        TABLE.c.due_at,
    )
    rows = sorted(db.session.execute(returned).mappings(), key=lambda row: (row["due_at"], row["id"]))
    return [_claimed(row, lease) for row in rows]


def _taking(wanted: Any, limit: int) -> Update:
    """An update of the first `limit` of `wanted`, leaving out what another process is taking at this moment."""
    first = wanted.order_by(Job.due_at, Job.id).limit(limit).with_for_update(skip_locked=True).cte("taken")
    return update(TABLE).where(TABLE.c.id.in_(select(first.c.id)))


def _queue(change: Update, at: datetime) -> list[Queued]:
    returned = change.values(state=JobState.QUEUED, queued_at=at).returning(
        TABLE.c.id, TABLE.c.queue, TABLE.c.last_error, TABLE.c.due_at
    )
    rows = sorted(db.session.execute(returned).mappings(), key=lambda row: (row["due_at"], row["id"]))
    return [Queued(row["id"], row["queue"], row["last_error"] == LOST) for row in rows]


def _of_lease(lease: str) -> Update:
    return update(TABLE).where(and_(TABLE.c.lease == lease, TABLE.c.state == JobState.RUNNING))


def _ours(claimed: Claimed, **values: Any) -> bool:
    """Change the row if it is still under this claim; whether it was."""
    return _count(_of_lease(claimed.lease).where(TABLE.c.id == claimed.id).values(**values)) == 1


def _value(column: str, value: object) -> BindParameter[Any]:
    return literal(value, TABLE.c[column].type)


def _count(change: Update, values: dict[str, Any] | None = None) -> int:
    return cast("CursorResult[Any]", db.session.execute(change, values)).rowcount


def _claimed(row: RowMapping, lease: str) -> Claimed:
    fields = ("id", "name", "queue", "arguments", "key", "tries", "most_tries", "progress")
    return Claimed(**{field: row[field] for field in fields}, lease=lease)


# Written once for every row, so they are built only once.
_OURS = update(TABLE).where(
    TABLE.c.id == bindparam("row"), TABLE.c.lease == bindparam("token"), TABLE.c.state == JobState.RUNNING
)
_FINISH = _OURS.values(state=JobState.DONE, finished_at=bindparam("at"), last_error=null(), arguments={}, **FREE)
_ADVANCE = _OURS.values(progress=bindparam("settled"), lease_until=bindparam("until"))
