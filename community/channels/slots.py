"""What this room asks of rooms above it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from commons.slots import Slot
from community.channels.handovers import HandOver
from community.channels.models import ChannelAccount, ChannelPost
from community.channels.protocol import Outgoing

planned_until: Slot[Callable[[ChannelAccount], datetime | None]] = Slot(
    "the moment of the last post that is planned for an account; None: nothing is planned"
)
waiting: Slot[Callable[[Collection[str]], Collection[str]]] = Slot(
    "which of these publications, named by their keys, still wait for a person"
)
answered: Slot[Callable[[HandOver, datetime], None]] = Slot("what follows when a person says how a hand-off went")

first_comments: Slot[Callable[[ChannelPost, Outgoing, datetime], None]] = Slot(
    "how the first comment comes under a post that has just been published in the circle"
)


def last_planned(account: ChannelAccount) -> datetime | None:
    """When the last post planned for this account is due."""
    moments = [moment for ask in planned_until if (moment := ask(account)) is not None]
    return max(moments, default=None)
