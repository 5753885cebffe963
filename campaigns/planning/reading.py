"""Finding campaigns: lists, choices for forms, and where each stands in its period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from campaigns.planning.models import Campaign
from campaigns.planning.wording import state_of
from commons.accounts.models import User
from commons.db import db


def campaign_choices(user: User, at: datetime) -> list[tuple[str, str]]:
    """(public id, title) of campaigns that are not over, for a select field; the first choice is none."""
    query = Campaign.visible_to(user, at).where(Campaign.ends_at > at, Campaign.cancelled_at.is_(None))
    campaigns = db.session.scalars(query.order_by(Campaign.starts_at)).all()
    return [("", _("No campaign")), *((campaign.public_id, campaign.title) for campaign in campaigns)]


def running(at: datetime) -> Sequence[Campaign]:
    """The campaigns that run at this moment, the one that ends first in front."""
    query = select(Campaign).where(Campaign.starts_at <= at, Campaign.ends_at > at, Campaign.cancelled_at.is_(None))
    return db.session.scalars(query.order_by(Campaign.ends_at)).all()


def listed(user: User, at: datetime) -> Sequence[Campaign]:
    """All that the person may see: running ones first, then those to come, then the past, each by date."""
    query = Campaign.visible_to(user, at).options(selectinload(Campaign.missions), joinedload(Campaign.lead))
    campaigns = db.session.scalars(query.order_by(Campaign.starts_at.desc())).all()
    order = {"active": 0, "planned": 1, "ended": 2, "cancelled": 3}
    return sorted(campaigns, key=lambda campaign: order[state_of(campaign, at)])
