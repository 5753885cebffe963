"""Holding everything, a channel or a campaign back, and what becomes of the posts that fall into it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from campaigns.posts.planner.slots import set_rules
from campaigns.publishing import claiming, delivering, holding, resuming, scheduling
from campaigns.publishing.holding import Scope
from campaigns.publishing.models import Delivery, DeliveryState
from commons import events, jobs
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, Invalid
from commons.zones import to_local
from community.channels.accounts import circle_account, connect
from community.channels.models import ChannelPost
from tests.at_once import at_once
from tests.campaigns.factories import make_campaign
from tests.campaigns.posts.factories import make_post
from tests.factories import NOON, make_staff

HOUR = timedelta(hours=1)


def planned(by: User, at: datetime, due: datetime | None = None, **more: object) -> Delivery:
    due = due or at + HOUR
    return scheduling.schedule(make_post(by, **more), circle_account(), to_local(due, "UTC"), "UTC", by=by, at=at)  # type: ignore[arg-type]


def hold_all(by: User, at: datetime, until: datetime | None = None) -> holding.Hold:
    return holding.begin(Scope.EVERYTHING, "舆情未明", by=by, at=at, until=until)


def test_what_comes_due_under_a_hold_is_held_and_says_why(author: User, at: datetime) -> None:
    delivery = planned(author, at)
    hold_all(author, at)
    jobs.drain(at + HOUR)
    assert (delivery.state, delivery.reason) == (DeliveryState.HELD, "舆情未明")
    assert not db.session.query(ChannelPost).count()
    assert [event.kind for event in events.of_subject(delivery)] == ["post.scheduled", "post.held"]


def test_what_comes_due_after_the_hold_goes_out(author: User, at: datetime) -> None:
    hold_all(author, at, until=at + HOUR)
    delivery = planned(author, at)
    jobs.drain(at + HOUR)
    assert delivery.state is DeliveryState.PUBLISHED


def test_a_held_post_is_never_missed_and_waits_for_a_person_when_the_hold_has_ended(author: User, at: datetime) -> None:
    delivery = planned(author, at)
    hold_all(author, at, until=at + 3 * HOUR)
    jobs.drain(at + 2 * HOUR)
    assert delivery.state is DeliveryState.HELD
    assert holding.fallen(author, at + 2 * HOUR) == []
    jobs.drain(at + 4 * HOUR)
    assert delivery.state is DeliveryState.HELD
    assert holding.fallen(author, at + 4 * HOUR) == [delivery]


def test_a_hold_of_one_channel_leaves_the_others_alone(author: User, at: datetime) -> None:
    delivery = planned(author, at)
    holding.begin(Scope.ACCOUNT, "换人", by=author, at=at, account=connect("imported", "elsewhere", "别处", at))
    jobs.drain(at + HOUR)
    assert delivery.state is DeliveryState.PUBLISHED


def test_a_hold_of_one_campaign_holds_its_posts_only(author: User, at: datetime) -> None:
    campaign = make_campaign()
    inside, outside = planned(author, at, campaign=campaign), planned(author, at)
    holding.begin(Scope.CAMPAIGN, "奖品缺货", by=author, at=at, campaign=campaign)
    jobs.drain(at + HOUR)
    assert (inside.state, outside.state) == (DeliveryState.HELD, DeliveryState.PUBLISHED)


def test_what_was_claimed_before_the_hold_began_is_caught_at_the_last_moment(author: User, at: datetime) -> None:
    delivery = planned(author, at)
    assert claiming.claim_inside(at + HOUR, 10) == [delivery.id]
    hold_all(author, at + HOUR)
    delivering.deliver(delivery.id, at + HOUR)
    assert delivery.state is DeliveryState.HELD


def test_what_is_let_through_goes_out_although_all_else_is_held(author: User, at: datetime) -> None:
    statement, other = planned(author, at, text="官方声明"), planned(author, at)
    hold_all(author, at)
    jobs.drain(at + HOUR)
    holding.let_through(statement, by=author, at=at + HOUR)
    scheduling.publish_now(statement.post, statement.account, "UTC", by=author, at=at + HOUR)
    jobs.drain(at + HOUR)
    assert (statement.state, other.state) == (DeliveryState.PUBLISHED, DeliveryState.HELD)


def test_a_later_hold_catches_what_an_earlier_one_let_through(author: User, at: datetime) -> None:
    delivery = planned(author, at)
    holding.let_through(delivery, by=author, at=at)
    hold_all(author, at + timedelta(minutes=1))
    jobs.drain(at + HOUR)
    assert delivery.state is DeliveryState.HELD


def test_a_held_post_can_be_sent_moved_or_cancelled_once_the_hold_is_released(author: User, at: datetime) -> None:
    now, later, never = (planned(author, at) for _ in range(3))
    hold = hold_all(author, at)
    jobs.drain(at + HOUR)
    at += 2 * HOUR
    holding.release(hold, by=author, at=at)
    scheduling.publish_now(now.post, now.account, "UTC", by=author, at=at)
    scheduling.move(later, to_local(at + HOUR, "UTC"), "UTC", by=author, at=at)
    scheduling.cancel(never, by=author, at=at)
    jobs.drain(at)
    assert [one.state for one in (now, later, never)] == [
        DeliveryState.PUBLISHED,
        DeliveryState.SCHEDULED,
        DeliveryState.CANCELLED,
    ]


def test_releasing_twice_is_releasing_once(author: User, at: datetime) -> None:
    hold = hold_all(author, at)
    holding.release(hold, by=author, at=at + HOUR)
    holding.release(hold, by=author, at=at + 2 * HOUR)
    assert hold.released_at == at + HOUR
    assert [event.kind for event in events.of_subject(hold)] == ["hold.began.everything", "hold.released.everything"]


def test_the_same_hold_twice_is_one_and_another_on_the_same_is_refused(author: User, at: datetime) -> None:
    hold = hold_all(author, at)
    assert hold_all(author, at) is hold
    with pytest.raises(Conflict):
        holding.begin(Scope.EVERYTHING, "another reason", by=author, at=at)


@pytest.mark.parametrize(("reason", "hours"), [("", 1), ("   ", 1), ("why", -1), ("why", 0)])
def test_a_hold_wants_a_reason_and_an_end_to_come(author: User, at: datetime, reason: str, hours: int) -> None:
    with pytest.raises(Invalid):
        holding.begin(Scope.EVERYTHING, reason, by=author, at=at, until=at + hours * HOUR)


def test_two_ticks_at_once_hold_each_delivery_once(committed_app: Flask) -> None:
    author = make_staff()
    ids = [planned(author, NOON).id for _ in range(20)]
    hold_all(author, NOON)
    db.session.commit()
    claimed: list[int] = []

    def claim() -> None:
        claimed.extend(claiming.claim_inside(NOON + HOUR, 1000))

    assert at_once(committed_app, *[claim] * 3) == []
    assert claimed == []
    for delivery_id in ids:
        delivery = db.session.get_one(Delivery, delivery_id, populate_existing=True)
        assert delivery.state is DeliveryState.HELD
        assert [event.kind for event in events.of_subject(delivery)].count("post.held") == 1


def test_one_by_one_they_stand_as_far_apart_as_the_team_has_agreed(author: User, at: datetime) -> None:
    set_rules(45, "", by=author, at=at)
    hold = hold_all(author, at)
    held = [planned(author, at) for _number in range(3)]
    jobs.drain(at + HOUR)
    later = at + 2 * HOUR
    holding.release(hold, by=author, at=later)
    choices = {one.id: resuming.Choice(resuming.Act.ONE_BY_ONE) for one in held}
    assert resuming.settle(held, choices, by=author, at=later) == resuming.Outcome(done=3)
    assert [one.due_at for one in held] == [later + number * timedelta(minutes=45) for number in range(3)]
