"""Two real OpenID Connect providers, `house` and `guild`, and an application that works with them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons import clock
from commons.outbound import Policy
from commons.sign_in_settings import SignInSettings
from tests.servers.openid import OpenIdServer

BASE_URL = "http://127.0.0.1:8000"


@pytest.fixture(scope="session")
def openid_server() -> Iterator[OpenIdServer]:
    server = OpenIdServer(BASE_URL, "house", "guild").start()
    yield server
    server.stop()


@pytest.fixture
def openid(app: Flask, openid_server: OpenIdServer, monkeypatch: pytest.MonkeyPatch) -> OpenIdServer:
    """The providers, let in at the house's door. The clock is the real one, as theirs is."""
    clock.set_to(None)
    work_with(app, openid_server, monkeypatch)
    return openid_server


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor who reads English."""
    return english(app)


def english(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def work_with(app: Flask, server: OpenIdServer, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = app.extensions["settings"]
    assert settings.base_url == BASE_URL
    sign_in = SignInSettings(openid=server.settings)
    monkeypatch.setitem(app.extensions, "settings", dataclasses.replace(settings, sign_in=sign_in))
    allowed = frozenset(("127.0.0.1", port) for port in server.ports.values())
    monkeypatch.setitem(app.extensions, "outbound", Policy(allowed=allowed))
