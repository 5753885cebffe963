"""Finished rows do not pile up."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, delete, or_

from commons import clock
from commons.db import db
from commons.jobs import registry
from commons.jobs.models import Job, JobState

KEPT = timedelta(days=7)
REMEMBERED = timedelta(days=90)


@registry.job("jobs.tidy")
def tidy() -> None:
    """Forget done rows after a week, those with a key (which guard against a second sending) and dead ones after 90 days."""
    now = clock.now()
    done = and_(Job.state == JobState.DONE, Job.finished_at < now - KEPT, Job.key.is_(None))
    old = and_(Job.state.in_((JobState.DONE, JobState.DEAD)), Job.finished_at < now - REMEMBERED)
    db.session.execute(delete(Job).where(or_(done, old)).execution_options(synchronize_session=False))


registry.every("jobs.tidy", seconds=86400)
