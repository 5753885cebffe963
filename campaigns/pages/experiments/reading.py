"""Finding tests: what runs for a page or for posts, and what there was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from campaigns.pages.experiments.assigning import variant_for
from campaigns.pages.experiments.models import Experiment
from campaigns.pages.models import PageVersion
from campaigns.planning.models import Campaign
from commons.db import db
from community.channels.models import ChannelPost
from community.circle.slots import Wording


def version_for(campaign: Campaign, at: datetime) -> PageVersion | None:
    """The version that a running test shows to the current visitor; None without a test, and for whom it is none."""
    running = select(Experiment).where(Experiment.live_subject == f"page:{campaign.id}")
    experiment = db.session.scalars(running).one_or_none()
    variant = variant_for(experiment, at) if experiment else None
    return variant.version if variant else None


def words_for(posts: Sequence[ChannelPost], at: datetime) -> Mapping[int, Wording]:
    """What running tests say to the current visitor in place of posts' own words, by the post's id."""
    subjects = {f"post:{post.id}": post.id for post in posts}
    running = select(Experiment).where(Experiment.live_subject.in_(subjects))
    found = {}
    for experiment in db.session.scalars(running).all():
        variant = variant_for(experiment, at)
        if variant is not None and variant.position > 0 and experiment.post_id is not None:
            found[experiment.post_id] = Wording(variant.text, variant.link.slug if variant.link else None)
    return found


def of_campaign(campaign: Campaign) -> Sequence[Experiment]:
    """All tests of a campaign, the latest first."""
    query = select(Experiment).where(Experiment.campaign_id == campaign.id)
    return db.session.scalars(query.order_by(Experiment.started_at.desc(), Experiment.id.desc()).limit(100)).all()


def running_in(campaign_id: int) -> int:
    """How many tests of a campaign run."""
    running = (Experiment.campaign_id == campaign_id, Experiment.ended_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(Experiment).where(*running)) or 0
