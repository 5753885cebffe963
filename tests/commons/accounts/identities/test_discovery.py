"""Providers that say of themselves what cannot be: refused in words, before anybody is sent there."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.wrappers import Request

from commons.sign_in_settings import OpenIdSettings, SignInSettings
from tests.community.channels.contract import ContractServer, Reply, let_in


class OddProvider(ContractServer):
    """Answers discovery with a good document and `changes` to it, or with `instead`."""

    changes: dict[str, Any] = {}
    instead: Any = None

    def answer(self, request: Request) -> Reply:
        told = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/auth",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
        }
        return Reply(told | self.changes if self.instead is None else self.instead)


@pytest.fixture
def odd(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[OddProvider]:
    with OddProvider() as server:
        let_in(app, server, until=monkeypatch)
        wanted = SignInSettings(openid=(OpenIdSettings("house", "House", server.url, "quanzi", "secret"),))
        settings = dataclasses.replace(app.extensions["settings"], sign_in=wanted)
        monkeypatch.setitem(app.extensions, "settings", settings)
        yield server


def test_a_good_document_leads_there(client: FlaskClient, odd: OddProvider) -> None:
    assert f"{odd.url}/auth?" in client.post("/accounts/with/house").text


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "http://login.example/auth"},
        {"token_endpoint": None},
        {"token_endpoint": "http://login.example/token"},
        {"jwks_uri": ["a list"]},
        {"jwks_uri": "https://["},
    ],
    ids=str,
)
def test_a_document_that_cannot_be_is_refused(client: FlaskClient, odd: OddProvider, changes: dict[str, Any]) -> None:
    odd.changes = changes

    page = client.post("/accounts/with/house")

    assert page.status_code in {422, 502}
    assert "http-equiv" not in page.text
    assert "Please check these points" in page.text


@pytest.mark.parametrize("instead", [[], "words", 7, b"<html>", b'{"issuer": "\\u0000"}'], ids=str)
def test_nonsense_instead_of_a_document_is_refused(client: FlaskClient, odd: OddProvider, instead: object) -> None:
    odd.instead = instead

    assert "House cannot be asked at the moment." in client.post("/accounts/with/house").text


def test_a_provider_within_the_house_is_not_called_unless_allowed(
    client: FlaskClient, app: Flask, odd: OddProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_in(app, until=monkeypatch)

    assert client.post("/accounts/with/house").status_code == 502
    assert odd.requests == []
