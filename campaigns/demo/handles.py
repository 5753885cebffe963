"""What the demo shows of handles: fans who proved theirs on a network by signing in there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from campaigns.demo.stage import Cast
from commons import clock
from commons.accounts.identities.providers import HandleName, Proven
from community.handles import following

Step = Callable[[], object]

# Fan, day and time, network, who it is there, under which name.
PROVEN = (
    (0, -11, "20:12", "weibo", "1404376560", "喝茶的小满"),
    (4, -8, "12:40", "weibo", "2489518277", "山间茶客"),
    (7, -5, "21:05", "mastodon", "oolong@tea.example", "@oolong@tea.example"),
)


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """The steps with their moments, in no order."""
    for fan, day, time, network, external_id, name in PROVEN:
        yield cast.day(day, time), partial(_prove, cast, fan, HandleName(network, external_id, name))


def _prove(cast: Cast, fan: int, handle: HandleName) -> None:
    user = cast.fans[fan].user
    assert user is not None
    issuer = f"https://{handle.channel}.example"
    following.follow(user, Proven(handle.channel, issuer, handle.external_id, handle.name, handle=handle), clock.now())
