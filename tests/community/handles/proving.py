"""Handles as a network brings them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from commons import clock
from commons.accounts.identities.providers import HandleName
from commons.db import db
from community.channels import accounts
from community.channels.models import ChannelAccount
from community.handles.joining import known_handle
from community.inbox.incoming import Incoming
from community.inbox.models import InteractionKind
from community.inbox.receiving import receive
from community.members.models import Handle

NUMBERS = iter(range(1, 10**6))


def imported(channel: str, external_id: str, name: str) -> Handle:
    """Somebody whom the channel has shown before."""
    return known_handle(HandleName(channel, external_id, name), clock.now())


def handle(channel: str, external_id: str) -> Handle:
    query = select(Handle).where(Handle.channel == channel, Handle.external_id == external_id)
    return db.session.scalars(query).one()


def heard(channel: str = "weibo") -> ChannelAccount:
    """An account of the brand whose inbox brings us something."""
    account = accounts.connect(channel, f"brand-{channel}", "@茶馆", clock.now())
    say(account, "第一次来", author="somebody")
    return account


def say(account: ChannelAccount, text: str, *, author: str, at: datetime | None = None, **changes: Any) -> None:
    """`author` mentions the brand."""
    usual: dict[str, Any] = {"kind": InteractionKind.MENTION, "external_id": f"said-{next(NUMBERS)}"}
    one = Incoming(
        author_external_id=author, author_name=author, occurred_at=at or clock.now(), text=text, **(usual | changes)
    )
    receive(account, [one], clock.now())
    db.session.expire_all()
