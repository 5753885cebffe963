"""Handing something in: rules look at once, trusted authors are published at once, everything else waits for a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.db import db
from commons.errors import Conflict, Invalid, NotAllowed
from commons.events import Event
from community.reviews import publishing, submitting, thresholds
from community.reviews.models import Kind, State, Submission, Verdict, Wait
from community.reviews.submitting import TooMany
from tests.community.reviews.factories import (
    KETTLE,
    decide,
    hand_in,
    published,
    review_order,
    reviewer,
)
from tests.factories import NOON, make_fan

HOUR = timedelta(hours=1)


def waits(submission: Submission) -> tuple[State, Wait | None]:
    return submission.state, submission.wait


def test_what_a_new_author_hands_in_waits_for_a_person(app: Flask) -> None:
    made = hand_in(make_fan())

    assert waits(made) == (State.WAITING, Wait.FIRST)
    assert made.due_at == NOON + timedelta(hours=24)


def test_one_form_sent_twice_is_one_submission(app: Flask) -> None:
    fan = make_fan()

    assert hand_in(fan, key="formkey1a") is hand_in(fan, key="formkey1a")
    assert db.session.scalars(select(func.count()).select_from(Submission)).one() == 1


def test_the_same_key_of_two_fans_is_two_forms(app: Flask) -> None:
    assert hand_in(make_fan("甲"), key="formkey1a") is not hand_in(make_fan("乙"), key="formkey1a")


def test_what_may_hurt_somebody_is_looked_at_within_the_hour(app: Flask) -> None:
    made = hand_in(make_fan(), "有事打 13800138000 找老板娘。")

    assert waits(made) == (State.WAITING, Wait.FLAGGED)
    assert made.due_at == NOON + HOUR
    assert made.findings == [{"sight": "personal_details", "clause": "3.1", "shown": "13800138000"}]


def test_a_trusted_author_is_published_at_once_criticism_and_all(app: Flask) -> None:
    fan, boss = make_fan(), reviewer()
    for number in range(3):
        published(fan, boss, f"第{number}天，茶还是很香。")

    made = review_order(fan, 1, "壶盖漏水，很失望。")

    assert made.state is State.PUBLISHED
    assert made.critical
    assert publishing.fact_of(made) is not None


def test_trust_does_not_cover_what_a_rule_points_at(app: Flask) -> None:
    fan, boss = make_fan(), reviewer()
    for number in range(3):
        published(fan, boss, f"第{number}天，茶还是很香。")

    assert waits(hand_in(fan, "这个店长是废物。")) == (State.WAITING, Wait.FLAGGED)


def test_a_refusal_ends_trust_for_a_while(app: Flask) -> None:
    fan, boss = make_fan(), reviewer()
    for number in range(3):
        published(fan, boss, f"第{number}天，茶还是很香。")
    decide(hand_in(fan, "来刷屏的第一句话"), Verdict.REMOVE, boss, clause="4.2")

    assert not submitting.is_trusted(fan, thresholds.terms(), NOON + timedelta(days=89))
    assert submitting.is_trusted(fan, thresholds.terms(), NOON + timedelta(days=91))


def test_a_mass_of_the_same_words_is_seen(app: Flask) -> None:
    fans = [make_fan(name) for name in ("甲", "乙", "丙")]

    made = [hand_in(fan, "这款茶真的绝了，大家快去买！") for fan in fans]

    assert [one.wait for one in made] == [Wait.FIRST, Wait.FIRST, Wait.FLAGGED]
    assert [row["sight"] for row in made[2].findings] == ["same_by_many"]


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200b", "\u3164", "字" * 2001])
def test_words_that_nobody_can_read_are_refused(app: Flask, text: str) -> None:
    with pytest.raises(Invalid):
        hand_in(make_fan(), text)


def test_turned_directions_and_controls_are_taken_out(app: Flask) -> None:
    made = hand_in(make_fan(), "好茶\u202eabc\u202c\x07 <b>粗</b>\u2067x")

    assert made.text == "好茶abc <b>粗</b>x"


def test_pictures_need_a_picture(app: Flask) -> None:
    with pytest.raises(Invalid):
        hand_in(make_fan(), "一张图", kind=Kind.PICTURES)


def test_a_review_needs_an_order_and_stars(app: Flask) -> None:
    fan = make_fan()
    with pytest.raises(Invalid):
        hand_in(fan, kind=Kind.ORDER_REVIEW, stars=5)
    with pytest.raises(Invalid):
        hand_in(fan, kind=Kind.ORDER_REVIEW, order=KETTLE)


def test_an_order_is_reviewed_once_until_the_review_is_withdrawn(app: Flask) -> None:
    fan = make_fan()
    first = hand_in(fan, kind=Kind.ORDER_REVIEW, stars=5, order=KETTLE)

    with pytest.raises(Conflict):
        hand_in(fan, kind=Kind.ORDER_REVIEW, stars=1, order=KETTLE)
    submitting.withdraw(first, fan, NOON)

    assert hand_in(fan, kind=Kind.ORDER_REVIEW, stars=1, order=KETTLE).stars == 1


def test_a_flood_is_stopped(app: Flask) -> None:
    fan = make_fan()
    for number in range(submitting.MOST_AN_HOUR):
        hand_in(fan, f"第{number}句不同的话")

    with pytest.raises(TooMany):
        hand_in(fan, "再来一句话")


def test_what_is_withdrawn_is_erased_and_its_fact_undone(app: Flask) -> None:
    fan = make_fan()
    made = published(fan, reviewer())
    fact = publishing.fact_of(made)

    submitting.withdraw(made, fan, NOON + HOUR)
    submitting.withdraw(made, fan, NOON + HOUR)

    undone = db.session.scalars(select(Event).where(Event.kind == "review.withdrawn")).one()
    assert (made.text, made.state) == ("", State.WITHDRAWN)
    assert fact is not None
    assert undone.payload["published_event_id"] == fact.id


def test_nobody_withdraws_the_words_of_others(app: Flask) -> None:
    made = hand_in(make_fan("甲"))

    with pytest.raises(NotAllowed):
        submitting.withdraw(made, make_fan("乙"), NOON)


def test_the_fact_says_nothing_of_how_well_somebody_judged(app: Flask) -> None:
    made = review_order(make_fan(), 5, "很好用，水也不漏了。")
    decide(made, Verdict.PUBLISH, reviewer())

    fact = publishing.fact_of(made)

    assert fact is not None
    assert set(fact.payload) == {"kind", "pictures", "with_order"}
