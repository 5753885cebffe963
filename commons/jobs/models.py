"""Work to be done, as rows: the outbox, the timetable and the tick's lease. Redis only wakes workers."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Index, Select, String, Text, false, select
from sqlalchemy.orm import Mapped, mapped_column

from commons.db import Model, Public, word_enum
from commons.permissions import Permission


class JobState(enum.StrEnum):
    """waiting → (queued) → running → done; a failed try goes back to waiting, the last one is dead."""

    WAITING = "waiting"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


class Person(Protocol):
    """Whoever looks: anything that knows what it may do."""

    def can(self, permission: Permission) -> bool: ...


OPEN = (JobState.WAITING, JobState.QUEUED)


class Job(Public, Model):
    """One call that must happen after the commit: `name` of a registered job or sweep and its JSON arguments.

    `queued_at` is when a worker was last woken for it. While it runs, `lease` names the claim and `lease_until` says when
    another worker may take over. `progress` counts how many items of a sweep's batch are settled.
    """

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_due_at", "state", "due_at"),)

    name: Mapped[str] = mapped_column(String(64))
    queue: Mapped[str] = mapped_column(String(32))
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    key: Mapped[str | None] = mapped_column(String(160), unique=True)
    state: Mapped[JobState] = mapped_column(word_enum(JobState), default=JobState.WAITING)
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    queued_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    lease: Mapped[str | None] = mapped_column(String(16))
    progress: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    most_tries: Mapped[int] = mapped_column(default=6)
    last_error: Mapped[str | None] = mapped_column(Text)
    finished_at: Mapped[datetime | None]

    @classmethod
    def visible_to(cls, user: Person) -> Select[Job]:
        """Those who manage background work see all of it, nobody else any."""
        return select(cls) if user.can(Permission.JOBS_MANAGE) else select(cls).where(false())


class Timer(Model):
    """When a repeating piece of work is due next. Claimed by a conditional update, so that each turn happens once."""

    __tablename__ = "timer"

    name: Mapped[str] = mapped_column(String(64), unique=True)
    due_at: Mapped[datetime]


class TickLease(Model):
    """The single row that says which tick process is at work, and until when."""

    __tablename__ = "tick_lease"

    holder: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime]
