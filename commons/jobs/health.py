"""How background work stands: who is alive, how much there is, how late things are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from commons.db import db
from commons.jobs import registry, ticking, timetable, waking
from commons.jobs.models import OPEN, Job, JobState

LATE = timedelta(seconds=60)
LOOKED_AT = 1000
RECENT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Health:
    """`workers` is None when Redis cannot be asked. `usual` and `worst`: from due to done, over the last hour."""

    tick_until: datetime | None
    tick_is_alive: bool
    workers: Mapping[str, int] | None
    overdue: timedelta
    usual: timedelta | None
    worst: timedelta | None

    @property
    def tick_state(self) -> str:
        return "healthy" if self.tick_is_alive else "down"

    @property
    def redis_state(self) -> str:
        return "down" if self.workers is None else "healthy"

    @property
    def overdue_state(self) -> str:
        return "late" if self.overdue > LATE else "healthy"

    def queue_state(self, queue: str) -> str:
        return "healthy" if self.workers and self.workers.get(queue) else "down"


@dataclass(frozen=True, slots=True)
class Turn:
    """One line of the timetable; `due_at` is None until the tick has first seen it."""

    name: str
    every: timedelta
    due_at: datetime | None


def health(at: datetime) -> Health:
    lease = ticking.current_lease()
    usual, worst = _lateness(at)
    return Health(
        tick_until=lease.until if lease else None,
        tick_is_alive=lease is not None and lease.until >= at,
        workers=waking.present(),
        overdue=_overdue(at),
        usual=usual,
        worst=worst,
    )


def counts() -> dict[str, int]:
    """How many rows there are in each state."""
    rows = db.session.execute(select(Job.state, func.count()).group_by(Job.state))
    known = {str(state): count for state, count in rows}
    return {state.value: known.get(state.value, 0) for state in JobState}


def turns() -> list[Turn]:
    """The timetable, what is due soonest first."""
    due = timetable.due_times()
    known = [Turn(name, timedelta(seconds=seconds), due.get(name)) for name, seconds in registry.periods.items()]
    return sorted(known, key=lambda turn: (turn.due_at is not None, turn.due_at or turn.every, turn.name))


def _overdue(at: datetime) -> timedelta:
    """How long the oldest row that is due has been waiting for a worker."""
    oldest = db.session.scalar(select(func.min(Job.due_at)).where(Job.state.in_(OPEN), Job.due_at <= at))
    return at - oldest if oldest else timedelta()


def _lateness(at: datetime) -> tuple[timedelta | None, timedelta | None]:
    """Median and 99th percentile from due to done, of the newest rows of the last hour."""
    newest = (
        select(Job.due_at, Job.finished_at)
        .where(Job.state == JobState.DONE, Job.due_at > at - RECENT)
        .order_by(Job.due_at.desc())
        .limit(LOOKED_AT)
    )
    waited = sorted(finished - due for due, finished in db.session.execute(newest) if finished is not None)
    if not waited:
        return None, None
    return waited[len(waited) // 2], waited[min(len(waited) - 1, len(waited) * 99 // 100)]
