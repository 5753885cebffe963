"""A network in this process that does as it is told: what it answers to the next calls is written down beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from campaigns.posts.models import PostVariant
from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery
from commons.accounts.models import User
from commons.db import db
from commons.zones import to_local
from community.channels import accounts
from community.channels.models import ChannelAccount
from community.channels.outcomes import Trouble
from community.channels.protocol import Call, Connection, Facts, Limits, Outgoing, Sent
from tests.campaigns.posts.factories import make_post

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Arrived:
    """The post is taken, and then this goes wrong."""

    trouble: Exception


@dataclass
class Scripted:
    """`sends`, `finds` and `freezes` are what the next calls end in; what is not written down goes well.

    `posts` is what stands on the far end: (key, text). `keyed` takes the same key once.
    """

    facts: Facts = field(
        default_factory=lambda: Facts(label="Scripted", icon="world", threads=True, first_comment=True)
    )
    keyed: bool = False
    name: str = "scripted"
    fields: tuple[()] = ()
    sends: list[Any] = field(default_factory=list)
    finds: list[Any] = field(default_factory=list)
    freezes: list[Exception] = field(default_factory=list)
    refreshes: list[Any] = field(default_factory=list)
    posts: list[tuple[str, str]] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)

    def limits(self, account: ChannelAccount) -> Limits:
        return Limits(characters=int(account.facts.get("characters", 500)), pictures=4)

    def freeze(self, account: ChannelAccount, outgoing: Outgoing, at: datetime) -> list[dict[str, Any]]:
        if self.freezes:
            raise self.freezes.pop(0)
        texts = [part.text for part in outgoing.parts]
        requests = [{"text": text, "key": f"{outgoing.key}-{number}"} for number, text in enumerate(texts, start=1)]
        comment = {"text": outgoing.first_comment, "key": f"{outgoing.key}-c", "comment": True}
        return [*requests, comment] if outgoing.first_comment else requests

    def send(self, account: ChannelAccount, call: Call, at: datetime) -> Sent:
        key = str(call.request["key"])
        self.calls.append(("send", key))
        told = self.sends.pop(0) if self.sends else None
        if isinstance(told, Exception):
            raise told
        sent = self._take(key, str(call.request["text"]))
        if isinstance(told, Arrived):
            raise told.trouble
        return sent

    def find(self, account: ChannelAccount, call: Call, at: datetime) -> Sent | None:
        key = str(call.request["key"])
        self.calls.append(("find", key))
        told = self.finds.pop(0) if self.finds else None
        if isinstance(told, Exception):
            raise told
        stands = any(known == key for known, _text in self.posts)
        return Sent(key, url=f"https://far.example/{key}") if stands and told != "hidden" else None

    def look(self, account: ChannelAccount, sent: Sent) -> str | None:
        return next((text for key, text in self.posts if key == sent.external_id), None)

    def refresh(self, account: ChannelAccount, at: datetime) -> Connection:
        told = self.refreshes.pop(0) if self.refreshes else None
        if isinstance(told, Trouble):
            raise told
        known = Connection(account.external_id, account.name, {}, account.facts, account.address, account.expires_at)
        return replace(known, **told) if isinstance(told, Mapping) else known

    def connect(self, values: Mapping[str, str], at: datetime) -> Connection:
        return Connection("brand@far.example", "品牌号", {}, {}, "https://far.example/@brand")

    def _take(self, key: str, text: str) -> Sent:
        if not (self.keyed and any(known == key for known, _text in self.posts)):
            self.posts.append((key, text))
        return Sent(key, url=f"https://far.example/{key}", answer="HTTP 200")


def scripted_account(at: datetime) -> ChannelAccount:
    connection = Connection("brand@far.example", "品牌号", {"token": "t"}, {}, "https://far.example/@brand")
    return accounts.accept(connection, "scripted", at)


def planned_there(by: User, at: datetime, *, due: datetime | None = None, **changes: Any) -> Delivery:
    """A post for the scripted network, due in an hour. `changes` are attributes of the post (`more`, `first_comment`)."""
    account = scripted_account(at)
    post = make_post(by)
    post.variants.append(PostVariant(account=account))
    for name, value in changes.items():
        setattr(post, name, value)
    db.session.flush()
    return scheduling.schedule(post, account, to_local(due or at + HOUR, "UTC"), "UTC", by=by, at=at)
