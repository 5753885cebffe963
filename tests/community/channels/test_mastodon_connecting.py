"""Connecting an account of Mastodon: what is learnt of the instance, what is refused, and consent on its own pages."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask

from commons import clock
from community.channels.mastodon import Mastodon
from community.channels.outcomes import Ambiguous, Rejected, SignIn, Trouble
from tests.community.channels.contract import let_in
from tests.community.channels.mastodon_server import MastodonServer
from tests.community.channels.sending import Sender, account_of, outgoing
from tests.factories import NOON

BACK = "https://quanzi.example/channels/back"


@pytest.fixture
def server(outside: Flask) -> Iterator[MastodonServer]:
    clock.set_to(NOON)
    with MastodonServer() as server:
        let_in(outside, server)
        yield server


def trouble_of_connecting(**values: str) -> Trouble:
    with pytest.raises(Trouble) as raised:
        Mastodon().connect(values, NOON)
    return raised.value


def test_connecting_by_token_learns_the_limits(server: MastodonServer) -> None:
    server.characters = 5000
    connection = Mastodon().connect({"address": f" {server.url}/@tea ", "token": "good-token"}, NOON)
    host = f"127.0.0.1:{server.port}"
    assert (connection.external_id, connection.name) == (f"1001@{host}", f"@tea@{host}")
    limits = Mastodon().limits(account_of(connection, "mastodon"))
    assert (limits.characters, limits.pictures, limits.picture_bytes, limits.video_bytes, limits.alt_characters) == (
        5000, 4, 16777216, 103809024, 1500,
    )  # fmt: skip


def test_limits_that_make_no_sense_are_the_documented_ones(server: MastodonServer) -> None:
    server.instance = {"configuration": {"statuses": {"max_characters": "many"}, "media_attachments": []}}
    connection = Mastodon().connect({"address": server.url, "token": "good-token"}, NOON)
    assert Mastodon().limits(account_of(connection, "mastodon")).characters == 500
    server.instance = "down for tea"
    with pytest.raises(Ambiguous):
        Mastodon().connect({"address": server.url, "token": "good-token"}, NOON)


def test_connecting_says_what_is_wrong(server: MastodonServer) -> None:
    assert isinstance(trouble_of_connecting(address=server.url, token="old-token"), SignIn)
    assert isinstance(trouble_of_connecting(address=server.url, token=""), Rejected)
    assert isinstance(trouble_of_connecting(address=server.url, token="令牌"), Rejected)
    assert isinstance(trouble_of_connecting(address="no such place", token="t"), Rejected)
    assert isinstance(trouble_of_connecting(address="http://tea.example", token="t"), Rejected)


def test_consent_on_the_instance_connects_the_account(server: MastodonServer) -> None:
    url, kept = Mastodon().authorize({"address": server.url}, BACK, "a-state")
    query = dict(parse_qsl(urlsplit(url).query))
    assert (urlsplit(url).path, query["state"], query["redirect_uri"]) == ("/oauth/authorize", "a-state", BACK)
    assert kept["client_secret"] not in url
    code = server.consent(query)
    connection = Mastodon().exchange(kept, code, BACK, NOON)
    assert Sender(Mastodon(), account_of(connection, "mastodon"), outgoing()).send().external_id == server.posts[0].id
    with pytest.raises(SignIn):
        Mastodon().exchange(kept, code, BACK, NOON)


def test_a_code_without_our_proof_is_worth_nothing(server: MastodonServer) -> None:
    url, kept = Mastodon().authorize({"address": server.url}, BACK, "a-state")
    code = server.consent(dict(parse_qsl(urlsplit(url).query)))
    with pytest.raises(SignIn):
        Mastodon().exchange({**kept, "verifier": "another"}, code, BACK, NOON)
