"""Bluesky: what is frozen, what is sent, and what its refusals mean. Against a server that keeps the documented behaviour."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from commons.db import db
from commons.media.store import store
from commons.outbound import Policy
from community.channels import accounts
from community.channels.bluesky import Bluesky, blobs
from community.channels.bluesky.facets import rich, shown_address
from community.channels.bluesky.tids import tid
from community.channels.models import ChannelAccount
from community.channels.outcomes import Ambiguous, NotSent, RateLimited, Rejected, SignIn
from community.channels.protocol import Call, Media, Outgoing, Part, Sent
from tests.community.channels.bluesky_server import DID, HANDLE, PASSWORD, PEOPLE, BlueskyServer
from tests.factories import NOON

channel = Bluesky()
LINK = "https://tea.example/l/spring"


@pytest.fixture
def server(app: Flask) -> Iterator[BlueskyServer]:
    before = app.extensions["outbound"]
    with BlueskyServer() as far_end:
        app.extensions["outbound"] = Policy(allowed=frozenset({("127.0.0.1", far_end.port)}))
        yield far_end
    app.extensions["outbound"] = before


@pytest.fixture
def account(server: BlueskyServer) -> ChannelAccount:
    """Connected, its session fresh, as a sender holds it."""
    connection = channel.connect({"identifier": f"@{HANDLE}", "password": PASSWORD, "server": server.url}, NOON)
    kept = accounts.accept(connection, "bluesky", NOON)
    db.session.commit()
    return accounts.apart(kept)


def outgoing(text: str = "春茶到了", **changes: Any) -> Outgoing:
    usual: dict[str, Any] = {"link_slug": None, "campaign_id": None, "author_name": "阿岚", "key": "delivery1"}
    return Outgoing(**{"text": text, "pictures": (), **usual, **changes})


def call(request: dict[str, Any], *earlier: Sent, **more: Any) -> Call:
    return Call(request, earlier, NOON, **more)


def send_all(account: ChannelAccount, post: Outgoing) -> list[Sent]:
    sent: list[Sent] = []
    for request in channel.freeze(account, post, NOON):
        sent.append(channel.send(account, call(request, *sent), NOON))
    return sent


def a_picture(colour: str = "red", size: tuple[int, int] = (400, 300), noise: bool = False) -> Media:
    image = Image.effect_noise(size, 90).convert("RGB") if noise else Image.new("RGB", size, colour)
    out = BytesIO()
    image.save(out, "PNG")
    digest = hashlib.sha256(out.getvalue()).hexdigest()
    key = f"{digest[:2]}/{digest[2:]}/full"
    store().write(key, out.getvalue())
    return Media(1, "一杯茶", key, "image/png", digest, out.tell(), *size)


def test_a_record_key_sorts_by_time_and_is_the_same_for_the_same_publication() -> None:
    first = tid(NOON, "delivery1:0")
    assert first == tid(NOON, "delivery1:0") != tid(NOON, "delivery2:0")
    assert len(first) == 13
    assert first < tid(NOON + timedelta(microseconds=1), "delivery1:0")
    assert tid(datetime(1970, 1, 1, tzinfo=UTC), "x")[:11] == "2" * 11


def test_facets_count_bytes_and_name_what_they_stand_for() -> None:
    found = rich(f"春茶 #龙井！@friend.test 与 @nobody.test：{LINK}", PEOPLE.get)
    assert found.text == "春茶 #龙井！@friend.test 与 @nobody.test：tea.example/l/spring"
    said = {
        facet["features"][0]["$type"].partition("#")[2]: (
            found.text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(),
            next(value for name, value in facet["features"][0].items() if name != "$type"),
        )
        for facet in found.facets
    }
    assert said == {
        "tag": ("#龙井", "龙井"),
        "mention": ("@friend.test", PEOPLE["friend.test"]),
        "link": ("tea.example/l/spring", LINK),
    }


@pytest.mark.parametrize(
    ("text", "uris"),
    [
        ("(see https://a.example/b_(c))", ["https://a.example/b_(c)"]),
        ("https://a.example, https://b.example/x?y=1.", ["https://a.example", "https://b.example/x?y=1"]),
        ("看https://a.example/l/x明天开始", ["https://a.example/l/x"]),
        ("https://例子.测试/a，好", ["https://例子.测试/a"]),
        ("no address: https:// here", []),
    ],
)
def test_an_address_ends_before_the_punctuation_of_its_sentence(text: str, uris: list[str]) -> None:
    assert [facet["features"][0]["uri"] for facet in rich(text, PEOPLE.get).facets] == uris


def test_a_long_address_is_shown_short() -> None:
    assert shown_address("https://www.tea.example/") == "tea.example"
    assert shown_address("https://tea.example/a/very/long/path?of=it") == "tea.example/a/very/long/…"[:24] + "…"


def test_a_post_is_frozen_whole_and_stands_under_its_key(account: ChannelAccount, server: BlueskyServer) -> None:
    picture = a_picture()
    (request,) = channel.freeze(account, outgoing(pictures=(picture,), link_url=LINK, language="zh"), NOON)
    sent = channel.send(account, call(request), NOON)
    record = server.records[request["rkey"]]
    assert record == request["record"]
    assert record["text"] == "春茶到了\n\ntea.example/l/spring"
    assert record["createdAt"] == "2026-03-01T12:00:00.000Z"
    assert record["langs"] == ["zh"]
    (image,) = record["embed"]["images"]
    assert (image["alt"], image["aspectRatio"]) == ("一杯茶", {"width": 400, "height": 300})
    assert sent.external_id == f"at://{DID}/app.bsky.feed.post/{request['rkey']}"
    assert sent.url == f"https://bsky.app/profile/{HANDLE}/post/{request['rkey']}"
    assert channel.look(account, sent) == record["text"]


def test_a_thread_answers_the_part_before_and_the_first_comment_the_first(
    account: ChannelAccount, server: BlueskyServer
) -> None:
    first, second, comment = send_all(account, outgoing(more=(Part("第二段"),), first_comment=f"在这里 {LINK}"))
    records = [server.records[sent.external_id.rpartition("/")[2]] for sent in (first, second, comment)]
    reference = {"uri": first.external_id, "cid": first.details["cid"]}
    assert "reply" not in records[0]
    assert records[1]["reply"] == {"root": reference, "parent": reference} == records[2]["reply"]
    assert len({record["createdAt"] for record in records}) == 3


def test_sending_the_same_again_changes_nothing(account: ChannelAccount, server: BlueskyServer) -> None:
    (request,) = channel.freeze(account, outgoing(), NOON)
    sent = [channel.send(account, call(request), NOON) for _time in range(3)]
    assert sent[0] == sent[1] == sent[2]
    assert server.writes == 1


@pytest.mark.parametrize("mode", ["drop_after", "error_after", "nonsense_after", "drop_before", "error_before"])
def test_an_unclear_end_is_called_so_and_the_same_request_settles_it(
    account: ChannelAccount, server: BlueskyServer, mode: str
) -> None:
    (request,) = channel.freeze(account, outgoing(), NOON)
    server.misbehave(mode)
    with pytest.raises(Ambiguous):
        channel.send(account, call(request), NOON)
    found = channel.find(account, call(request), NOON)
    assert (found is not None) is mode.endswith("after")
    assert channel.send(account, call(request), NOON) == (found or channel.find(account, call(request), NOON))
    assert server.writes == 1


def test_a_record_without_words_does_not_say_that_they_are_gone(account: ChannelAccount, server: BlueskyServer) -> None:
    (sent,) = send_all(account, outgoing())
    for record in server.records.values():
        record["text"] = None
    with pytest.raises(NotSent):
        channel.look(account, sent)
    server.records.clear()
    assert channel.look(account, sent) is None


def test_a_key_in_use_is_looked_at(account: ChannelAccount, server: BlueskyServer) -> None:
    (request,) = channel.freeze(account, outgoing(), NOON)
    sent = channel.send(account, call(request), NOON)
    server.says_taken = True
    assert channel.send(account, call(request), NOON).external_id == sent.external_id


def test_pictures_that_are_there_are_not_sent_again(account: ChannelAccount, server: BlueskyServer) -> None:
    (request,) = channel.freeze(account, outgoing(pictures=(a_picture("red"), a_picture("blue"))), NOON)
    kept: list[Any] = []
    server.misbehave("error_after", where="uploadBlob", times=1)
    with pytest.raises(NotSent):
        channel.send(account, call(request, keep=kept.append), NOON)
    assert kept == []
    channel.send(account, call(request, keep=kept.append), NOON)
    assert [len(progress["blobs"]) for progress in kept] == [1, 2]
    uploads = server.count("uploadBlob")
    channel.send(account, call(request, progress=kept[-1]), NOON)
    assert server.count("uploadBlob") == uploads


def test_a_large_picture_is_made_smaller_once(account: ChannelAccount, server: BlueskyServer) -> None:
    picture = a_picture(size=(1700, 1300), noise=True)
    assert picture.size > blobs.MOST_BYTES
    (request,) = channel.freeze(account, outgoing(pictures=(picture,)), NOON)
    (again,) = channel.freeze(account, outgoing(pictures=(picture,)), NOON)
    assert request == again
    assert request["files"][0]["blob"]["size"] <= blobs.MOST_BYTES
    channel.send(account, call(request), NOON)
    assert server.records[request["rkey"]]["embed"]["images"][0]["image"] == request["files"][0]["blob"]


def test_a_picture_that_is_gone_or_changed_is_refused_in_words(account: ChannelAccount, server: BlueskyServer) -> None:
    picture = a_picture()
    (request,) = channel.freeze(account, outgoing(pictures=(picture,)), NOON)
    store().write(picture.key, b"something else")
    with pytest.raises(Rejected):
        channel.send(account, call(request), NOON)
    store().path(picture.key).unlink()
    with pytest.raises(Rejected):
        channel.freeze(account, outgoing(pictures=(picture,)), NOON)


@pytest.mark.parametrize("text", ["茶" * 301, "👨‍👩‍👧‍👦" * 121])
def test_a_text_too_long_is_refused_before_anything_is_sent(
    account: ChannelAccount, server: BlueskyServer, text: str
) -> None:
    with pytest.raises(Rejected):
        channel.freeze(account, outgoing(text), NOON)
    assert len(channel.freeze(account, outgoing("👨‍👩‍👧‍👦" * 100), NOON)) == 1


def test_an_old_token_is_refreshed_and_kept(account: ChannelAccount, server: BlueskyServer) -> None:
    before = dict(account.credentials or {})
    server.expire()
    assert len(send_all(account, outgoing())) == 1
    assert accounts.credentials_now(account)["access"] != before["access"]
    assert (server.count("refreshSession"), server.count("createSession")) == (1, 1)


def test_what_another_worker_renewed_is_taken_and_nothing_is_refreshed_twice(
    account: ChannelAccount, server: BlueskyServer
) -> None:
    slow = accounts.apart(account)
    server.expire()
    channel.refresh(account, NOON)
    channel.refresh(slow, NOON)
    assert slow.credentials == account.credentials
    assert server.count("refreshSession") == 1


def test_a_session_that_is_over_begins_anew_with_the_app_password(
    account: ChannelAccount, server: BlueskyServer
) -> None:
    server.expire(sessions=True)
    assert channel.refresh(account, NOON).name == f"@{HANDLE}"
    assert server.count("createSession") == 2


def test_when_no_more_sessions_are_begun_it_waits_and_nothing_was_sent(
    account: ChannelAccount, server: BlueskyServer
) -> None:
    server.expire(sessions=True)
    server.sign_ins = 0
    with pytest.raises(RateLimited) as refusal:
        send_all(account, outgoing())
    assert refusal.value.until is not None
    assert server.records == {}


def test_a_revoked_app_password_asks_for_a_person(account: ChannelAccount, server: BlueskyServer) -> None:
    server.expire(sessions=True)
    server.password_holds = False
    with pytest.raises(SignIn):
        send_all(account, outgoing())
    account.credentials = None
    with pytest.raises(SignIn):
        channel.refresh(account, NOON)


def test_a_suspended_account_asks_for_a_person(account: ChannelAccount, server: BlueskyServer) -> None:
    server.active = False
    with pytest.raises(SignIn, match="suspended"):
        channel.refresh(account, NOON)


def test_too_much_says_when_to_try_again(account: ChannelAccount, server: BlueskyServer) -> None:
    server.limit = 0
    with pytest.raises(RateLimited) as refusal:
        send_all(account, outgoing())
    assert refusal.value.until is not None
    assert abs(refusal.value.until - server.now() - timedelta(minutes=5)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("changes", "trouble"),
    [
        ({"password": "wrong"}, SignIn),
        ({"server": "not an address / at all"}, Rejected),
        ({"server": "http://tea.example"}, Rejected),
        ({"server": "https://nowhere.invalid"}, NotSent),
        ({"server": "https://10.0.0.1"}, NotSent),
    ],
)
def test_connecting_with_wrong_values_says_what_is_wrong(
    server: BlueskyServer, changes: dict[str, str], trouble: type[Exception]
) -> None:
    values = {"identifier": HANDLE, "password": PASSWORD, "server": server.url, **changes}
    with pytest.raises(trouble):
        channel.connect(values, NOON)


def test_a_server_that_talks_nonsense_is_not_connected(server: BlueskyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"identifier": HANDLE, "password": PASSWORD, "server": server.url}
    server.misbehave("nonsense_before", where="createSession")
    with pytest.raises(NotSent):
        channel.connect(values, NOON)
    session = {"accessJwt": "a", "refreshJwt": "r", "did": DID, "handle": HANDLE}
    for changes in ({"did": "did:plc:" + "x" * 500}, {"did": "me"}, {"accessJwt": "令牌"}, {"handle": 7}):
        monkeypatch.setattr(server, "_session", lambda changes=changes: {**session, **changes})
        with pytest.raises(Rejected):
            channel.connect(values, NOON)
