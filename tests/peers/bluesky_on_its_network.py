"""The Bluesky channel against the real software of its network, offline: `make test-peers`. Not part of `make test`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from flask import Flask
from sqlalchemy import select

from campaigns.posts.models import PostVariant
from campaigns.publishing import scheduling
from campaigns.publishing.models import Attempt, AttemptOutcome, Delivery, DeliveryState
from commons import clock, jobs
from commons.db import db
from commons.media.store import store
from commons.outbound import Policy
from community.channels import accounts
from community.channels.bluesky import Bluesky, sessions, videos, wire
from community.channels.bluesky.records import COLLECTION, record_to_send
from community.channels.models import ChannelAccount
from community.channels.outcomes import SignIn, Trouble
from community.channels.protocol import Call, Media, Part, Sent
from tests.campaigns.posts.factories import make_post
from tests.commons.media.videos import a_video
from tests.community.channels.test_bluesky import a_picture, outgoing
from tests.factories import make_staff
from tests.peers.losing import LosingWire
from tests.peers.network import Network
from tests.servers.processes import await_true

channel = Bluesky()
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    running = Network().start()
    yield running
    running.stop()


@pytest.fixture
def account(app: Flask, network: Network) -> Iterator[ChannelAccount]:
    before = app.extensions["outbound"]
    app.extensions["outbound"] = Policy(allowed=frozenset({("127.0.0.1", network.server_port)}))
    kept = accounts.accept(channel.connect(values_of(network), clock.now()), "bluesky", clock.now())
    db.session.commit()
    yield accounts.apart(kept)
    app.extensions["outbound"] = before


def values_of(network: Network) -> dict[str, str]:
    return {"identifier": network.account["handle"], "password": network.account["password"], "server": network.server}


def send_all(account: ChannelAccount, post: Any) -> list[tuple[Call, Sent]]:
    done: list[tuple[Call, Sent]] = []
    for request in channel.freeze(account, post, clock.now()):
        call = Call(request, [sent for _call, sent in done], clock.now())
        done.append((call, channel.send(account, call, clock.now())))
    return done


def seen_by_readers(network: Network, sent: Sent) -> dict[str, Any]:
    """The post as the network's app shows it to anybody."""
    found: list[dict[str, Any]] = []

    def is_there() -> bool:
        answer = httpx.get(f"{network.app_view}/xrpc/app.bsky.feed.getPosts", params={"uris": sent.external_id})
        found.extend(answer.json().get("posts", []))
        return bool(found)

    await_true(is_there, f"{sent.external_id} is shown", within=30, every=0.1)
    return found[0]


def test_an_account_connects_with_an_app_password(account: ChannelAccount, network: Network) -> None:
    assert (account.external_id, account.name) == (network.account["did"], "@teahouse.test")
    assert channel.refresh(account, clock.now()).external_id == account.external_id


def test_a_wrong_app_password_is_refused_in_words(account: ChannelAccount, network: Network) -> None:
    with pytest.raises(SignIn):
        channel.connect({**values_of(network), "password": "wrong"}, clock.now())


def test_a_text_stands_there_with_its_link_mention_and_hashtag(account: ChannelAccount, network: Network) -> None:
    post = outgoing(
        "春茶 #龙井 @oolong.test 与 @nobody.test", link_url="https://tea.example/l/spring", key="text", language="zh"
    )
    ((_call, sent),) = send_all(account, post)
    shown = seen_by_readers(network, sent)
    assert shown["record"]["text"] == "春茶 #龙井 @oolong.test 与 @nobody.test\n\ntea.example/l/spring"
    kinds = [facet["features"][0]["$type"].partition("#")[2] for facet in shown["record"]["facets"]]
    assert kinds == ["tag", "mention", "link"]
    assert shown["record"]["facets"][1]["features"][0]["did"] == network.account["friend"]["did"]
    assert channel.look(account, sent) == shown["record"]["text"]


def test_pictures_stand_there_with_their_descriptions(account: ChannelAccount, network: Network) -> None:
    large = a_picture(size=(1700, 1300), noise=True)
    ((_call, sent),) = send_all(account, outgoing("两张", pictures=(a_picture(), large), key="pictures"))
    images = seen_by_readers(network, sent)["embed"]["images"]
    assert [image["alt"] for image in images] == ["一杯茶", "一杯茶"]
    assert images[1]["aspectRatio"] == {"width": 1700, "height": 1300}


def test_a_video_is_named_as_the_network_wants_it(account: ChannelAccount, network: Network) -> None:
    """Its video service is not among this software: the file is put into the repository as that service would."""
    film = a_film()
    content = store().path(film.key).read_bytes()
    (request,) = channel.freeze(account, outgoing("看茶", video=film, key="video"), clock.now())
    given = sessions.signed_in(account, lambda server, token: videos.service_token(server, token, clock.now()))
    assert given.count(".") == 2  # a signed token for the one purpose
    blob = sessions.signed_in(account, lambda server, token: wire.upload(server, content, "video/mp4", token))["blob"]
    call = Call(request, (), clock.now(), progress={"video": {"id": "done", "blob": blob}})
    sent = channel.send(account, call, clock.now())
    embed = seen_by_readers(network, sent)["record"]["embed"]
    assert (embed["$type"], embed["alt"], embed["video"]) == ("app.bsky.embed.video", film.alt, blob)
    before = revision(account)
    assert channel.send(account, call, clock.now()) == sent
    assert revision(account) == before


def test_a_thread_hangs_together(account: ChannelAccount, network: Network) -> None:
    post = outgoing("一", more=(Part("二"), Part("三")), first_comment="链接在这里", key="thread")
    sent = [sent for _call, sent in send_all(account, post)]
    parents = [seen_by_readers(network, part)["record"]["reply"]["parent"]["uri"] for part in sent[1:]]
    assert parents == [sent[0].external_id, sent[1].external_id, sent[0].external_id]


def test_the_same_record_again_changes_nothing(account: ChannelAccount, network: Network) -> None:
    ((call, sent),) = send_all(account, outgoing("一次", pictures=(a_picture(),), key="again"))
    before = revision(account)
    assert channel.send(account, call, clock.now()) == sent == channel.send(account, call, clock.now())
    assert revision(account) == before


def test_what_nobody_heard_of_is_found_or_known_to_be_missing(account: ChannelAccount, network: Network) -> None:
    (request,) = channel.freeze(account, outgoing("丢了回答", key="lost"), clock.now())
    call = Call(request, (), clock.now())
    assert channel.find(account, call, clock.now()) is None
    sent = channel.send(account, call, clock.now())
    assert channel.find(account, call, clock.now() + timedelta(hours=2)) == sent


def test_a_key_in_use_is_settled_by_looking(account: ChannelAccount, network: Network) -> None:
    """`createRecord` on the key is what the network refuses; our own way of writing is not refused."""
    ((call, _sent),) = send_all(account, outgoing("同一个键", key="taken"))
    body = {
        "repo": account.external_id,
        "collection": COLLECTION,
        "rkey": call.request["rkey"],
        "record": record_to_send(dict(call.request), ()),
    }
    with pytest.raises(Trouble) as refusal:
        sessions.signed_in(
            account, lambda server, token: wire.post(server, "com.atproto.repo.createRecord", body, token)
        )
    print(f"createRecord on a key in use: {type(refusal.value).__name__} {refusal.value.answer[:160]}")
    assert channel.find(account, call, clock.now()) is not None


def test_a_session_is_refreshed(account: ChannelAccount, network: Network) -> None:
    before = dict(account.credentials or {})
    renewed = sessions.renewed(account, before)
    assert renewed["refresh"] != before["refresh"]
    assert renewed == accounts.credentials_now(account)
    assert channel.refresh(account, clock.now()).external_id == account.external_id


def test_a_token_that_the_server_does_not_know_is_replaced(account: ChannelAccount, network: Network) -> None:
    account.credentials = {**(account.credentials or {}), "access": "not-a-token"}
    accounts.renew(account, account.credentials)
    assert channel.refresh(account, clock.now()).external_id == account.external_id


def test_a_planned_thread_stands_there_once_though_its_answers_are_lost(
    app: Flask, account: ChannelAccount, network: Network
) -> None:
    with LosingWire(network.server) as wire_to_it:
        app.extensions["outbound"] = Policy(allowed=frozenset({("127.0.0.1", wire_to_it.port)}))
        account.credentials = {**(account.credentials or {}), "server": wire_to_it.url}
        accounts.renew(account, account.credentials)
        delivery = planned(account)
        wire_to_it.losing = 3
        for seconds in (0, 3, 15, 60, 120):
            jobs.drain(clock.now() + timedelta(seconds=seconds))
        assert delivery.state is DeliveryState.PUBLISHED
        tries = db.session.scalars(select(Attempt.outcome).where(Attempt.delivery_id == delivery.id)).all()
    print(f"tries: {', '.join(tries)}")
    assert tries.count(AttemptOutcome.AMBIGUOUS) == 3
    texts = [record["value"]["text"] for record in records(network)]
    assert [texts.count(text) for text in ("第一段，答复丢了", "第二段，也丢了")] == [1, 1]


def a_film() -> Media:
    content = a_video()
    digest = hashlib.sha256(content).hexdigest()
    key = f"{digest[:2]}/{digest[2:]}/video"
    store().write(key, content)
    return Media(1, "茶在杯中舒展", key, "video/mp4", digest, len(content), 160, 120)


def planned(account: ChannelAccount) -> Delivery:
    by = make_staff()
    post = make_post(by, "第一段，答复丢了")
    post.more = ["第二段，也丢了"]
    kept = db.session.get_one(ChannelAccount, account.id)
    post.variants.append(PostVariant(account=kept))
    db.session.flush()
    return scheduling.publish_now(post, kept, "UTC", by=by, at=clock.now())


def records(network: Network) -> list[dict[str, Any]]:
    """All posts of the account, as its server lists them."""
    asked = {"repo": network.account["did"], "collection": COLLECTION, "limit": "100"}
    found: list[dict[str, Any]] = httpx.get(f"{network.server}/xrpc/com.atproto.repo.listRecords", params=asked).json()[
        "records"
    ]
    return found


def revision(account: ChannelAccount) -> str:
    """How often the repository has changed, as its server tells."""
    status = sessions.signed_in(account, lambda server, token: wire.get(server, "com.atproto.sync.getLatestCommit", {"did": account.external_id}, token))  # fmt: skip
    return str(status["rev"])
