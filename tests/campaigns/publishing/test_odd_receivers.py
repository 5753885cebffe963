"""Posts that go to places with ways of their own: a video that has to be worked on, a receiver that calls everything the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns.posts.models import BrandPost, PostVariant
from campaigns.posts.writing import set_video
from campaigns.publishing import scheduling
from campaigns.publishing.models import Attempt, Delivery, DeliveryState
from commons import jobs
from commons.accounts.models import User
from commons.db import db
from community.channels import accounts, handovers
from community.channels.bluesky import videos
from community.channels.handoff import Handoff
from community.channels.models import ChannelAccount
from community.channels.views import waiting_handovers
from community.channels.webhook import Webhook
from tests.campaigns.posts.factories import make_post
from tests.campaigns.posts.library.factories import a_kept_video
from tests.community.channels.bluesky_server import UPLOAD_VIDEO, BlueskyServer
from tests.community.channels.contract import Reply, let_in
from tests.community.channels.webhook_receiver import WebhookReceiver


@pytest.fixture
def bluesky(app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator[BlueskyServer]:
    with BlueskyServer() as server:
        let_in(app, server, until=monkeypatch)
        monkeypatch.setattr(videos, "SERVICE", server.url)
        yield server


@pytest.fixture
def receiver(app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as server:
        let_in(app, server, until=monkeypatch)
        yield server


def sent_now(post: BrandPost, account: ChannelAccount, by: User, at: datetime) -> Delivery:
    post.variants.append(PostVariant(account=account))
    db.session.flush()
    return scheduling.publish_now(post, account, "UTC", by=by, at=at)


def run(at: datetime, *seconds: float) -> None:
    for second in seconds:
        jobs.drain(at + timedelta(seconds=second))


def test_a_video_is_worked_on_first_and_then_stands_on_bluesky_once(
    author: User, at: datetime, bluesky: BlueskyServer
) -> None:
    bluesky.looks = 2
    bluesky.misbehave("drop_after")
    post = make_post(author, "看茶")
    set_video(post, a_kept_video(), at=at, alt="茶在杯中舒展")
    delivery = sent_now(post, accounts.accept(bluesky.connection(), "bluesky", at), author, at)
    run(at, 0, 6, 12, 20, 40)
    tries = db.session.scalars(select(Attempt.outcome).order_by(Attempt.number)).all()
    assert tries == ["media_pending", "media_pending", "ambiguous", "published"]
    assert (delivery.state, bluesky.writes, bluesky.count(UPLOAD_VIDEO)) == (DeliveryState.PUBLISHED, 1, 1)


def test_a_video_that_bluesky_cannot_use_fails_with_its_words_and_posts_nothing(
    author: User, at: datetime, bluesky: BlueskyServer
) -> None:
    bluesky.bad_video = "Video is longer than allowed"
    post = make_post(author, "看茶")
    set_video(post, a_kept_video(), at=at, alt="茶在杯中舒展")
    delivery = sent_now(post, accounts.accept(bluesky.connection(), "bluesky", at), author, at)
    run(at, 0, 20)
    assert (delivery.state, bluesky.records, delivery.account.trouble) == (DeliveryState.FAILED, {}, "")
    assert "longer than allowed" in delivery.reason


def test_posts_are_told_apart_though_their_receiver_calls_them_the_same(
    author: User, at: datetime, receiver: WebhookReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {"name": "公告板", "url": f"{receiver.url}/posts"}
    account = accounts.accept(Webhook().connect(values, at), "webhook", at)
    monkeypatch.setattr(receiver, "answer", lambda request: Reply(b'{"id": "ok"} \x00'))
    done = [sent_now(make_post(author, text), account, author, at) for text in ("一", "二")]
    run(at, 0, 5)
    assert [delivery.state for delivery in done] == [DeliveryState.PUBLISHED] * 2
    assert len({delivery.channel_post_id for delivery in done}) == 2


def test_text_of_nonsense_is_kept_as_far_as_it_can_be(
    author: User, at: datetime, receiver: WebhookReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = accounts.accept(Webhook().connect({"name": "公告板", "url": f"{receiver.url}/posts"}, at), "webhook", at)
    monkeypatch.setattr(receiver, "answer", lambda request: Reply(b"\x00\xff\x00", 400))
    delivery = sent_now(make_post(author), account, author, at)
    run(at, 0)
    assert (delivery.state, "400" in delivery.reason) == (DeliveryState.FAILED, True)


def test_what_is_given_now_is_seen_behind_any_number_that_was_settled_elsewhere(author: User, at: datetime) -> None:
    values = {"name": "抖音", "address": "creator.example", "person": str(author.email)}
    account = accounts.accept(Handoff().connect(values, at), "handoff", at)
    request = {"parts": [{"text": "旧的", "media": []}]}
    for number in range(210):
        handovers.give(account, f"old{number}", request, at - timedelta(days=1))
    delivery = sent_now(make_post(author), account, author, at)
    run(at, 0)
    assert [given.key for given in waiting_handovers()] == [delivery.public_id]
