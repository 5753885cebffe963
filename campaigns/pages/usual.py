"""The page of a campaign for which nobody has written one: a usual set of blocks for each kind of campaign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from campaigns.pages.blocks import Block, known
from campaigns.planning.models import Campaign, CampaignKind

USUAL: Mapping[CampaignKind, Sequence[str]] = {
    CampaignKind.CONTENT: ("hero", "missions", "gallery", "group_buy", "more", "posts"),
    CampaignKind.COMMUNITY: ("hero", "missions", "leaderboard", "group_buy", "more", "posts"),
    CampaignKind.PRODUCT: ("hero", "group_buy", "missions", "more", "posts"),
}


def usual_blocks(campaign: Campaign) -> list[Block]:
    """The blocks in their order. Each is called like its kind, so that it is the same one whenever it is asked for."""
    kinds = known()
    return [Block(name, name, {**kinds[name].starts_with, **_own(name, campaign)}) for name in USUAL[campaign.kind]]


def _own(name: str, campaign: Campaign) -> dict[str, str]:
    """What the hero says: title and summary of the campaign, in whichever language they were written."""
    if name != "hero":
        return {}
    words = {"title": campaign.title, "text": campaign.summary}
    return {f"{field}_{tag}": text for field, text in words.items() for tag in ("zh", "en")}
