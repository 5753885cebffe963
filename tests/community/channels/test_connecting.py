"""Connecting accounts on the pages: by what is typed, by consent, again, and what is said when it does not work."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons import clock
from commons.accounts.models import User
from commons.db import db
from commons.events import Event
from commons.media.store import store
from commons.permissions import Role
from community.channels import accounts
from community.channels.models import ChannelAccount, Consent
from community.channels.tidying import tidy
from tests.community.channels.bluesky_server import DID, HANDLE, PASSWORD, BlueskyServer
from tests.community.channels.cast import account_on, connected, typed
from tests.community.channels.contract import let_in
from tests.community.channels.mastodon_server import MastodonServer
from tests.community.channels.webhook_receiver import WebhookReceiver
from tests.factories import make_staff, sign_in


@pytest.fixture
def mastodon(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[MastodonServer]:
    with MastodonServer() as server:
        let_in(app, server, until=monkeypatch)
        yield server


def facts_of_kind(kind: str) -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.kind == kind)))


def test_an_account_is_connected_by_what_is_typed_and_the_secret_is_never_shown_again(
    manager: User, client: FlaskClient, bluesky: BlueskyServer
) -> None:
    account = connected(client, bluesky)
    assert (account.external_id, account.name) == (DID, f"@{HANDLE}")
    assert account.typed == {"identifier": HANDLE, "server": bluesky.url}
    pages = [
        client.get(path).text for path in (f"/channels/{account.public_id}", f"/channels/{account.public_id}/reconnect")
    ]
    assert HANDLE in pages[1]
    assert not any(PASSWORD in page for page in pages)
    assert [fact.actor_id for fact in facts_of_kind("channel.connected")] == [manager.id]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password": "wrong"}, "does not know this name"),
        ({"server": "https://nowhere.invalid"}, "cannot be reached"),
        ({"server": "https://192.168.0.1"}, "not a public address"),
        ({"server": "ftp://tea"}, "not the address of a website"),
        ({"identifier": ""}, "Please fill this in"),
    ],
)
def test_what_does_not_work_is_said_with_the_form_as_it_was(
    manager: User, client: FlaskClient, bluesky: BlueskyServer, changes: dict[str, str], words: str
) -> None:
    answer = client.post("/channels/new/bluesky", data=typed(bluesky, **changes))
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{typed(bluesky, **changes)["server"]}"' in answer.text
    assert PASSWORD not in answer.text
    assert db.session.scalar(select(ChannelAccount).where(ChannelAccount.channel == "bluesky")) is None


def test_disconnecting_forgets_the_secrets_and_connecting_again_goes_on_with_it(
    manager: User, client: FlaskClient, bluesky: BlueskyServer
) -> None:
    account = connected(client, bluesky)
    number = account.id
    client.post(f"/channels/{account.public_id}/disconnect")
    assert (account.credentials, account.disconnected_at) == (None, clock.now())
    assert account not in accounts.open_accounts()
    client.post(f"/channels/{account.public_id}/reconnect", data=typed(bluesky))
    assert (account_on("bluesky").id, account.disconnected_at) == (number, None)
    assert account in accounts.open_accounts()


def test_connecting_again_with_another_account_changes_nothing(
    manager: User, client: FlaskClient, bluesky: BlueskyServer
) -> None:
    account = connected(client, bluesky)
    account.external_id, account.name = "did:plc:other", "@other.test"
    before = dict(account.credentials or {})
    answer = client.post(f"/channels/{account.public_id}/reconnect", data=typed(bluesky))
    assert answer.status_code == 409
    assert "not @other.test" in answer.text
    assert account.credentials == before


def test_consent_is_given_on_the_pages_of_the_network_and_works_once(
    manager: User, client: FlaskClient, mastodon: MastodonServer
) -> None:
    page = client.post("/channels/new/mastodon", data={"address": mastodon.url}).text
    consent = db.session.scalars(select(Consent)).one()
    query = query_of(page, mastodon)
    assert query["redirect_uri"].endswith("/channels/callback")
    assert query["state"] not in (consent.state, str(consent.kept))
    back = {"state": query["state"], "code": mastodon.consent(query)}
    answer = client.get("/channels/callback", query_string=back)
    account = account_on("mastodon")
    assert answer.location == f"/channels/{account.public_id}"
    assert account.typed == {"address": mastodon.url}
    assert db.session.scalar(select(Consent)) is None
    assert client.get("/channels/callback", query_string=back).location == "/channels"


def test_consent_of_another_browser_is_not_taken(
    app: Flask, manager: User, client: FlaskClient, mastodon: MastodonServer
) -> None:
    query = query_of(client.post("/channels/new/mastodon", data={"address": mastodon.url}).text, mastodon)
    stranger = app.test_client()
    sign_in(stranger, make_staff(name="小周"))
    stranger.get("/channels/callback", query_string={"state": query["state"], "code": mastodon.consent(query)})
    assert db.session.scalar(select(ChannelAccount).where(ChannelAccount.channel == "mastodon")) is None


@pytest.mark.parametrize("obstacle", ["too late", "denied", "wrong code"])
def test_consent_that_comes_to_nothing_leaves_everything_as_it_was(
    manager: User, client: FlaskClient, mastodon: MastodonServer, obstacle: str
) -> None:
    query = query_of(client.post("/channels/new/mastodon", data={"address": mastodon.url}).text, mastodon)
    back = {"state": query["state"], "code": mastodon.consent(query)}
    if obstacle == "too late":
        clock.advance(minutes=31)
    elif obstacle == "denied":
        back = {"state": query["state"], "error": "access_denied"}
    else:
        back["code"] = "another"
    assert client.get("/channels/callback", query_string=back).location == "/channels"
    assert db.session.scalar(select(ChannelAccount).where(ChannelAccount.channel == "mastodon")) is None


def test_a_token_is_taken_instead_of_consent(manager: User, client: FlaskClient, mastodon: MastodonServer) -> None:
    client.post("/channels/new/mastodon", data={"address": mastodon.url, "token": "good-token"})
    assert account_on("mastodon").typed == {"address": mastodon.url}


def test_the_secret_of_a_webhook_is_shown_once(
    app: Flask, manager: User, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with WebhookReceiver() as receiver:
        let_in(app, receiver, until=monkeypatch)
        values = {"name": "公告板", "url": f"{receiver.url}/posts", "drops_repeats": "y"}
        answer = client.post("/channels/new/webhook", data=values)
        account = account_on("webhook")
        secret = str((account.credentials or {})["secret"])
        assert secret in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert secret not in client.get(f"/channels/{account.public_id}").text
        assert account.facts == {"drops_repeats": True}
        receiver.secret = secret
        client.post(f"/channels/{account.public_id}/check")
        assert receiver.pings == 2  # one at connecting, unsigned for all it knows
    assert "sent again by itself" in client.get(f"/channels/{account.public_id}").text


def test_a_place_for_a_person_needs_somebody_of_the_team(manager: User, client: FlaskClient) -> None:
    values = {"name": "抖音", "address": "creator.example", "person": "nobody@example.org", "characters": "1000"}
    answer = client.post("/channels/new/handoff", data=values)
    assert answer.status_code == 422
    assert "Nobody of the team" in answer.text
    good = {**values, "person": str(manager.email)}
    for wrong in (
        {"characters": "0"},
        {"pictures": "99"},
        {"address": f"creator.example/{'x' * 300}"},
        {"address": "javascript:x"},
    ):
        assert client.post("/channels/new/handoff", data={**good, **wrong}).status_code == 422
    client.post("/channels/new/handoff", data=good)
    account = account_on("handoff")
    assert (account.name, account.facts["characters"]) == ("抖音", 1000)
    assert account.address == "https://creator.example"


def test_a_place_of_the_same_name_elsewhere_is_another(
    app: Flask, manager: User, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with WebhookReceiver() as receiver:
        let_in(app, receiver, until=monkeypatch)
        client.post("/channels/new/webhook", data={"name": "公告板", "url": f"{receiver.url}/posts"})
        account = account_on("webhook")
        elsewhere = {"name": "公告板", "url": f"{receiver.url}/other/posts"}
        answer = client.post(f"/channels/{account.public_id}/reconnect", data=elsewhere)
    assert answer.status_code == 409
    assert "That is not the place that 公告板 was connected to" in answer.text


def test_what_came_to_nothing_is_forgotten(
    manager: User, client: FlaskClient, mastodon: MastodonServer, at: datetime
) -> None:
    client.post("/channels/new/mastodon", data={"address": mastodon.url})
    store().write("sent/old", b"old")
    store().write("sent/new", b"new")
    os.utime(store().path("sent/old"), (1, 1))
    tidy()
    assert db.session.scalar(select(Consent)) is not None
    clock.advance(hours=1)
    tidy()
    assert db.session.scalar(select(Consent)) is None
    assert [store().path(key).exists() for key in ("sent/old", "sent/new")] == [False, True]


def test_the_zone_of_an_account_is_set_and_a_wrong_one_refused(
    manager: User, client: FlaskClient, bluesky: BlueskyServer
) -> None:
    account = connected(client, bluesky)
    client.post(f"/channels/{account.public_id}/zone", data={"zone": "Europe/Berlin"})
    assert account.zone == "Europe/Berlin"
    assert client.post(f"/channels/{account.public_id}/zone", data={"zone": "Mars/Olympus"}).status_code == 422
    assert account.zone == "Europe/Berlin"


def test_who_reads_posts_sees_accounts_and_changes_none(
    manager: User, client: FlaskClient, bluesky: BlueskyServer
) -> None:
    account = connected(client, bluesky)
    sign_in(client, make_staff(Role.EXECUTIVE, "总监", language="en"))
    assert HANDLE in client.get("/channels").text
    assert client.get(f"/channels/{account.public_id}").status_code == 200
    assert client.get("/channels/new").status_code == 404
    assert client.post(f"/channels/{account.public_id}/disconnect").status_code == 404


def query_of(page: str, server: MastodonServer) -> dict[str, str]:
    """What the address in the page asks the network for."""
    (address,) = re.findall(rf'href="({re.escape(server.url)}/oauth/authorize[^"]+)"', page)
    return dict(parse_qsl(urlsplit(unescape(address)).query))
