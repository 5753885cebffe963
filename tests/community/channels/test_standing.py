"""How an account stands: asked again, disconnected meanwhile, ending soon; and what its page tells."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons import clock
from commons.accounts.models import User
from commons.db import db
from community.channels import accounts, connecting, slots
from community.channels.bluesky import Bluesky
from community.channels.models import ChannelAccount
from community.channels.protocol import Connection
from community.channels.standing import standing_of
from tests.community.channels.bluesky_server import BlueskyServer
from tests.community.channels.cast import account_on, connected, typed


def test_checking_finds_a_revoked_password_and_says_so_until_it_is_connected_again(
    manager: User, client: FlaskClient, bluesky: BlueskyServer
) -> None:
    account = connected(client, bluesky)
    bluesky.expire(sessions=True)
    bluesky.password_holds = False
    client.post(f"/channels/{account.public_id}/check")
    assert account.trouble
    page = client.get("/channels").text
    assert account.trouble in page
    assert f"/channels/{account.public_id}/reconnect" in page
    bluesky.password_holds = True
    client.post(f"/channels/{account.public_id}/reconnect", data=typed(bluesky))
    assert account.trouble == ""


@pytest.mark.parametrize("meanwhile", ["disconnected", "connected anew"])
def test_who_disconnects_or_connects_while_the_network_is_asked_has_the_last_word(
    manager: User, client: FlaskClient, bluesky: BlueskyServer, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    account = connected(client, bluesky)
    usual, at = Bluesky.refresh, clock.now()

    def refresh(self: Bluesky, asked: ChannelAccount, now: datetime) -> Connection:
        told = usual(self, asked, now)
        if meanwhile == "disconnected":
            connecting.disconnect(account, by=manager, at=at)
        else:
            accounts.accept(bluesky.connection(), "bluesky", at + timedelta(seconds=1))
        db.session.commit()
        return told

    monkeypatch.setattr(Bluesky, "refresh", refresh)
    assert connecting.check(account, at + timedelta(seconds=5)) == ""
    if meanwhile == "disconnected":
        assert (account.disconnected_at, account.credentials) == (at, None)
    else:
        assert (account.checked_at, account.credentials) == (
            at + timedelta(seconds=1),
            bluesky.connection().credentials,
        )


def test_a_session_that_is_renewed_after_a_disconnection_is_not_kept(
    manager: User, client: FlaskClient, bluesky: BlueskyServer
) -> None:
    account = connected(client, bluesky)
    asked = accounts.apart(account)
    client.post(f"/channels/{account.public_id}/disconnect")
    accounts.renew(asked, {"access": "new"})
    assert accounts.credentials_now(account) == {}


def test_a_refusal_from_before_it_was_connected_anew_is_no_trouble_of_the_account(
    manager: User, client: FlaskClient, bluesky: BlueskyServer
) -> None:
    account = connected(client, bluesky)
    asked = accounts.apart(account)
    accounts.accept(bluesky.connection(), "bluesky", clock.now() + timedelta(seconds=1))
    accounts.refused(asked, "no longer", clock.now() + timedelta(seconds=2))
    assert account.trouble == ""
    accounts.refused(accounts.apart(account), "no longer", clock.now() + timedelta(seconds=2))
    assert account.trouble == "no longer"


def test_a_place_for_a_person_stays_disconnected_when_it_is_checked(manager: User, client: FlaskClient) -> None:
    values = {"name": "抖音", "address": "creator.example", "person": str(manager.email)}
    client.post("/channels/new/handoff", data=values)
    account = account_on("handoff")
    client.post(f"/channels/{account.public_id}/disconnect")
    client.post(f"/channels/{account.public_id}/check")
    assert account.disconnected_at == clock.now()


def test_a_network_that_does_not_answer_is_no_trouble_of_the_account(
    manager: User, client: FlaskClient, bluesky: BlueskyServer
) -> None:
    account = connected(client, bluesky)
    bluesky.misbehave("error_before", where="getSession")
    client.post(f"/channels/{account.public_id}/check")
    assert account.trouble == ""
    assert "had an error of its own" in client.get(f"/channels/{account.public_id}").text


def test_a_sign_in_that_ends_before_the_last_planned_post_is_warned_of(
    app: Flask, manager: User, client: FlaskClient, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = accounts.circle_account()
    monkeypatch.setattr(slots, "planned_until", [lambda _account: at + timedelta(days=20)])
    words = []
    for days in (None, 30, 15, 3, -1):
        account.expires_at = at + timedelta(days=days) if days is not None else None
        words.append(standing_of(account, at).tone)
    assert words == ["good", "good", "warn", "warn", "bad"]
    account.expires_at = at + timedelta(days=15)
    assert "Ends too soon" in client.get("/staff").text
    page = client.get("/channels").text
    assert "Its sign-in ends before the last planned post" in page
    assert "Posts are planned until" in page


def test_an_account_whose_network_is_no_longer_known_is_shown_and_left_alone(
    manager: User, client: FlaskClient, at: datetime
) -> None:
    account = accounts.connect("myspace", "tom", "@tom", at)
    assert "@tom" in client.get("/channels").text
    page = client.get(f"/channels/{account.public_id}")
    assert (page.status_code, "/disconnect" in page.text) == (200, False)
    assert client.post(f"/channels/{account.public_id}/check").status_code == 404
    assert client.post(f"/channels/{account.public_id}/disconnect").status_code == 404


def test_the_page_of_an_account_tells_what_it_takes_and_how_often(
    manager: User, client: FlaskClient, bluesky: BlueskyServer
) -> None:
    page = client.get(f"/channels/{connected(client, bluesky).public_id}").text
    for words in ("up to 300 characters and 3,000 bytes", "one of up to 286.1 MB", "5,000 points an hour", "comments"):
        assert words in page


def test_the_circle_is_always_connected(manager: User, client: FlaskClient) -> None:
    circle = accounts.circle_account()
    page = client.get(f"/channels/{circle.public_id}").text
    assert "That cannot happen" in page
    assert "Disconnect" not in page
    assert client.post(f"/channels/{circle.public_id}/disconnect").status_code == 422
    assert client.post(f"/channels/{circle.public_id}/check").status_code == 422
    assert client.get(f"/channels/{circle.public_id}/reconnect").status_code == 404
    assert circle.disconnected_at is None
