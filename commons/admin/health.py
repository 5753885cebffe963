"""How the machinery is doing: database, Redis, tick, workers, work that waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from commons.accounts.models import User
from commons.db import db
from commons.jobs import ticking, waking
from commons.jobs.models import Job, JobState
from commons.jobs.registry import QUEUES
from commons.panels import Panel
from commons.permissions import Permission
from commons.slots import Slot

LATE_AFTER = 60.0

amiss: Slot[Callable[[datetime], str | None]] = Slot("what a room finds wrong with its own numbers, as a sentence")
UNFINISHED = (JobState.WAITING, JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True)
class Health:
    """A look at one moment. Times are seconds; None means unknown."""

    database: float | None
    redis: bool
    workers: dict[str, int]
    tick: float | None = None
    ticks: bool = False
    waiting: int = 0
    late: float = 0.0
    dead: int = 0
    amiss: Sequence[str] = ()

    @property
    def state(self) -> str:
        """`down` without the database; `late` while something else is amiss; else `healthy`."""
        if self.database is None:
            return "down"
        return "healthy" if self.redis and self.ticks and self.late < LATE_AFTER and not self.amiss else "late"


def look(at: datetime) -> Health:
    """Ask everything, each with a short patience."""
    found = waking.present()
    workers = {queue: (found or {}).get(queue, 0) for queue in QUEUES}
    try:
        started = time.perf_counter()
        db.session.execute(text("SELECT 1"))
        answered = time.perf_counter() - started
        return Health(answered, found is not None, workers, **_tick(at), **_work(at), amiss=_amiss(at))
    except SQLAlchemyError:
        db.session.rollback()
        return Health(None, found is not None, workers)


def panel(user: User, at: datetime) -> Panel | None:
    """A word on the start page of those who can mend it, while something is amiss."""
    if not user.can(Permission.JOBS_MANAGE):
        return None
    found = look(at)
    return Panel("commons/admin/_health.html", {"health": found}, order=1) if found.state != "healthy" else None


def _tick(at: datetime) -> dict[str, Any]:
    """When the tick was last seen at work, and whether its lease still runs."""
    lease = ticking.current_lease()
    if lease is None:
        return {}
    return {"tick": max(0.0, (at - (lease.until - ticking.LEASE)).total_seconds()), "ticks": lease.until >= at}


def _amiss(at: datetime) -> list[str]:
    """What the rooms have to complain about."""
    return [words for words in (ask(at) for ask in amiss) if words]


def _work(at: datetime) -> dict[str, Any]:
    """How much is due and not done, since when at the longest, and what was given up."""
    due = (Job.state.in_(UNFINISHED), Job.due_at <= at)
    waiting, oldest = db.session.execute(select(func.count(), func.min(Job.due_at)).where(*due)).one()
    dead = db.session.scalar(select(func.count()).where(Job.state == JobState.DEAD))
    late = max(0.0, (at - oldest).total_seconds()) if oldest else 0.0
    return {"waiting": waiting, "late": late, "dead": dead or 0}
