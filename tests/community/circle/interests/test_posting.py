"""Saying something in a circle, and taking it back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.db import db
from commons.errors import Gone, Invalid, NotAllowed
from commons.events import Event
from commons.permissions import Role
from community.circle.commenting import MOST_A_MINUTE, MOST_CHARACTERS, MOST_SAME, TooFast
from community.circle.interests import circles, posting, slots
from community.circle.interests.joining import join
from community.circle.interests.models import CirclePost
from community.members.roster import handle_of
from community.notices.models import Notice
from tests.community.circle.interests.factories import brand, make_circle, make_joined, make_post, new_key, user_of
from tests.factories import NOON, make_fan, make_staff


@pytest.fixture
def reviewed(nobody_looks_first: None) -> list[CirclePost]:
    """Every fan's words are kept back for people."""
    seen: list[CirclePost] = []

    def keep_back(post: CirclePost, at: datetime) -> bool:
        seen.append(post)
        return False

    slots.submitting.plug(keep_back)
    return seen


def facts(kind: str) -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.kind == kind)))


def test_a_post_is_a_fact_about_its_author(app: Flask) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    post = make_post(circle, fan, "  好茶!  ")
    assert (post.text, post.stands, post.parent_id) == ("好茶!", True, None)
    assert [(fact.member_id, fact.subject_id) for fact in facts("circle.posted")] == [(fan.id, post.id)]


def test_the_same_form_sent_twice_says_it_once(app: Flask) -> None:
    circle = make_circle()
    by = handle_of(make_joined(circle))
    posts = [posting.say(circle, by, "好茶!", NOON, key="onekey0001") for _ in range(2)]
    assert posts[0].id == posts[1].id
    assert db.session.scalar(select(func.count()).select_from(CirclePost)) == 1


def test_an_answer_to_an_answer_hangs_under_the_post_and_its_author_is_told_once(app: Flask) -> None:
    circle = make_circle()
    author, other = make_joined(circle), make_joined(circle, "老周")
    root = make_post(circle, author)
    first = make_post(circle, other, "龙井", under=root)
    second = make_post(circle, other, "还是普洱", under=first)
    make_post(circle, author, "都好", under=root)
    assert (first.parent_id, second.parent_id) == (root.id, root.id)
    told = db.session.scalars(select(Notice).where(Notice.kind == "circle.answered")).all()
    assert [notice.member_id for notice in told] == [author.id]


def test_who_does_not_belong_only_reads(app: Flask) -> None:
    circle, stranger = make_circle(), make_fan()
    with pytest.raises(NotAllowed):
        make_post(circle, stranger)


def test_the_brand_writes_without_joining_and_is_known_as_such(app: Flask) -> None:
    circle, by = make_circle(), brand()
    post = posting.say(circle, by, "大家早上好", NOON, key=new_key())
    assert (post.author.is_brand, post.author.member_id) == (True, None)
    assert [fact.actor_id for fact in facts("circle.posted")] == [by.user_id]


def test_nobody_writes_in_a_closed_circle(app: Flask) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    circles.close(circle, by=make_staff(), at=NOON)
    with pytest.raises(Gone):
        make_post(circle, fan)


@pytest.mark.parametrize("text", ["", " \u200b ", "字" * (MOST_CHARACTERS + 1)])
def test_nothing_to_read_and_too_much_are_refused(app: Flask, text: str) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    with pytest.raises(Invalid):
        make_post(circle, fan, text)


def test_the_same_words_again_within_a_day_are_refused_in_every_circle(app: Flask) -> None:
    circle, other = make_circle(), make_circle("相机", "Cameras")
    fan = make_joined(circle)
    join(other, fan, NOON)
    make_post(circle, fan, "买一送一")
    for place in (circle, other):
        with pytest.raises(Invalid):
            make_post(place, fan, "买一送一", NOON + timedelta(hours=2))
    assert make_post(circle, fan, "买一送一", NOON + timedelta(hours=25)).stands


def test_who_writes_faster_than_people_do_is_asked_to_wait(app: Flask) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    for number in range(MOST_A_MINUTE):
        make_post(circle, fan, f"第 {number} 句")
    with pytest.raises(TooFast):
        make_post(circle, fan, "再来一句", NOON + timedelta(seconds=30))
    assert make_post(circle, fan, "再来一句", NOON + timedelta(seconds=61)).stands


def test_tricks_with_the_direction_of_writing_do_not_survive(app: Flask) -> None:
    circle = make_circle()
    assert make_post(circle, make_joined(circle), "\u202egnihtemos <b>x</b>").text == "gnihtemos <b>x</b>"


def test_words_taken_back_are_gone_and_the_fact_names_what_it_undoes(app: Flask) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    post = make_post(circle, fan)
    for _ in range(2):
        posting.withdraw(post, handle_of(fan), NOON)
    assert (post.text, post.stands) == ("", False)
    undone = db.session.get_one(Event, facts("circle.withdrawn")[0].payload["said_event_id"])
    assert (undone.kind, undone.subject_id) == ("circle.posted", post.id)


def test_nobody_takes_back_what_others_said(app: Flask) -> None:
    circle = make_circle()
    post = make_post(circle, make_joined(circle))
    with pytest.raises(NotAllowed):
        posting.withdraw(post, handle_of(make_joined(circle, "老周")), NOON)


def test_words_kept_back_are_no_fact_until_they_stand(app: Flask, reviewed: list[CirclePost]) -> None:
    circle = make_circle()
    post = make_post(circle, make_joined(circle))
    assert reviewed == [post]
    assert (post.stands, facts("circle.posted")) == (False, [])
    for _ in range(2):
        posting.let_stand(post, NOON + timedelta(hours=1))
    assert (post.stands, len(facts("circle.posted"))) == (True, 1)


def test_the_brands_small_talk_waits_for_nobody(app: Flask, reviewed: list[CirclePost]) -> None:
    assert posting.say(make_circle(), brand(), "早", NOON, key=new_key()).stands
    assert reviewed == []


def test_who_has_no_part_in_the_circles_has_no_name_there(app: Flask) -> None:
    fan = make_fan()
    assert posting.handle_for(make_staff(Role.EXECUTIVE), NOON) is None
    assert posting.handle_for(user_of(fan), NOON) == handle_of(fan) == posting.known_handle(user_of(fan))


def test_an_answer_of_the_brand_says_so_in_the_notice(app: Flask) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    posting.say(circle, brand(), "谢谢你", NOON, key=new_key(), under=make_post(circle, fan))
    told = db.session.scalars(select(Notice).where(Notice.member_id == fan.id)).one()
    assert told.kind == "circle.answered_by_the_house"


def test_an_answer_may_thank_more_than_once_but_not_over_and_over(app: Flask) -> None:
    circle = make_circle()
    fan, root = make_joined(circle), make_post(circle, make_joined(circle, "老周"))
    for number in range(MOST_SAME):
        assert make_post(circle, fan, "谢谢", NOON + timedelta(minutes=number), root).stands
    with pytest.raises(Invalid):
        make_post(circle, fan, "谢谢", NOON + timedelta(hours=1), root)
