"""A campaign that is looked at while it runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from campaigns.planning.models import Campaign, MissionKind
from commons import events
from community.members.models import Member
from tests.campaigns.factories import make_campaign, mission

IN_ENGLISH = {"Accept-Language": "en"}


def a_campaign(**changes: Any) -> Campaign:
    """One mission to check in, one to comment twice."""
    return make_campaign(mission(MissionKind.CHECK_IN), mission(MissionKind.COMMENT, 2), **changes)


def comment(fan: Member, campaign: Campaign, at: datetime, key: str) -> None:
    events.track("interaction.comment", key=key, at=at, member_id=fan.id, campaign_id=campaign.id)
