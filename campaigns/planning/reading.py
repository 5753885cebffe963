"""Finding campaigns: lists, choices for forms, and where each stands in its period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from campaigns.planning.models import Campaign
from campaigns.planning.wording import state_of
from commons.accounts.models import User
from commons.db import db


def campaign_choices(user: User, at: datetime, chosen: Campaign | None = None) -> dict[str, str]:
    """Title by public id of campaigns that are not over, and of the one `chosen` before; the first choice is none."""
    open_now = and_(Campaign.ends_at > at, Campaign.cancelled_at.is_(None))
    if chosen is not None:
        open_now = or_(open_now, Campaign.id == chosen.id)
    campaigns = db.session.scalars(Campaign.visible_to(user, at).where(open_now).order_by(Campaign.starts_at)).all()
    return {"": str(_("No campaign"))} | {campaign.public_id: campaign.title for campaign in campaigns}


def running(at: datetime) -> Sequence[Campaign]:
    """The campaigns that run at this moment, the one that ends first in front."""
    return db.session.scalars(select(Campaign).where(is_running(at)).order_by(Campaign.ends_at)).all()


def is_running(at: datetime) -> ColumnElement[bool]:
    """Whether a campaign runs at this moment."""
    return and_(Campaign.starts_at <= at, Campaign.ends_at > at, Campaign.cancelled_at.is_(None))


def listed(user: User, at: datetime) -> Sequence[Campaign]:
    """All that the person may see: running ones first, then those to come, then the past, each by date."""
    query = Campaign.visible_to(user, at).options(selectinload(Campaign.missions), joinedload(Campaign.lead))
    campaigns = db.session.scalars(query.order_by(Campaign.starts_at.desc())).all()
    order = {"under_way": 0, "planned": 1, "ended": 2, "cancelled": 3}
    return sorted(campaigns, key=lambda campaign: order[state_of(campaign, at)])
