"""The posts of a campaign on its plan: what is planned and what is out, in the order in which they go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from campaigns.planning.models import Campaign
from campaigns.posts.models import BrandPost
from campaigns.posts.standing import standing
from campaigns.publishing.models import Delivery, DeliveryState
from commons import zones
from commons.db import db
from commons.panels import Panel

MOST = 60


@dataclass(frozen=True)
class Line:
    """A post at a moment, on one or several accounts, and how it stands there as a whole."""

    post: BrandPost
    due_at: datetime
    state: DeliveryState
    accounts: int


def panel(campaign: Campaign, at: datetime) -> Panel:
    """On a campaign's plan: its posts, the way to the calendar, and to a new one that has the campaign filled in."""
    month = f"{zones.day_of(max(campaign.starts_at, min(at, campaign.ends_at)), campaign.zone):%Y-%m}"
    soon = max(campaign.starts_at, at)
    context = {
        "campaign": campaign,
        "lines": lines(campaign),
        "unplanned": _unplanned(campaign),
        "month": month,
        "day": zones.day_of(soon, campaign.zone).isoformat() if soon < campaign.ends_at else None,
    }
    return Panel("campaigns/posts/_of_campaign.html", context, order=10)


def lines(campaign: Campaign) -> list[Line]:
    """What is planned or out between teaser and end, the first in front."""
    first = min(campaign.starts_at, campaign.teaser.starts_at) if campaign.teaser else campaign.starts_at
    query = select(Delivery).join(Delivery.post).options(joinedload(Delivery.post))
    query = query.where(BrandPost.campaign_id == campaign.id, BrandPost.discarded_at.is_(None))
    within = (Delivery.due_at >= first, Delivery.due_at < campaign.ends_at)
    found = db.session.scalars(query.where(*within).order_by(Delivery.due_at, Delivery.post_id).limit(MOST)).unique()
    groups = [list(group) for _key, group in groupby(found, key=lambda one: (one.due_at, one.post_id))]
    return [
        Line(group[0].post, group[0].due_at, standing(one.state for one in group), len(group))
        for group in groups
        if group[0].due_at is not None
    ]


def _unplanned(campaign: Campaign) -> int:
    """How many drafts of the campaign have no time yet."""
    planned = select(Delivery.id).where(Delivery.post_id == BrandPost.id, Delivery.due_at.is_not(None))
    mine = (BrandPost.campaign_id == campaign.id, BrandPost.discarded_at.is_(None), BrandPost.is_pattern.is_(False))
    return db.session.scalar(select(func.count()).select_from(BrandPost).where(*mine, ~planned.exists())) or 0
