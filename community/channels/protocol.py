"""A channel is one idea behind one protocol: somewhere a post of the brand can stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from community.channels.models import ChannelAccount, ChannelPost


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to stand on a channel, frozen. `pictures` are `(picture id, words for those who do not see it)`.

    `ad` asks for the ad label. `key` names this one publication: a channel that keeps it never takes it twice; without
    one every call is a publication of its own.
    """

    text: str
    pictures: tuple[tuple[int, str], ...]
    link_slug: str | None
    campaign_id: int | None
    author_name: str
    ad: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel takes: characters as readers count them (grapheme clusters), and pictures."""

    characters: int
    pictures: int


class Rejected(Exception):
    """The channel has said no, for good: sending the same again would not help. The text says why, for people."""


class Channel(Protocol):
    """One kind of place. `publish` returns the post as it now stands there; raises `Rejected` when the channel says no."""

    @property
    def name(self) -> str: ...

    @property
    def limits(self) -> Limits: ...

    def publish(self, account: ChannelAccount, outgoing: Outgoing, at: datetime) -> ChannelPost: ...


_channels: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    """Make a channel known by its name; the same one twice is one."""
    _channels[channel.name] = channel


def channel_named(name: str) -> Channel:
    """The channel called `name`; LookupError when nothing can be published there (imported accounts, say)."""
    try:
        return _channels[name]
    except KeyError:
        raise LookupError(f"no channel is called {name!r}") from None
