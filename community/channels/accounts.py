"""The brand's accounts on channels."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from commons.db import db
from community.channels.models import ChannelAccount


def circle_account() -> ChannelAccount:
    """The one account of the circle; LookupError before the database was prepared."""
    account = account_of("circle", "circle")
    if account is None:
        raise LookupError("the circle has no account yet: run `flask prepare`")
    return account


def account_of(channel: str, external_id: str) -> ChannelAccount | None:
    """The account that a channel knows as `external_id`."""
    query = select(ChannelAccount).where(ChannelAccount.channel == channel, ChannelAccount.external_id == external_id)
    return db.session.scalar(query)


def connect(channel: str, external_id: str, name: str, at: datetime) -> ChannelAccount:
    """The account called so, made if it was not there. Safe to call twice; flushed."""
    account = account_of(channel, external_id)
    if account is None:
        account = ChannelAccount(channel=channel, external_id=external_id, name=name, connected_at=at)
        db.session.add(account)
        db.session.flush()
    return account


def prepare(at: datetime) -> None:
    """What a fresh database needs from this room: the circle's account."""
    connect("circle", "circle", "圈子", at)
