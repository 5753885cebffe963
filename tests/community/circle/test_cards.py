"""The public card."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from community.members.models import Member
from tests.community.circle.factories import HTMX
from tests.factories import NOON, make_fan, sign_in


@pytest.fixture
def fan(app: Flask) -> Member:
    return make_fan("小满", NOON)


@pytest.fixture
def browser(app: Flask, fan: Member) -> FlaskClient:
    """The fan's own browser."""
    client: FlaskClient = app.test_client()
    assert fan.user is not None
    sign_in(client, fan.user)
    return client


def address_of(fan: Member) -> str:
    return f"/circle/cards/{fan.public_id}"


def test_a_card_is_nowhere_until_its_owner_shows_it(client: FlaskClient, browser: FlaskClient, fan: Member) -> None:
    assert client.get(address_of(fan)).status_code == 404
    assert browser.get(address_of(fan)).status_code == 404
    browser.post("/circle/me/card", data={"on": "1"}, headers=HTMX)
    assert client.get(address_of(fan)).status_code == 200


def test_taken_away_it_is_gone_at_once(client: FlaskClient, browser: FlaskClient, fan: Member) -> None:
    for on in ("1", "1", "0", "0"):
        assert browser.post("/circle/me/card", data={"on": on}).status_code == 303
    assert client.get(address_of(fan)).status_code == 404


def test_it_shows_name_level_and_since_when_and_nothing_private(client: FlaskClient, fan: Member) -> None:
    fan.card_public = True
    assert fan.user is not None
    page = client.get(address_of(fan))
    assert "小满" in page.text
    assert "初见" in page.text
    assert "2026" in page.text
    assert str(fan.user.email) not in page.text
    assert fan.user.public_id not in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_search_engines_are_asked_not_to_list_it(client: FlaskClient, fan: Member) -> None:
    fan.card_public = True

    assert '<meta name="robots" content="noindex">' in client.get(f"/circle/cards/{fan.public_id}").text


def test_the_card_of_an_erased_or_ended_account_is_gone(client: FlaskClient, fan: Member) -> None:
    fan.card_public = True
    assert fan.user is not None
    fan.user.ended_at = NOON
    assert client.get(address_of(fan)).status_code == 404
    fan.user.ended_at, fan.erased_at = None, NOON
    assert client.get(address_of(fan)).status_code == 404


def test_a_hostile_name_is_only_a_name(client: FlaskClient, fan: Member) -> None:
    fan.card_public, fan.name = True, "<script>alert(1)</script>"
    page = client.get(address_of(fan)).text
    assert "<script>alert" not in page
    assert "<bdi>&lt;script&gt;" in page
