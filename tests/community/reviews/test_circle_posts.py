"""What fans write in interest circles goes through the same rules and the same queue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db
from commons.i18n import Words
from commons.permissions import Role
from community.circle.interests import circles, joining, posting
from community.circle.interests.models import CirclePost
from community.members import roster
from community.members.models import Member
from community.reviews import deciding, leaving, submitting, thresholds
from community.reviews.models import Kind, State, Submission, Verdict, Wait
from tests.community.reviews.factories import decide, hand_in, published, reviewer
from tests.factories import NOON, make_fan, make_staff, sign_in

LATER = NOON + timedelta(minutes=9)


def write(fan: Member, text: str) -> CirclePost:
    look = circles.Look(Words("茶席", "Tea table"), Words("喝茶", "Tea"), Words("好好说话", "Be kind"), "mug")
    circle = circles.open_circle(look, by=make_staff(Role.SOCIAL_MANAGER), at=NOON)
    joining.join(circle, fan, NOON)
    return posting.say(circle, roster.handle_of(fan), text, NOON, key="formkey1a")


def submission_of(post: CirclePost) -> Submission:
    return db.session.scalars(select(Submission).where(Submission.subject_id == post.id)).one()


def test_clean_words_stand_at_once(app: Flask) -> None:
    post = write(make_fan(), "好。")

    assert post.stands
    assert (submission_of(post).kind, submission_of(post).state) == (Kind.FOREIGN, State.PUBLISHED)


@pytest.mark.parametrize(("verdict", "clause", "stands"), [(Verdict.PUBLISH, "", True), (Verdict.REFUSE, "2.1", False)])
def test_what_a_rule_points_at_waits_and_then_follows_the_decision(
    app: Flask, verdict: Verdict, clause: str, stands: bool
) -> None:
    post = write(make_fan(), "你这个废物。")
    waiting = submission_of(post)
    assert (post.stands, waiting.wait) == (False, Wait.FLAGGED)

    decide(waiting, verdict, reviewer(), LATER, clause)

    assert post.stands is stands


def test_the_reviewer_finds_the_post_in_its_circle(app: Flask, client: FlaskClient) -> None:
    post = write(make_fan(), "你这个废物。")
    sign_in(client, make_staff(Role.SOCIAL_MANAGER))

    page = client.get(f"/reviews/{submission_of(post).public_id}")

    assert f"/circle/interests/posts/{post.public_id}" in page.text


def test_undoing_a_decision_takes_the_post_back_too(app: Flask) -> None:
    boss = reviewer()
    post = write(make_fan(), "你这个废物。")
    decision = deciding.decide(submission_of(post), Verdict.PUBLISH, by=boss, at=LATER)
    assert post.stands

    deciding.undo(decision, by=boss, at=LATER)

    assert not post.stands


def test_what_its_author_takes_back_leaves_the_queue(app: Flask) -> None:
    fan = make_fan()
    post = write(fan, "你这个废物。")

    posting.withdraw(post, roster.handle_of(fan), LATER)

    waiting = submission_of(post)
    assert (waiting.state, waiting.due_at, waiting.text) == (State.WITHDRAWN, None, "")


def test_the_export_holds_what_was_handed_in_and_what_was_decided(app: Flask) -> None:
    fan = make_fan()
    published(fan, reviewer(), "我写过的一段话")
    assert fan.user is not None

    exported = leaving.export(fan.user)["submissions"]

    assert [(one["text"], one["decisions"][0]["verdict"]) for one in exported] == [("我写过的一段话", "publish")]


def test_erasing_a_person_erases_the_words(app: Flask) -> None:
    fan = make_fan()
    made = hand_in(fan, "我写过的一段话")
    assert fan.user is not None

    leaving.erase(fan.user, LATER)

    assert (made.text, made.state) == ("", State.WITHDRAWN)
    assert not submitting.is_trusted(fan, thresholds.terms(), LATER)
