"""Where campaigns plug into the circle's pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from commons.accounts.models import User
from commons.panels import Panel
from commons.slots import Slot
from community.channels.models import ChannelPost
from community.members.models import Member

share_link: Slot[Callable[[Member, ChannelPost, datetime], str]] = Slot(
    "the absolute address by which this member shares this post; the first plug answers"
)


@dataclass(frozen=True)
class Wording:
    """What somebody reads of a post, and the ending of the tracked link behind it."""

    text: str
    link_slug: str | None


wordings: Slot[Callable[[Sequence[ChannelPost]], Mapping[int, Wording]]] = Slot(
    "what the current visitor reads of posts in place of their own words, by the post's id; nothing for most"
)
status_panels: Slot[Callable[[Member, datetime], Panel | None]] = Slot("panels of the fan's status page")
feed_asides: Slot[Callable[[User | None, datetime], Panel | None]] = Slot("panels beside the feed")
