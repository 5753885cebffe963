"""Sending by hand, as campaigns/publishing does it with a database: accounts, calls, and what went wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from commons import clock
from commons.media.store import store
from community.channels.models import ChannelAccount
from community.channels.outcomes import Trouble
from community.channels.protocol import Call, Connection, Media, Network, Outgoing, Sent
from tests.commons.media.pictures import a_picture


def account_of(connection: Connection, channel: str) -> ChannelAccount:
    """The account that `connection` gives, outside of any database."""
    return ChannelAccount(
        channel=channel,
        external_id=connection.external_id,
        name=connection.name,
        address=connection.address,
        credentials=dict(connection.credentials),
        facts=dict(connection.facts),
    )


def outgoing(text: str = "龙井开团", **changes: Any) -> Outgoing:
    usual: dict[str, Any] = {
        "pictures": (),
        "link_slug": None,
        "campaign_id": None,
        "author_name": "阿岚",
        "key": "publication1",
    }
    return Outgoing(text=text, **{**usual, **changes})


def a_medium(
    alt: str = "一杯茶", kind: str = "JPEG", media_type: str = "image/jpeg", content: bytes = b"", **changes: Any
) -> Media:
    """A picture that lies in the store."""
    content = content or a_picture(kind, size=(64, 48))
    digest = hashlib.sha256(content).hexdigest()
    key = f"{digest[:2]}/{digest[2:]}/full"
    store().write(key, content)
    usual: dict[str, Any] = {"size": len(content), "width": 64, "height": 48}
    return Media(id=1, alt=alt, key=key, media_type=media_type, sha256=digest, **{**usual, **changes})


class Sender:
    """Carries out the parts of one publication in order, keeping what a database would keep."""

    def __init__(self, channel: Network, account: ChannelAccount, out: Outgoing) -> None:
        self.channel, self.account = channel, account
        self.requests = channel.freeze(account, out, clock.now())
        self.sent: list[Sent] = []
        self.progress: dict[str, Any] = {}
        self.first_tried_at = clock.now()

    def send(self) -> Sent:
        """The next part; raises what the channel raises."""
        part = self.channel.send(self.account, self._call(), clock.now())
        self.sent.append(part)
        self.progress = {}
        return part

    def send_all(self) -> Sequence[Sent]:
        while len(self.sent) < len(self.requests):
            self.send()
        return self.sent

    def trouble(self) -> Trouble:
        """How the next part goes wrong."""
        try:
            sent = self.send()
        except Trouble as trouble:
            return trouble
        raise AssertionError(f"it stands there: {sent}")

    def find(self, since: datetime | None = None) -> Sent | None:
        return self.channel.find(self.account, self._call(since), clock.now())

    def _call(self, since: datetime | None = None) -> Call:
        return Call(
            request=self.requests[len(self.sent)],
            earlier=tuple(self.sent),
            first_tried_at=since or self.first_tried_at,
            progress=dict(self.progress),
            keep=self._keep,
        )

    def _keep(self, progress: Mapping[str, Any]) -> None:
        self.progress = dict(progress)
