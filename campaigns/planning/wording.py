"""Words for the kinds of campaigns and missions, and the state that a campaign is in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from campaigns.planning.models import Campaign, CampaignKind, MissionKind

KIND_WORDS = {
    CampaignKind.CONTENT: _l("Content-led"),
    CampaignKind.COMMUNITY: _l("Community-led"),
    CampaignKind.PRODUCT: _l("Product-led"),
}
KIND_SENTENCES = {
    CampaignKind.CONTENT: _l("Content-led: get the content that the brand stands for"),
    CampaignKind.COMMUNITY: _l("Community-led: get people to meet"),
    CampaignKind.PRODUCT: _l("Product-led: spread one feature or product"),
}
MISSION_WORDS = {
    MissionKind.COMMENT: _l("Comment on a post of the campaign"),
    MissionKind.SHARE: _l("Share a post so that somebody opens it"),
    MissionKind.CHECK_IN: _l("Check in"),
    MissionKind.JOIN_GROUP_BUY: _l("Join a group buy of the campaign"),
}
MISSION_ICONS = {
    MissionKind.COMMENT: "message-circle",
    MissionKind.SHARE: "share",
    MissionKind.CHECK_IN: "calendar-check",
    MissionKind.JOIN_GROUP_BUY: "shopping-bag",
}


def acts() -> Mapping[str, Any]:
    """What the team did, for the audit log."""
    return {
        "campaign.made": _l("Set up the campaign “%(title)s”"),
        "campaign.changed": _l("Changed the campaign “%(title)s”"),
        "campaign.cancelled": _l("Called the campaign “%(title)s” off"),
    }


def state_of(campaign: Campaign, at: datetime) -> str:
    """planned, under_way, ended or cancelled: derived from the facts, never stored."""
    if campaign.cancelled_at is not None:
        return "cancelled"
    if at < campaign.starts_at:
        return "planned"
    return "under_way" if at < campaign.ends_at else "ended"
