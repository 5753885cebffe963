"""Accounts connected on the pages, as a social manager does it."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db
from community.channels.models import ChannelAccount
from tests.community.channels.bluesky_server import HANDLE, PASSWORD, BlueskyServer


def typed(far_end: BlueskyServer, **changes: str) -> dict[str, str]:
    return {"identifier": HANDLE, "password": PASSWORD, "server": far_end.url, **changes}


def account_on(channel: str) -> ChannelAccount:
    return db.session.scalars(select(ChannelAccount).where(ChannelAccount.channel == channel)).one()


def connected(client: FlaskClient, server: BlueskyServer) -> ChannelAccount:
    answer = client.post("/channels/new/bluesky", data=typed(server))
    assert answer.status_code == 303
    return account_on("bluesky")
