"""What a campaign does by itself: phases turn, the end is noted, owners of tasks are reminded."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select

from campaigns.planning import phasing, reminding, writing
from campaigns.planning.models import Campaign, Phase
from commons import clock, jobs
from commons.db import db


@jobs.job("planning.turn")
def turn(phase_id: int) -> None:
    """When a phase begins. One that was moved or removed meanwhile is left alone."""
    phase = db.session.get(Phase, phase_id)
    if phase is not None:
        phasing.turn(phase, clock.now())


@jobs.job("planning.end")
def end(campaign_id: int) -> None:
    """At the end of a campaign; one that was moved has a job of its own for then."""
    writing.end(db.session.get_one(Campaign, campaign_id), clock.now())


@jobs.job("planning.tend")
def tend() -> None:
    """Every few minutes: owners whose tasks are due within a day, and steps that lost their row of work."""
    at = clock.now()
    reminding.remind(at)
    resume(at)


def resume(at: datetime) -> None:
    """Take the steps that should have been taken by now, campaign by campaign. Those that were taken change nothing."""
    running = (Campaign.launched_at.is_not(None), Campaign.cancelled_at.is_(None), Campaign.ended_at.is_(None))
    missed = Campaign.phases.any(and_(Phase.begun_at.is_(None), Phase.starts_at <= at))
    late = select(Campaign).where(*running, or_(missed, Campaign.ends_at <= at)).order_by(Campaign.id)
    for campaign in db.session.scalars(late).all():
        phasing.turn_due(campaign, at)
        writing.end(campaign, at)


jobs.every("planning.tend", seconds=600)
