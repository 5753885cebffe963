"""The networks that prove handles: an instance of Mastodon and Weibo's platform, let in; and a fan who reads English."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons.sign_in_settings import SignInSettings, WeiboSettings
from community.members.models import Member
from tests.community.channels.contract import let_in
from tests.community.channels.mastodon_server import MastodonServer
from tests.community.channels.weibo_server import APP_KEY, APP_SECRET, WeiboServer
from tests.factories import make_fan, sign_in


@pytest.fixture
def mastodon() -> Iterator[MastodonServer]:
    with MastodonServer() as server:
        server.person |= {"id": "77", "username": "Xiaoman", "display_name": "小满 🍵"}
        yield server


@pytest.fixture
def weibo() -> Iterator[WeiboServer]:
    with WeiboServer() as server:
        server.uid, server.screen_name = "1404376560", "喝茶的小满"
        yield server


@pytest.fixture
def networks(
    app: Flask, at: datetime, mastodon: MastodonServer, weibo: WeiboServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_in(app, mastodon, weibo, until=monkeypatch)
    wanted = SignInSettings(weibo=WeiboSettings(APP_KEY, APP_SECRET, weibo.url), mastodon=True)
    settings = dataclasses.replace(app.extensions["settings"], sign_in=wanted)
    monkeypatch.setitem(app.extensions, "settings", settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return english(app)


@pytest.fixture
def fan(app: Flask, at: datetime, client: FlaskClient) -> Member:
    """小满, signed in."""
    member = make_fan("小满", language="en")
    assert member.user is not None
    sign_in(client, member.user)
    return member


def english(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client
