"""A channel is one idea behind one protocol: somewhere a post of the brand can stand.

Publishing works in steps, so that what was sent is known whatever breaks: `freeze` turns a post into requests, one a part,
which are kept word for word before anything is sent; `send` carries one of them out; `find` looks for it on the channel when
nobody knows whether it arrived. The ways in which `send` may end badly are in `community.channels.outcomes`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, cast, runtime_checkable

from community.channels.models import ChannelAccount, ChannelPost

FOR_EVER = timedelta.max


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or a video: its row, the words for those who do not see it, and the file: `key` is its name in the store.

    `size` is in bytes, `width` and `height` in pixels, `path` is where everybody may fetch it from us.
    """

    id: int
    alt: str
    key: str
    media_type: str
    sha256: str
    size: int
    width: int
    height: int
    path: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One post of a thread."""

    text: str
    pictures: tuple[Media, ...] = ()
    video: Media | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to stand on a channel. `text`, `pictures` and `video` are its first part, `more` the rest of the thread.

    `first_comment` is the brand's own, under the first part. `ad` asks for the ad label. `link_url` is the tracked link,
    in full, for channels that show addresses; `link_slug` is the same for our own pages. `key` names this one publication:
    a channel that keeps it never takes it twice; without one every call is a publication of its own. `sender_ip` is the
    address from which a person released it, where a network asks for that.
    """

    text: str
    pictures: tuple[Media, ...]
    link_slug: str | None
    campaign_id: int | None
    author_name: str
    author_id: int | None = None
    ad: bool = False
    key: str = ""
    video: Media | None = None
    more: tuple[Part, ...] = ()
    first_comment: str = ""
    content_warning: str = ""
    language: str = ""
    link_url: str = ""
    sender_ip: str = ""

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Part(self.text, self.pictures, self.video), *self.more)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an account takes at present. None: no such limit.

    `characters` are counted as the channel counts (see `Counting`); `bytes` are those of the text in UTF-8.
    """

    characters: int
    pictures: int
    bytes: int | None = None
    picture_bytes: int | None = None
    videos: int = 0
    video_bytes: int | None = None
    alt_characters: int | None = None
    comment_characters: int | None = None


@dataclass(frozen=True, slots=True)
class Counting:
    """How a channel counts the length of a text; the composer counts alike in the browser (static/js/counting.js).

    `unit` is "graphemes", or "halves": a character up to U+00FF is one half, any other of the basic plane one, beyond it
    two, and the sum is rounded up. `url` is what every http(s) address counts, None: its own length. `short_mentions`: of
    `@user@domain` only `@user` counts. `short_addresses`: an address is shown, and counted, without its scheme and with a
    long path cut.
    """

    unit: str = "graphemes"
    url: int | None = None
    short_mentions: bool = False
    short_addresses: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What a kind of channel can do. `label` is a lazy translation, `icon` a name of static/icons.txt.

    `transactional`: publishing is part of our own transaction, exactly once. `safe_retry`: for how long after the first
    try the same request may be sent again without a second post; None: never. `can_find`: whether `find` can tell.
    `labels_ads`: it says itself that something is an ad; elsewhere the text says so. `by_person`: a person posts by hand and
    says so. `replies` are the ways in which the brand can answer there. `pace` says, in words, how often it may be called.
    """

    label: Any
    icon: str
    transactional: bool = False
    safe_retry: timedelta | None = None
    can_find: bool = True
    labels_ads: bool = False
    by_person: bool = False
    needs_alt: bool = False
    threads: bool = False
    first_comment: bool = False
    content_warning: bool = False
    needs_link: bool = False
    hashtags: bool = True
    replies: tuple[str, ...] = ()
    pace: Any = ""
    counting: Counting = field(default_factory=Counting)


@dataclass(frozen=True, slots=True)
class Sent:
    """One part as it now stands on the channel. `details` is what a later part or call needs (a cid, say): JSON."""

    external_id: str
    url: str = ""
    answer: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One part on its way. `request` is what `freeze` made of it; `earlier` are the parts that already stand, in order.

    `progress` is what earlier tries of this part have reached (media that were taken, say), and `keep` writes it down at
    once, so that a try that breaks off loses none of it.
    """

    request: Mapping[str, Any]
    earlier: Sequence[Sent]
    first_tried_at: datetime
    progress: Mapping[str, Any] = field(default_factory=dict)
    keep: Callable[[Mapping[str, Any]], None] = lambda progress: None


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a person types to connect an account. `kind` is "text", "url", "secret", or "yes" for a box to tick,
    whose value is "yes" or empty.
    """

    name: str
    label: Any
    hint: Any = ""
    kind: str = "text"
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Connection:
    """An account that answered. `facts` are what the channel told of itself (limits, say); `credentials` are kept encrypted.

    `expires_at` is when the credentials end; None: not by themselves. `reveal` is a secret that the person carries to the
    far end: it is shown once, right after connecting.
    """

    external_id: str
    name: str
    credentials: Mapping[str, Any]
    facts: Mapping[str, Any] = field(default_factory=dict)
    address: str = ""
    expires_at: datetime | None = None
    reveal: str = ""


class Channel(Protocol):
    """One kind of place. `fields` is what a person types to connect an account of it."""

    @property
    def name(self) -> str: ...

    @property
    def facts(self) -> Facts: ...

    @property
    def fields(self) -> Sequence[Field]: ...

    def limits(self, account: ChannelAccount) -> Limits: ...


class Inside(Channel, Protocol):
    """A channel of our own, whose posts are rows: `publish` is part of the caller's transaction. Flushed.

    Publishing the same `key` twice gives the same post. Raises `outcomes.Rejected`.
    """

    def publish(self, account: ChannelAccount, outgoing: Outgoing, at: datetime) -> ChannelPost: ...


class Network(Channel, Protocol):
    """A channel out there. None of these uses the database: they run outside of any transaction.

    Renewed credentials are kept by `accounts.renew`, files are read from `commons.media.store`. `freeze` gives one JSON
    request for each part, and last for the first comment, marked `"comment": True`; it may read from the channel. `send`
    carries one out. `find` looks for a part that may have arrived: it, or None when it is not there;
    `outcomes.CannotTell` when that cannot be known. `look` fetches the live text again, None when it is gone. `refresh` asks
    the channel about the account: whether the credentials still hold (`outcomes.SignIn`), and its facts as they are now.
    `connect` signs in with what a person typed. All raise an `outcomes.Trouble` when they fail.
    """

    def freeze(self, account: ChannelAccount, outgoing: Outgoing, at: datetime) -> list[dict[str, Any]]: ...

    def send(self, account: ChannelAccount, call: Call, at: datetime) -> Sent: ...

    def find(self, account: ChannelAccount, call: Call, at: datetime) -> Sent | None: ...

    def look(self, account: ChannelAccount, sent: Sent) -> str | None: ...

    def refresh(self, account: ChannelAccount, at: datetime) -> Connection: ...

    def connect(self, values: Mapping[str, str], at: datetime) -> Connection: ...


@runtime_checkable
class Authorizing(Protocol):
    """A network whose accounts are connected by consent on its own pages (OAuth 2).

    `authorize` gives the address to send the person to and what must be kept (encrypted) until `exchange` gets the code.
    Where the person typed something into a field called `token`, `connect` is asked instead.
    """

    def authorize(self, values: Mapping[str, str], redirect_uri: str, state: str) -> tuple[str, dict[str, Any]]: ...

    def exchange(self, kept: Mapping[str, Any], code: str, redirect_uri: str, at: datetime) -> Connection: ...


@runtime_checkable
class Particular(Protocol):
    """A channel that can more on one account than on another."""

    def facts_of(self, account: ChannelAccount) -> Facts: ...


@runtime_checkable
class Choosy(Protocol):
    """A channel that wants of a post what facts and limits cannot say. `lacks` gives it as sentences, asking nobody."""

    def lacks(self, account: ChannelAccount, outgoing: Outgoing) -> list[str]: ...


@runtime_checkable
class Recognizing(Protocol):
    """A network that can read from the address of a post which one it is, without asking anybody.

    `recognize` gives the post, as far as the address tells; None when it cannot be one of the account's.
    """

    def recognize(self, account: ChannelAccount, url: str) -> Sent | None: ...


_channels: dict[str, Channel] = {}


def register(channel: Inside | Network) -> None:
    """Make a channel known by its name; the same one twice is one."""
    _channels[channel.name] = channel


def channel_named(name: str) -> Channel:
    """The channel called `name`; LookupError when nothing can be published there (imported accounts, say)."""
    try:
        return _channels[name]
    except KeyError:
        raise LookupError(f"no channel is called {name!r}") from None


def inside_named(name: str) -> Inside:
    """The channel of our own that is called so."""
    return cast("Inside", channel_named(name))


def network_named(name: str) -> Network:
    """The network that is called so."""
    return cast("Network", channel_named(name))


def facts_of(account: ChannelAccount) -> Facts:
    """What this account's channel can do, on this account."""
    channel = channel_named(account.channel)
    return channel.facts_of(account) if isinstance(channel, Particular) else channel.facts


def wishes_of(account: ChannelAccount, outgoing: Outgoing) -> list[str]:
    """What the account's channel wants of the post beyond its facts and limits."""
    channel = channel_named(account.channel)
    return channel.lacks(account, outgoing) if isinstance(channel, Choosy) else []


def known() -> list[Channel]:
    """All kinds of channel, in the order in which they were registered."""
    return list(_channels.values())


def transactional_names() -> list[str]:
    """The channels whose posts are rows of our own."""
    return [channel.name for channel in _channels.values() if channel.facts.transactional]
