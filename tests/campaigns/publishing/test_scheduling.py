"""Planning when a post goes out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from campaigns.posts.models import BrandPost
from campaigns.posts.writing import Fixed, begin, discard
from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery, DeliveryState
from campaigns.publishing.scheduling import InThePast, NotReady, Underway
from commons import events
from commons.accounts.models import User
from commons.db import db, random_id
from commons.errors import Conflict, Invalid
from community.channels.accounts import circle_account
from tests.campaigns.posts.factories import make_post, with_pictures

TOMORROW_AT_TEN = datetime(2026, 3, 2, 10)


def planned(
    post: BrandPost, by: User, at: datetime, wall_clock: datetime = TOMORROW_AT_TEN, zone: str = "Asia/Shanghai"
) -> Delivery:
    return scheduling.schedule(post, circle_account(), wall_clock, zone, by=by, at=at)


def told(delivery: Delivery) -> Sequence[str]:
    return [event.kind for event in events.of_subject(delivery)]


def test_a_wall_clock_time_means_the_moment_in_its_zone(author: User, at: datetime) -> None:
    delivery = planned(make_post(author), author, at)
    assert delivery.due_at == datetime(2026, 3, 2, 2, tzinfo=UTC)
    assert (delivery.wall_clock, delivery.zone, delivery.state) == (
        "2026-03-02T10:00:00",
        "Asia/Shanghai",
        DeliveryState.SCHEDULED,
    )
    assert delivery.late_at == delivery.due_at + timedelta(minutes=10)


def test_who_scheduled_it_is_a_fact(author: User, at: datetime) -> None:
    delivery = planned(make_post(author), author, at)
    (event,) = events.of_subject(delivery)
    assert (event.kind, event.actor_id, event.payload["zone"]) == ("post.scheduled", author.id, "Asia/Shanghai")


def test_scheduling_the_same_again_changes_nothing(author: User, at: datetime) -> None:
    post = make_post(author)
    first = planned(post, author, at)
    assert planned(post, author, at) is first
    assert told(first) == ["post.scheduled"]


def test_scheduling_another_time_moves_it_and_says_from_where(author: User, at: datetime) -> None:
    post = make_post(author)
    delivery = planned(post, author, at)
    scheduling.move(delivery, datetime(2026, 3, 3, 18, 30), "Europe/Berlin", by=author, at=at)
    assert delivery.due_at == datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
    moved = events.of_subject(delivery)[-1]
    assert (moved.kind, moved.payload["before"]) == ("post.moved", "2026-03-02T02:00:00+00:00")


def test_a_moment_that_has_passed_is_refused(author: User, at: datetime) -> None:
    post = make_post(author)
    with pytest.raises(InThePast):
        planned(post, author, at, datetime(2026, 3, 1, 19, 58))
    assert scheduling.delivery_of(post, circle_account()) is None


def test_the_minute_that_is_running_is_not_the_past(author: User, at: datetime) -> None:
    delivery = planned(make_post(author), author, at + timedelta(seconds=40), datetime(2026, 3, 1, 20, 0))
    assert delivery.due_at == at


@pytest.mark.parametrize("year", [1, 1900, 2025])
def test_long_ago_is_the_past_too(author: User, at: datetime, year: int) -> None:
    with pytest.raises(InThePast):
        planned(make_post(author), author, at, datetime(year, 1, 1))


@pytest.mark.parametrize("year", [2029, 9999])
def test_what_lies_too_far_ahead_is_refused(author: User, at: datetime, year: int) -> None:
    with pytest.raises(Invalid) as refusal:
        planned(make_post(author), author, at, datetime(year, 12, 31, 23, 59))
    assert not isinstance(refusal.value, InThePast)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "a\x00b"])
def test_a_zone_that_does_not_exist_is_refused(author: User, at: datetime, zone: str) -> None:
    with pytest.raises(Invalid):
        planned(make_post(author), author, at, zone=zone)


def test_a_time_that_the_clocks_skip_moves_forward_and_is_explained(author: User, at: datetime) -> None:
    skipped = datetime(2026, 3, 29, 2, 30)
    delivery = planned(make_post(author), author, at, skipped, "Europe/Berlin")
    assert delivery.due_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert "03:30" in scheduling.clock_change(skipped, "Europe/Berlin")


def test_a_time_that_comes_twice_is_the_first_and_is_explained(author: User, at: datetime) -> None:
    twice = datetime(2026, 10, 25, 2, 30)
    delivery = planned(make_post(author), author, at, twice, "Europe/Berlin")
    assert delivery.due_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert "02:30" in scheduling.clock_change(twice, "Europe/Berlin")
    assert scheduling.clock_change(twice, "Asia/Shanghai") == ""


def test_a_post_that_lacks_something_is_refused_with_all_of_it(author: User, at: datetime) -> None:
    post = with_pictures(make_post(author, text="茶" * 2001), "龙井", " \u200b")
    with pytest.raises(NotReady) as refusal:
        planned(post, author, at)
    assert len(refusal.value.missing) == 2


def test_an_empty_post_is_not_ready(author: User, at: datetime) -> None:
    with pytest.raises(NotReady):
        planned(begin(random_id(), by=author, at=at), author, at)


def test_a_family_of_four_is_one_character(author: User, at: datetime) -> None:
    post = make_post(author, text="👨‍👩‍👧‍👦" * 2000)
    assert planned(post, author, at).state is DeliveryState.SCHEDULED


def test_publishing_now_is_due_at_once(author: User, at: datetime) -> None:
    delivery = scheduling.publish_now(make_post(author), circle_account(), "Asia/Shanghai", by=author, at=at)
    assert (delivery.due_at, delivery.wall_clock, delivery.state) == (
        at,
        "2026-03-01T20:00:00",
        DeliveryState.SCHEDULED,
    )


def test_a_cancelled_delivery_can_be_scheduled_again(author: User, at: datetime) -> None:
    post = make_post(author)
    delivery = planned(post, author, at)
    scheduling.cancel(delivery, by=author, at=at)
    scheduling.cancel(delivery, by=author, at=at)
    assert delivery.state is DeliveryState.CANCELLED
    planned(post, author, at)
    assert told(delivery) == ["post.scheduled", "post.cancelled", "post.scheduled"]


def test_back_to_draft_forgets_the_time(author: User, at: datetime) -> None:
    delivery = planned(make_post(author), author, at)
    scheduling.take_back(delivery, by=author, at=at)
    scheduling.take_back(delivery, by=author, at=at)
    assert (delivery.state, delivery.due_at, delivery.wall_clock) == (DeliveryState.DRAFT, None, None)
    assert told(delivery) == ["post.scheduled", "post.taken_back"]


@pytest.mark.parametrize("state", [DeliveryState.PUBLISHING, DeliveryState.PUBLISHED])
def test_what_is_going_out_or_is_out_can_no_longer_be_planned_or_changed(
    author: User, at: datetime, state: DeliveryState
) -> None:
    post = make_post(author)
    delivery = planned(post, author, at)
    delivery.state = state
    db.session.flush()
    with pytest.raises(Underway):
        scheduling.cancel(delivery, by=author, at=at)
    with pytest.raises(Underway):
        scheduling.take_back(delivery, by=author, at=at)
    with pytest.raises(Underway):
        planned(post, author, at, datetime(2026, 3, 9, 9))
    with pytest.raises(Fixed):
        discard(post, by=author, at=at)


def test_a_discarded_post_is_not_scheduled(author: User, at: datetime) -> None:
    post = make_post(author)
    discard(post, by=author, at=at)
    with pytest.raises(Conflict):
        planned(post, author, at)


def test_an_account_on_which_nothing_can_be_published_is_refused(app: Flask, author: User, at: datetime) -> None:
    from community.channels.accounts import connect

    with pytest.raises(LookupError):
        scheduling.schedule(
            make_post(author), connect("imported", "x", "X", at), TOMORROW_AT_TEN, "UTC", by=author, at=at
        )
