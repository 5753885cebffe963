"""Weibo as a channel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from community.channels.models import ChannelAccount
from community.channels.protocol import Call, Connection, Counting, Facts, Field, Limits, Outgoing, Sent
from community.channels.weibo import connecting, finding, freezing, posting, recognizing
from community.channels.weibo.api import DEFAULT_BASE, Api
from community.channels.weibo.errors import GONE, code_of, trouble_of
from community.channels.weibo.text import MOST


class Weibo:
    """微博. No idempotent write, a link on a safe domain, no topics, one picture."""

    name = "weibo"
    facts = Facts(
        label=_l("Weibo"),
        icon="brand-weibo",
        needs_link=True,
        hashtags=False,
        replies=("comment",),
        pace=_l("30 posts an hour and 100 calls a day for each user of the application"),
        counting=Counting(unit="halves"),
    )
    fields = (
        Field("app_key", _l("App Key"), _l("Of your application at open.weibo.com.")),
        Field("app_secret", _l("App Secret"), kind="secret"),
        Field(
            "safe_domains",
            _l("Safe domains"),
            _l("As the application has them; every post needs a link on one. Separate several by commas."),
        ),
        Field(
            "sender_ip",
            _l("Public IP address"),
            _l("Weibo asks for the address of whoever posts. This one is sent where we do not know it."),
            optional=True,
        ),
        Field(
            "token",
            _l("Access token"),
            _l("Only if you have one from the console. Leave it empty to sign in on Weibo."),
            kind="secret",
            optional=True,
        ),
        Field("api_address", _l("API address"), _l("Leave it empty: it is %(base)s.", base=DEFAULT_BASE), "url", True),
    )

    def limits(self, account: ChannelAccount) -> Limits:
        # No limit on the bytes of a picture: what is too large is made smaller on its way.
        return Limits(characters=MOST, pictures=1)

    def lacks(self, account: ChannelAccount, outgoing: Outgoing) -> list[str]:
        return freezing.lacks(account, outgoing)

    def freeze(self, account: ChannelAccount, outgoing: Outgoing, at: datetime) -> list[dict[str, Any]]:
        return [freezing.request_of(account, outgoing)]

    def send(self, account: ChannelAccount, call: Call, at: datetime) -> Sent:
        return posting.share(Api.of(account), account.external_id, call, at)

    def find(self, account: ChannelAccount, call: Call, at: datetime) -> Sent | None:
        return finding.find(Api.of(account), account.external_id, call, at)

    def recognize(self, account: ChannelAccount, url: str) -> Sent | None:
        return recognizing.recognize(account.external_id, url)

    def look(self, account: ChannelAccount, sent: Sent) -> str | None:
        answer, status = Api.of(account).get("/2/statuses/show.json", id=sent.external_id)
        if code_of(status) in GONE or (isinstance(status, Mapping) and status.get("deleted")):
            return None
        if (
            not answer.ok
            or posting.sent_of(status, account.external_id) is None
            or not isinstance(status.get("text"), str)
        ):
            raise trouble_of(answer, status)
        return str(status["text"]) if isinstance(status.get("user"), Mapping) else None

    def refresh(self, account: ChannelAccount, at: datetime) -> Connection:
        settings = {**account.facts, **(account.credentials or {})}
        return connecting.connection_of(settings, Api.of(account).token, at, account.name)

    def connect(self, values: Mapping[str, str], at: datetime) -> Connection:
        return connecting.by_token(values, at)

    def authorize(self, values: Mapping[str, str], redirect_uri: str, state: str) -> tuple[str, dict[str, Any]]:
        return connecting.authorize(values, redirect_uri, state)

    def exchange(self, kept: Mapping[str, Any], code: str, redirect_uri: str, at: datetime) -> Connection:
        return connecting.exchange(kept, code, redirect_uri, at)
