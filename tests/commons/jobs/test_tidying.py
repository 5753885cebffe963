from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask

from commons import clock, jobs
from commons.db import db
from commons.jobs.models import Job, JobState
from commons.jobs.tidying import tidy

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def names_left(days: int) -> list[str]:
    clock.set_to(NOON + timedelta(days=days))
    tidy()
    return sorted(f"{job.name} {job.key or ''}".strip() for job in db.session.query(Job))


def test_done_rows_go_after_a_week_and_what_must_be_remembered_after_ninety_days(jobs_app: Flask) -> None:
    clock.set_to(NOON)
    jobs.send("crew.note", number=1)
    jobs.send("crew.note", key="once", number=2)
    jobs.drain(NOON)
    jobs.send("crew.fail", number=3)
    db.session.flush()
    dead = db.session.query(Job).filter_by(name="crew.fail").one()
    dead.state, dead.finished_at = JobState.DEAD, NOON
    jobs.send("crew.turn", due=NOON + timedelta(days=365))
    assert names_left(7) == ["crew.fail", "crew.note", "crew.note once", "crew.turn"]
    assert names_left(8) == ["crew.fail", "crew.note once", "crew.turn"]
    assert names_left(91) == ["crew.turn"]
