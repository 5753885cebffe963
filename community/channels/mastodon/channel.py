"""Mastodon as a channel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from community.channels.mastodon import connecting, finding, freezing, media, posting, recognizing
from community.channels.mastodon.instance import Instance, known_object, nonsense
from community.channels.mastodon.limits import limits_of
from community.channels.models import ChannelAccount
from community.channels.protocol import Call, Connection, Counting, Facts, Field, Limits, Outgoing, Sent


class Mastodon:
    """A network of many instances. That pictures need words is our own rule: there they may lack them."""

    name = "mastodon"
    facts = Facts(
        label=_l("Mastodon"),
        icon="brand-mastodon",
        safe_retry=timedelta(hours=1),
        needs_alt=True,
        threads=True,
        first_comment=True,
        content_warning=True,
        replies=("comment", "message"),
        pace=_l("300 calls in five minutes and 30 files in half an hour, unless the instance allows more"),
        counting=Counting(url=23, short_mentions=True),
    )
    fields = (
        Field("address", _l("Instance"), _l("For example mastodon.social, or your whole handle."), kind="url"),
        Field(
            "token",
            _l("Access token"),
            _l("Only if you have made one under Settings → Development. Leave it empty to sign in on the instance."),
            kind="secret",
            optional=True,
        ),
    )

    def limits(self, account: ChannelAccount) -> Limits:
        return limits_of(account)

    def freeze(self, account: ChannelAccount, outgoing: Outgoing, at: datetime) -> list[dict[str, Any]]:
        return freezing.requests_of(outgoing)

    def send(self, account: ChannelAccount, call: Call, at: datetime) -> Sent:
        instance = Instance.of(account)
        return posting.post(instance, call, media.ready_ids(instance, call, at), at)

    def find(self, account: ChannelAccount, call: Call, at: datetime) -> Sent | None:
        return finding.find(Instance.of(account), str(account.facts.get("account_id", "")), call, at)

    def recognize(self, account: ChannelAccount, url: str) -> Sent | None:
        return recognizing.recognize(account.address, url)

    def look(self, account: ChannelAccount, sent: Sent) -> str | None:
        answer = Instance.of(account).get(f"/api/v1/statuses/{sent.external_id}")
        if answer.status in {404, 410}:
            return None
        status = known_object(answer)
        if posting.sent_of(status) is None:
            raise nonsense(answer)
        return finding.text_of(str(status["content"]))

    def refresh(self, account: ChannelAccount, at: datetime) -> Connection:
        return connecting.connection_of(Instance.of(account), at)

    def connect(self, values: Mapping[str, str], at: datetime) -> Connection:
        return connecting.by_token(values, at)

    def authorize(self, values: Mapping[str, str], redirect_uri: str, state: str) -> tuple[str, dict[str, Any]]:
        return connecting.authorize(values, redirect_uri, state)

    def exchange(self, kept: Mapping[str, Any], code: str, redirect_uri: str, at: datetime) -> Connection:
        return connecting.exchange(kept, code, redirect_uri, at)
