"""Sending what is due: once, on time, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaigns.links.making import make_link
from campaigns.publishing import claiming, delivering, scheduling
from campaigns.publishing.content import outgoing_of
from campaigns.publishing.models import Attempt, AttemptOutcome, Delivery, DeliveryState
from commons import events, jobs
from commons.accounts.models import User
from commons.db import db
from commons.events import Event
from commons.zones import to_local
from community.channels import protocol
from community.channels.accounts import circle_account
from community.channels.models import ChannelAccount, ChannelPost
from community.channels.outcomes import Rejected
from community.channels.protocol import Outgoing
from community.inbox.models import Interaction
from tests.at_once import at_once
from tests.campaigns.posts.factories import make_post, with_pictures
from tests.factories import NOON, make_staff

TEN_MINUTES = timedelta(minutes=10)


def planned(by: User, at: datetime, due: datetime | None = None, **more: Any) -> Delivery:
    due = due or at + timedelta(hours=1)
    return scheduling.schedule(make_post(by, **more), circle_account(), to_local(due, "UTC"), "UTC", by=by, at=at)


def live_posts() -> Sequence[ChannelPost]:
    return db.session.scalars(select(ChannelPost).order_by(ChannelPost.id)).all()


def attempts(delivery: Delivery) -> Sequence[Attempt]:
    return db.session.scalars(select(Attempt).where(Attempt.delivery_id == delivery.id).order_by(Attempt.number)).all()


class Grumpy:
    """A circle that raises whatever it is told to, as long as it is told to."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.real = protocol.inside_named("circle")
        self.name, self.facts, self.fields, self.limits = "circle", self.real.facts, (), self.real.limits

    def publish(self, account: ChannelAccount, outgoing: Outgoing, at: datetime) -> ChannelPost:
        post = self.real.publish(account, outgoing, at)
        if self.errors:
            raise self.errors.pop(0)
        return post


@pytest.fixture
def grumpy(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Grumpy:
    channel = Grumpy()
    monkeypatch.setitem(protocol._channels, "circle", channel)
    return channel


def test_the_first_comment_stands_under_the_post_once_in_the_name_of_its_author(author: User, at: datetime) -> None:
    plain, delivery = planned(author, at), planned(author, at, first_comment="更多照片在店里 {link}")
    jobs.drain(at + timedelta(hours=1))
    db.session.refresh(delivery)
    assert delivery.channel_post is not None
    said = db.session.scalars(select(Interaction)).one()
    assert (said.post_id, said.text, said.author.user_id) == (delivery.channel_post.id, "更多照片在店里", author.id)
    outgoing = outgoing_of(delivery.post, circle_account(), at, key=delivery.public_id)
    protocol.inside_named("circle").publish(circle_account(), outgoing, at)
    assert db.session.scalar(select(func.count()).select_from(Interaction)) == 1
    assert plain.state is DeliveryState.PUBLISHED


def test_a_first_comment_that_the_circle_cannot_show_is_told_before(author: User, at: datetime) -> None:
    with pytest.raises(scheduling.NotReady):
        planned(author, at, first_comment="长" * 501)


def test_a_due_post_stands_in_the_circle_as_it_was_written(author: User, at: datetime) -> None:
    link = make_link("/groupbuys/abc", by=author, at=at)
    delivery = planned(author, at, text="龙井开团", link=link)
    with_pictures(delivery.post, "一杯茶", "两杯茶")
    jobs.drain(at + timedelta(hours=1, seconds=2))
    (post,) = live_posts()
    assert (post.text, post.link_slug, post.author_name, post.facts) == ("龙井开团", link.slug, "阿岚", {"ad": True})
    assert [entry.alt for entry in post.pictures] == ["一杯茶", "两杯茶"]
    assert (delivery.state, delivery.channel_post, delivery.lateness) == (DeliveryState.PUBLISHED, post, 2.0)


def test_nothing_goes_out_before_its_time(author: User, at: datetime) -> None:
    delivery = planned(author, at)
    jobs.drain(at + timedelta(minutes=59, seconds=59))
    assert delivery.state is DeliveryState.SCHEDULED
    assert not live_posts()


def test_the_fact_speaks_of_the_live_post_and_of_nobody(author: User, at: datetime) -> None:
    planned(author, at)
    jobs.drain(at + timedelta(hours=1))
    (post,) = live_posts()
    (event,) = events.of_subject(post)
    assert (event.kind, event.actor_id, event.payload["lateness"]) == ("post.published", None, 0.0)


def test_the_attempt_keeps_what_was_asked_for(author: User, at: datetime) -> None:
    delivery = planned(author, at, text="第一泡")
    jobs.drain(at + timedelta(hours=1))
    (attempt,) = attempts(delivery)
    assert (attempt.number, attempt.outcome, attempt.request["text"]) == (1, AttemptOutcome.PUBLISHED, "第一泡")
    assert attempt.ended_at is not None


def test_sending_twice_is_sending_once(author: User, at: datetime) -> None:
    delivery = planned(author, at)
    due = at + timedelta(hours=1)
    assert claiming.claim_inside(due, 10) == [delivery.id]
    delivering.deliver(delivery.id, due)
    delivering.deliver(delivery.id, due)
    assert len(live_posts()) == len(attempts(delivery)) == 1


def test_a_claim_takes_what_is_due_in_order_and_only_once(author: User, at: datetime) -> None:
    late, early, future = (planned(author, at, at + timedelta(minutes=minutes)) for minutes in (5, 2, 60))
    due = at + timedelta(minutes=6)
    assert claiming.claim_inside(due, 10) == [early.id, late.id]
    assert claiming.claim_inside(due, 10) == []
    db.session.refresh(future)
    assert future.state is DeliveryState.SCHEDULED


def test_a_claim_takes_no_more_than_it_was_asked_to(author: User, at: datetime) -> None:
    for minutes in (1, 2, 3):
        planned(author, at, at + timedelta(minutes=minutes))
    assert len(claiming.claim_inside(at + timedelta(minutes=5), 2)) == 2


def test_a_claim_that_nobody_kept_is_taken_again(author: User, at: datetime) -> None:
    delivery = planned(author, at, at + timedelta(minutes=1))
    delivery.lateness_limit, delivery.late_at = 3600, at + timedelta(hours=1)
    db.session.flush()
    due = at + timedelta(minutes=1)
    first = claiming.claim_inside(due, 10)
    before = db.session.get_one(Delivery, first[0], populate_existing=True).lease
    assert claiming.claim_inside(due + claiming.LEASE - timedelta(seconds=1), 10) == []
    assert claiming.claim_inside(due + claiming.LEASE, 10) == first
    assert db.session.get_one(Delivery, first[0], populate_existing=True).lease != before


def test_what_is_exactly_at_the_limit_still_goes_out(author: User, at: datetime) -> None:
    delivery = planned(author, at)
    jobs.drain(at + timedelta(hours=1) + TEN_MINUTES)
    assert delivery.state is DeliveryState.PUBLISHED


def test_what_is_later_than_its_limit_is_missed_and_not_sent(author: User, at: datetime) -> None:
    delivery = planned(author, at)
    jobs.drain(at + timedelta(hours=1, seconds=1) + TEN_MINUTES)
    assert (delivery.state, delivery.reason) == (DeliveryState.MISSED, "late")
    assert not live_posts()
    assert [event.kind for event in events.of_subject(delivery)] == ["post.scheduled", "post.missed"]


def test_what_became_late_between_claim_and_sending_is_missed(author: User, at: datetime) -> None:
    delivery = planned(author, at)
    claiming.claim_inside(at + timedelta(hours=1), 10)
    delivering.deliver(delivery.id, at + timedelta(hours=1, seconds=1) + TEN_MINUTES)
    assert delivery.state is DeliveryState.MISSED
    assert not live_posts()


def test_a_missed_post_can_be_sent_by_a_person(author: User, at: datetime) -> None:
    delivery = planned(author, at)
    later = at + timedelta(days=1)
    jobs.drain(later)
    scheduling.publish_now(delivery.post, delivery.account, "UTC", by=author, at=later)
    jobs.drain(later)
    assert delivery.state is DeliveryState.PUBLISHED
    assert len(live_posts()) == 1


def test_a_channel_that_says_no_is_not_asked_again(author: User, at: datetime, grumpy: Grumpy) -> None:
    grumpy.errors = [Rejected("这个话题被关闭了")] * 3
    delivery = planned(author, at)
    due = at + timedelta(hours=1)
    jobs.drain(due)
    jobs.drain(due + timedelta(minutes=5))
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, "这个话题被关闭了")
    assert [attempt.outcome for attempt in attempts(delivery)] == [AttemptOutcome.REJECTED]


def test_a_post_goes_out_once_although_the_first_tries_broke_off(author: User, at: datetime, grumpy: Grumpy) -> None:
    grumpy.errors = [RuntimeError("power cut"), RuntimeError("again")]
    delivery = planned(author, at)
    due = at + timedelta(hours=1)
    for seconds in (0, 20, 120):
        jobs.drain(due + timedelta(seconds=seconds))
    assert delivery.state is DeliveryState.PUBLISHED
    assert len(live_posts()) == 1
    outcomes = [attempt.outcome for attempt in attempts(delivery)]
    assert outcomes == [AttemptOutcome.INTERRUPTED, AttemptOutcome.INTERRUPTED, AttemptOutcome.PUBLISHED]


def test_after_three_interruptions_it_has_failed_and_a_person_may_send_it(
    author: User, at: datetime, grumpy: Grumpy
) -> None:
    grumpy.errors = [RuntimeError(f"power cut, token=geheim{number}") for number in range(3)]
    delivery = planned(author, at)
    due = at + timedelta(hours=1)
    for seconds in (0, 20, 120, 400):
        jobs.drain(due + timedelta(seconds=seconds))
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, "interrupted")
    assert not live_posts()
    assert all("geheim" not in attempt.answer for attempt in attempts(delivery))
    again = due + timedelta(hours=2)
    scheduling.publish_now(delivery.post, delivery.account, "UTC", by=author, at=again)
    jobs.drain(again)
    assert delivery.state is DeliveryState.PUBLISHED


def test_a_cancelled_post_does_not_go_out(author: User, at: datetime) -> None:
    delivery = planned(author, at)
    scheduling.cancel(delivery, by=author, at=at)
    jobs.drain(at + timedelta(hours=1))
    assert delivery.state is DeliveryState.CANCELLED
    assert not live_posts()


@pytest.mark.slow
def test_many_that_come_due_in_one_second_all_go_out_once(author: User, at: datetime) -> None:
    for number in range(150):
        planned(author, at, text=f"第 {number} 条")
    jobs.drain(at + timedelta(hours=1))
    assert len({post.text for post in live_posts()}) == len(live_posts()) == 150
    count = select(func.count()).where(Event.kind == "post.published")
    assert db.session.scalar(count) == 150


def test_workers_that_send_the_same_delivery_at_once_send_it_once(committed_app: Flask) -> None:
    author = make_staff()
    planned(author, NOON)
    due = NOON + timedelta(hours=1)
    db.session.commit()
    (delivery_id,) = claiming.claim_inside(due, 10)
    db.session.commit()
    assert at_once(committed_app, *[lambda: delivering.deliver(delivery_id, due)] * 4) == []
    assert len(live_posts()) == 1
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_two_ticks_at_once_claim_each_delivery_once(committed_app: Flask) -> None:
    author = make_staff()
    for _ in range(40):
        planned(author, NOON)
    db.session.commit()
    claimed: list[int] = []

    def claim() -> None:
        claimed.extend(claiming.claim_inside(NOON + timedelta(hours=1), 1000))

    assert at_once(committed_app, *[claim] * 3) == []
    assert len(claimed) == len(set(claimed)) == 40
