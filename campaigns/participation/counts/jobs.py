"""What the counts do by themselves: notes are brought in, and every night the proof."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from campaigns.participation.counts import folding, goals, proving, scoring
from campaigns.participation.counts.models import CampaignCount
from campaigns.participation.models import Participant
from campaigns.planning.models import Campaign
from commons import clock, jobs
from commons.db import db

log = logging.getLogger(__name__)

# Facts may come in late; after so many days nothing of a campaign changes any more.
STILL_MOVING = timedelta(days=35)


@jobs.job("campaigns.fold", queue="default")
def fold() -> None:
    """Bring what was noted into the counts, and count goals of which nothing is kept yet."""
    folding.fold()
    goals.count_new(clock.now())


@jobs.job("campaigns.prove", queue="proving")
def prove() -> None:
    """Every night: campaigns that may still move are proven, each by itself."""
    at = clock.now()
    folding.forget_minutes(at)
    moving = select(Campaign.id).where(Campaign.ends_at > at - STILL_MOVING).order_by(Campaign.id)
    for campaign_id in db.session.scalars(moving).all():
        jobs.send("campaigns.prove_one", campaign_id=campaign_id)


@jobs.job("campaigns.prove_one", queue="proving")
def prove_one(campaign_id: int) -> None:
    """Compare the counts of a campaign with what they count, and put right what differs."""
    scores, counts = scoring.put_right(campaign_id), proving.put_right(campaign_id, clock.now())
    if scores or counts:
        log.error("campaign %d: %d scores and %d counts were wrong and are put right", campaign_id, scores, counts)


def fill(at: datetime) -> None:
    """Count what took place before counts were kept. Twice is once."""
    has_none = ~exists().where(CampaignCount.campaign_id == Campaign.id)
    has_people = exists().where(Participant.campaign_id == Campaign.id)
    for campaign_id in db.session.scalars(select(Campaign.id).where(has_none, has_people)).all():
        folding.fold()
        scoring.put_right(campaign_id)
        proving.put_right(campaign_id, at)
    goals.count_new(at)


jobs.every("campaigns.fold", seconds=15)
jobs.every("campaigns.prove", seconds=86400)
