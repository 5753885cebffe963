"""The edge towards fans: which page and which words whoever makes the current request sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from campaigns.pages import versions
from campaigns.pages.blocks import Block
from campaigns.pages.experiments import reading
from campaigns.pages.rendering import fans_page
from campaigns.pages.usual import usual_blocks
from campaigns.planning.models import Campaign
from commons import clock
from commons.panels import Panel
from community.channels.models import ChannelPost
from community.circle.slots import Wording
from community.members.current import current_member


def page_of(campaign: Campaign, at: datetime) -> Panel:
    """The version of a running test, else the one that was published last, else the usual blocks."""
    version = reading.version_for(campaign, at) or versions.current(campaign.id)
    blocks = [Block.of(kept) for kept in version.blocks] if version else usual_blocks(campaign)
    return fans_page(blocks, campaign, current_member(), at)


def words_of(posts: Sequence[ChannelPost]) -> Mapping[int, Wording]:
    """What running tests say in place of posts' own words."""
    return reading.words_for(posts, clock.now())
