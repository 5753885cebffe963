"""From a hot topic to a post that is live, and what the stopwatch says about it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from campaigns.approval import deciding, reading
from campaigns.lane import running
from campaigns.lane.models import HotTopic, Idea
from campaigns.lane.reading import dropped, past, run_of, target_seconds
from campaigns.lane.reading import running as under_way
from campaigns.lane.timing import Marks, legs, medians, shares
from campaigns.publishing import claiming, delivering, scheduling
from campaigns.publishing.ending import end
from campaigns.publishing.models import DeliveryState
from campaigns.publishing.scheduling import NotReady, delivery_of
from commons import clock
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, Invalid
from commons.jobs import drain
from community.channels.accounts import circle_account, connect
from tests.campaigns.approval.factories import a_route, an_approver
from tests.campaigns.posts.factories import make_picture
from tests.factories import NOON
from tests.servers.smtp import Smtp


@pytest.fixture
def topic(author: User) -> HotTopic:
    return running.see("全城都在说秋天的第一杯奶茶", "https://example.org/hot", by=author, at=NOON)


def an_idea(topic: HotTopic, by: User, text: str = "秋天的第一杯，我们用新焙的白茶做。") -> Idea:
    return running.draw(topic, text, [circle_account()], by=by, at=clock.now())


def deliver() -> None:
    for delivery_id in claiming.claim_inside(clock.now(), 10):
        delivering.deliver(delivery_id, clock.now())


def test_a_topic_is_live_the_moment_that_one_approver_agrees(topic: HotTopic, author: User, approver: User) -> None:
    a_route({"role": "campaign_lead"}, {"role": "administrator"})  # the lane has its own, faster way
    clock.advance(minutes=3)
    idea = an_idea(topic, author)
    clock.advance(minutes=1)
    request = running.send(idea, by=author, at=clock.now())
    assert reading.queue(approver).mine == [request]
    assert run_of(topic).stage == "sent"

    clock.advance(minutes=5)
    deciding.approve(request, by=approver, seen=request.seen, at=clock.now())
    deliver()

    run = run_of(topic)
    assert run.stage == "live"
    assert [(leg.name, leg.seconds) for leg in legs(run.marks, clock.now())] == [
        ("drawn", 180), ("sent", 60), ("approved", 300), ("live", 0),
    ]  # fmt: skip
    assert [one.topic for one in past(author)] == [topic]
    assert under_way(author) == []


def test_every_approver_is_written_to_at_once_and_sees_it_on_top(
    topic: HotTopic, author: User, approver: User, smtp: Smtp
) -> None:
    lead = an_approver("许澄")
    running.send(an_idea(topic, author), by=author, at=NOON)
    drain(NOON)
    assert {str(message["To"]) for message in smtp.messages} == {approver.email, lead.email}


def test_the_first_of_two_approvers_counts(topic: HotTopic, author: User, approver: User) -> None:
    request = running.send(an_idea(topic, author), by=author, at=NOON)
    seen = request.seen
    deciding.approve(request, by=approver, seen=seen, at=NOON)
    with pytest.raises(deciding.Moved):
        deciding.approve(request, by=an_approver("许澄"), seen=seen, at=NOON)


def test_who_sent_it_does_not_approve_it(topic: HotTopic) -> None:
    lead = an_approver("许澄")
    request = running.send(an_idea(topic, lead), by=lead, at=NOON)
    with pytest.raises(deciding.Barred):
        deciding.approve(request, by=lead, seen=request.seen, at=NOON)


def test_what_is_not_ready_is_not_sent_and_the_idea_stays(topic: HotTopic, author: User) -> None:
    idea = running.draw(topic, "有图", [circle_account()], picture=make_picture(), by=author, at=NOON)
    with pytest.raises(NotReady):
        running.send(idea, by=author, at=NOON)
    assert run_of(topic).stage == "drawn"


def test_an_idea_that_was_refused_comes_back_and_another_may_be_sent(
    topic: HotTopic, author: User, approver: User
) -> None:
    idea = an_idea(topic, author)
    request = running.send(idea, by=author, at=NOON)
    deciding.reject(request, by=approver, seen=request.seen, note="太硬了", at=NOON)
    assert run_of(topic).stage == "returned"

    running.send(idea, by=author, at=NOON)
    assert run_of(topic).stage == "sent"


def test_a_topic_is_dropped_with_a_reason_and_nothing_of_it_goes_out(
    topic: HotTopic, author: User, approver: User
) -> None:
    idea = an_idea(topic, author)
    running.send(idea, by=author, at=NOON)
    with pytest.raises(Invalid):
        running.drop(topic, " ", by=author, at=NOON)

    running.drop(topic, "当事人出了意外", by=author, at=NOON)

    delivery = delivery_of(idea.post, circle_account())
    assert delivery is not None
    assert delivery.state is DeliveryState.DRAFT
    assert reading.queue(approver).mine == []
    assert dropped(author) == [topic]
    with pytest.raises(Conflict):
        an_idea(topic, author)
    running.take_up(topic, by=author, at=NOON)
    running.send(idea, by=author, at=NOON)
    assert run_of(topic).stage == "sent"


def test_a_topic_of_which_something_is_planned_is_not_dropped_over_it(
    topic: HotTopic, author: User, approver: User
) -> None:
    idea = an_idea(topic, author)
    delivery = scheduling.publish_now(idea.post, circle_account(), "UTC", by=author, at=NOON)
    with pytest.raises(Conflict):
        running.drop(topic, "不合适", by=author, at=NOON)

    scheduling.cancel(delivery, by=author, at=NOON)
    running.drop(topic, "不合适", by=author, at=NOON)
    assert topic.dropped_at == NOON


def test_what_came_back_is_a_draft_once_the_topic_is_dropped(topic: HotTopic, author: User, approver: User) -> None:
    idea = an_idea(topic, author)
    request = running.send(idea, by=author, at=NOON)
    deciding.ask_for_changes(request, by=approver, seen=request.seen, note="再短一点", at=NOON)
    running.drop(topic, "太晚了", by=author, at=NOON)
    delivery = delivery_of(idea.post, circle_account())
    assert delivery is not None
    assert delivery.state is DeliveryState.DRAFT


def test_live_on_one_channel_does_not_hide_that_another_fell_short(
    topic: HotTopic, author: User, approver: User
) -> None:
    other = connect("circle", "second", "第二个圈子", NOON)
    idea = running.draw(topic, "我们也有。", [circle_account(), other], by=author, at=NOON)
    request = running.send(idea, by=author, at=NOON)
    deciding.approve(request, by=approver, seen=request.seen, at=NOON)
    first, second = (delivery_of(idea.post, account) for account in (circle_account(), other))
    assert first is not None
    assert second is not None
    first.published_at, first.state = NOON, DeliveryState.PUBLISHED
    db.session.flush()
    assert (run_of(topic).stage, run_of(topic).is_going_out, run_of(topic).fell_short) == ("live", True, False)
    end(second, DeliveryState.FAILED, "the channel said no", NOON)
    assert (run_of(topic).stage, run_of(topic).is_going_out, run_of(topic).fell_short) == ("live", False, True)


@pytest.mark.parametrize("source", ["javascript:alert(1)", "ftp://example.org", "example.org"])
def test_a_source_is_an_address_or_nothing(author: User, source: str) -> None:
    with pytest.raises(Invalid):
        running.see("热点", source, by=author, at=NOON)


def test_the_target_can_be_set(author: User) -> None:
    assert target_seconds() == 20 * 60
    running.set_target(12, by=author, at=NOON)
    assert target_seconds() == 12 * 60


def test_medians_are_over_what_went_live() -> None:
    def run(*minutes: int) -> Marks:
        moments = [NOON + timedelta(minutes=sum(minutes[: count + 1])) for count in range(len(minutes))]
        return Marks(NOON, *moments)

    runs = [run(2, 1, 4, 0), run(4, 1, 6, 0), run(3, 1, 20, 0), run(1)]
    assert medians(runs) == {"drawn": 180, "sent": 60, "approved": 360, "live": 0, "total": 11 * 60}
    assert medians([run(1)]) == {}


def test_the_bar_is_filled_against_the_target_and_never_overflows() -> None:
    late = Marks(NOON, drawn=NOON + timedelta(minutes=30))
    parts = shares(late, 20 * 60, NOON + timedelta(minutes=40))
    assert [(name, round(begin), round(width)) for name, begin, width in parts] == [("drawn", 0, 75), ("sent", 75, 25)]


def test_a_mark_that_was_never_set_gives_its_time_to_the_next_leg() -> None:
    moment: datetime = NOON + timedelta(minutes=5)
    assert [leg.name for leg in legs(Marks(NOON, drawn=NOON, live=moment), moment)] == ["drawn", "live"]
