"""Posts on their way to Mastodon and Weibo, from the plan to where they stand, against servers that keep to the documentation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery, DeliveryPart, DeliveryState
from commons import clock, jobs
from commons.accounts.models import User
from commons.db import db
from community.channels import accounts
from community.channels.models import ChannelAccount
from tests.campaigns.publishing.running import outcomes, planned_on, run
from tests.campaigns.publishing.scripted import HOUR
from tests.community.channels.contract import let_in
from tests.community.channels.mastodon_server import MastodonServer
from tests.community.channels.weibo_server import WeiboServer
from tests.servers.processes import await_true

LINKED = "龙井开团，见 https://tea.example/l/spring"


@pytest.fixture
def mastodon(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[MastodonServer]:
    with MastodonServer() as server:
        let_in(app, server, until=monkeypatch)
        yield server


@pytest.fixture
def weibo(app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator[WeiboServer]:
    with WeiboServer() as server:
        let_in(app, server, until=monkeypatch)
        yield server


def planned(server: MastodonServer | WeiboServer, by: User, at: datetime, text: str = LINKED, **more: Any) -> Delivery:
    network = "weibo" if isinstance(server, WeiboServer) else "mastodon"
    return planned_on(server, network, by, at, text, **more)


def test_a_thread_with_a_picture_stands_on_mastodon(author: User, at: datetime, mastodon: MastodonServer) -> None:
    mastodon.looks = 1
    delivery = planned(mastodon, author, at, pictures=1, more=["第二段"], first_comment="评论", content_warning="茶")
    run(at + HOUR, 0, 4)
    assert outcomes(delivery) == ["send media_pending", "send published", "send published", "send published"]
    assert (delivery.state, delivery.account.trouble) == (DeliveryState.PUBLISHED, "")
    assert [(post.text, len(post.media), post.spoiler_text) for post in mastodon.posts] == [
        (LINKED, 1, "茶"), ("第二段", 0, "茶"), ("评论", 0, "茶"),
    ]  # fmt: skip
    assert delivery.channel_post is not None
    assert delivery.channel_post.url == f"{mastodon.url}/@tea/{mastodon.posts[0].id}"
    query = select(DeliveryPart).where(DeliveryPart.delivery_id == delivery.id).order_by(DeliveryPart.number)
    assert [part.is_comment for part in db.session.scalars(query)] == [False, False, True]


@pytest.mark.parametrize("mode", ["drop_before", "drop_after", "error_after", "nonsense_after"])
def test_mastodon_gets_the_same_key_again_and_has_one_post(
    author: User, at: datetime, mastodon: MastodonServer, mode: str
) -> None:
    mastodon.misbehave(mode, times=2)
    delivery = planned(mastodon, author, at)
    run(at + HOUR, 0, 61, 122)
    assert outcomes(delivery) == ["send ambiguous", "send ambiguous", "send published"]
    assert (delivery.state, len(mastodon.posts)) == (DeliveryState.PUBLISHED, 1)


def test_a_slow_mastodon_is_not_sent_the_same_while_it_is_still_at_it(
    author: User, at: datetime, mastodon: MastodonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its key covers requests one after the other: two at once would be two posts."""
    mastodon.working_seconds = 1.0
    delivery = planned(mastodon, author, at)
    clock.set_to(at + HOUR)  # the instance goes on working after our call
    with monkeypatch.context() as impatient:
        impatient.setattr("community.channels.mastodon.posting.ANSWERED_WITHIN", 0.3)
        run(at + HOUR, 0, 3, 15, 45)
    assert outcomes(delivery) == ["send ambiguous"]
    await_true(lambda: len(mastodon.posts) == 1, "the slow instance has made the post")
    run(at + HOUR, 61)
    assert outcomes(delivery) == ["send ambiguous", "send published"]
    assert (delivery.state, len(mastodon.posts)) == (DeliveryState.PUBLISHED, 1)


def test_a_file_that_is_worked_on_for_long_takes_nothing_from_the_promise_of_the_key(
    author: User, at: datetime, mastodon: MastodonServer
) -> None:
    mastodon.looks = 9
    mastodon.misbehave("drop_after")
    delivery = planned(mastodon, author, at, pictures=1)
    run(at + HOUR, *range(0, 50, 5), 120)
    assert outcomes(delivery) == [*["send media_pending"] * 9, "send ambiguous", "send published"]
    assert (delivery.state, len(mastodon.posts)) == (DeliveryState.PUBLISHED, 1)


def test_after_the_hour_of_the_key_it_is_found_among_the_posts(
    author: User, at: datetime, mastodon: MastodonServer
) -> None:
    mastodon.misbehave("error_after")
    delivery = planned(mastodon, author, at)
    run(at + HOUR, 0, 3600, 3700)
    assert outcomes(delivery) == ["send ambiguous", "find found"]
    assert (delivery.state, len(mastodon.posts)) == (DeliveryState.PUBLISHED, 1)


def test_an_account_connected_again_goes_on_with_what_was_planned(
    author: User, at: datetime, mastodon: MastodonServer
) -> None:
    mastodon.tokens = {"fresh-token"}
    delivery = planned(mastodon, author, at)
    run(at + HOUR, 0)
    assert (delivery.state, delivery.account.trouble != "") == (DeliveryState.FAILED, True)
    account: ChannelAccount = accounts.accept(mastodon.connection("fresh-token"), "mastodon", at)
    assert (account, account.trouble) == (delivery.account, "")
    later = at + HOUR + timedelta(minutes=1)
    scheduling.publish_now(delivery.post, account, "UTC", by=author, at=later)
    jobs.drain(later)
    assert (delivery.state, len(mastodon.posts)) == (DeliveryState.PUBLISHED, 1)


def test_weibo_is_never_asked_twice_but_looked_at(author: User, at: datetime, weibo: WeiboServer) -> None:
    weibo.misbehave("drop_after")
    delivery = planned(weibo, author, at, pictures=1)
    run(at + HOUR)
    assert outcomes(delivery) == ["send ambiguous", "find found"]
    assert (delivery.state, len(weibo.posts)) == (DeliveryState.PUBLISHED, 1)
    assert weibo.count("share.json") == 1


def test_what_weibo_never_took_is_unknown_and_not_sent_again(author: User, at: datetime, weibo: WeiboServer) -> None:
    weibo.misbehave("drop_before")
    delivery = planned(weibo, author, at)
    run(at + HOUR)
    assert outcomes(delivery) == ["send ambiguous", *["find not_found"] * 3]
    assert (delivery.state, weibo.count("share.json")) == (DeliveryState.UNKNOWN, 1)


def test_what_weibo_shows_late_is_found_late(author: User, at: datetime, weibo: WeiboServer) -> None:
    weibo.refuse(20032, taken=True)
    delivery = planned(weibo, author, at)
    run(at + HOUR, 0, 15)
    weibo.show_hidden()
    run(at + HOUR, 60)
    assert outcomes(delivery) == ["send duplicate", "find not_found", "find found"]
    assert delivery.state is DeliveryState.PUBLISHED


def test_what_weibo_would_refuse_fails_with_words_and_without_a_call(
    author: User, at: datetime, weibo: WeiboServer
) -> None:
    with pytest.raises(scheduling.NotReady) as refusal:
        planned(weibo, author, at, "看 https://other.example/")
    assert "tea.example" in refusal.value.missing[0]
    delivery = planned(weibo, author, at)
    delivery.post.text = "看 https://other.example/"
    db.session.commit()
    run(at + HOUR, 0)
    assert (delivery.state, weibo.requests) == (DeliveryState.FAILED, [])
    assert "tea.example" in delivery.reason
