"""The kinds of blocks that this room brings."""

from __future__ import annotations

from collections.abc import Iterable

from campaigns.pages.blocks import BlockKind
from campaigns.pages.kinds.living import Countdown, Gallery, GroupBuys, Leaderboard, Missions, More, Posts
from campaigns.pages.kinds.saying import Hero, Questions, Text
from campaigns.pages.kinds.showing import PictureBlock, VideoBlock


def ours() -> Iterable[BlockKind]:
    """In the order in which they are offered."""
    return (
        Hero(),
        Text(),
        PictureBlock(),
        VideoBlock(),
        Missions(),
        Leaderboard(),
        Gallery(),
        GroupBuys(),
        Countdown(),
        Questions(),
        Posts(),
        More(),
    )
