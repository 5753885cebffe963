"""Who bought again after a complaint was solved."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import Flask
from sqlalchemy import literal, select

from campaigns.insights import complaints, slots
from campaigns.insights.periods import Period
from community.circle.interests import reporting
from community.circle.interests.models import Reason, Settled
from community.members.models import Member
from community.reviews import appealing
from community.reviews.models import Verdict
from tests.campaigns.insights.factories import order
from tests.community.circle.interests.factories import brand, make_circle, make_joined, make_post
from tests.community.reviews.factories import decide, refused, reviewer
from tests.factories import make_fan

SHANGHAI = "Asia/Shanghai"
TODAY = Period(date(2026, 3, 1), date(2026, 3, 1), SHANGHAI)


def complain(at: datetime, name: str = "小满") -> Member:
    """A fan reports a post, and somebody settles it."""
    circle = make_circle(f"茶友{name}", f"Tea friends {name}")
    post = make_post(circle, make_joined(circle, "阿木"), at=at)
    fan = make_joined(circle, name)
    reporting.report(post, fan, Reason.OFF_TOPIC, at)
    reporting.settle(post, Settled.LEFT, brand(), at)
    return fan


def test_an_order_within_thirty_days_counts_and_a_later_or_earlier_one_does_not(app: Flask, at: datetime) -> None:
    again, late, before = complain(at, "一"), complain(at, "二"), complain(at, "三")
    order(again.public_id, at + timedelta(days=30))
    order(late.public_id, at + timedelta(days=30, seconds=1))
    order(before.public_id, at - timedelta(hours=1))

    share = complaints.share_of(complaints.people(TODAY))

    assert (share.hits, share.trials) == (1, 3)


def test_somebody_with_two_complaints_counts_once_from_the_first_solution_on(app: Flask, at: datetime) -> None:
    fan = complain(at)
    circle = make_circle("别处", "Elsewhere")
    post = make_post(circle, make_joined(circle, "阿木"), at=at)
    reporting.report(post, fan, Reason.ABUSE, at + timedelta(minutes=5))
    reporting.settle(post, Settled.LEFT, brand(), at + timedelta(minutes=10))
    order(fan.public_id, at + timedelta(minutes=7))

    (solved,) = complaints.people(TODAY)

    assert (solved.solved_at, solved.ordered_at) == (at, at + timedelta(minutes=7))


def test_an_answered_appeal_is_a_solved_complaint(app: Flask, at: datetime) -> None:
    fan, other = make_fan(), reviewer("阿青")
    submission = refused(fan, reviewer())
    appealing.appeal(submission, "这不是广告。", by=fan, at=at)
    assert complaints.people(TODAY) == []

    decide(submission, Verdict.UPHOLD, other, at + timedelta(hours=1))

    assert [one.member_id for one in complaints.people(TODAY)] == [fan.id]


def test_a_desk_can_bring_its_cases(app: Flask, at: datetime) -> None:
    fan = make_fan()

    def cases() -> object:
        values = (literal("desk"), Member.id, Member.id, Member.joined_at)
        columns = (value.label(name) for value, name in zip(values, slots.COMPLAINT_COLUMNS, strict=True))
        return select(*columns).where(Member.id == fan.id)

    slots.complaints.plug(cases)  # type: ignore[arg-type]
    try:
        (solved,) = complaints.people(TODAY)
    finally:
        slots.complaints._plugs.remove(cases)  # type: ignore[arg-type]

    assert (solved.member_id, solved.room) == (fan.id, "desk")
    assert complaints.room_words("desk") != "desk"
