"""Who sees a picture that a fan handed in, while its words wait, while they are published, and afterwards."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from commons import clock
from commons.accounts.models import User
from commons.db import db
from commons.media.models import Picture
from commons.permissions import Role
from community.members.models import Member
from community.reviews import deciding
from community.reviews.models import State, Submission, Verdict
from tests.commons.media.pictures import a_picture
from tests.community.reviews.factories import decide, reviewer
from tests.factories import NOON, browser_of, make_fan, make_staff

MINUTE = timedelta(minutes=1)


@pytest.fixture
def author(app: Flask) -> Member:
    clock.set_to(NOON)
    return make_fan("小满", language="en")


@pytest.fixture
def shared(app: Flask, author: Member) -> Submission:
    """A picture that has just been handed in and waits."""
    files = {"text": "一杯茶", "key": "formkey1a", "files": [(BytesIO(a_picture()), "tea.jpg")], "alt": "一杯茶"}
    browser_of(app, author).post("/circle/submit?kind=pictures", data=files, content_type="multipart/form-data")
    return db.session.scalars(select(Submission)).one()


def answers(app: Flask, address: str, *whose: User | Member) -> list[int]:
    """What the address answers to each of them, and last to a stranger."""
    clients = [*(browser_of(app, who) for who in whose), app.test_client()]
    return [client.get(address, buffered=True).status_code for client in clients]


def own_address(picture: Picture) -> str:
    """Where it is while everybody may see it."""
    return picture.url(320)


def test_while_it_waits_only_the_author_and_who_reviews_see_it(app: Flask, author: Member, shared: Submission) -> None:
    [shown] = shared.pictures

    for address in (shown.url, shown.thumb_url):
        assert answers(app, address, author, reviewer(), make_fan("别人")) == [200, 200, 404, 404]
    assert answers(app, own_address(shown.picture), author, reviewer()) == [404, 404, 404]


def test_nothing_on_the_way_keeps_a_copy(app: Flask, author: Member, shared: Submission) -> None:
    answer = browser_of(app, author).get(shared.pictures[0].url, buffered=True)

    assert answer.headers["Cache-Control"] == "private, no-store"


def test_published_it_is_for_everybody_at_its_own_address(app: Flask, shared: Submission) -> None:
    decide(shared, Verdict.PUBLISH, reviewer())

    [shown] = shared.pictures
    assert shown.thumb_url == own_address(shown.picture)
    assert answers(app, shown.thumb_url) == [200]
    assert shown.thumb_url in app.test_client().get("/circle/shares").text


def test_removed_or_undone_it_goes_from_sight_with_the_words(app: Flask, author: Member, shared: Submission) -> None:
    by, [shown] = reviewer(), shared.pictures
    decision = deciding.decide(shared, Verdict.PUBLISH, by=by, at=NOON)
    deciding.undo(decision, by=by, at=NOON + timedelta(seconds=2))
    assert answers(app, own_address(shown.picture)) == [404]

    decide(shared, Verdict.PUBLISH, by, NOON + MINUTE)
    decide(shared, Verdict.REMOVE, by, NOON + 2 * MINUTE, "4.2")

    assert shared.state is State.REMOVED
    assert answers(app, own_address(shown.picture)) == [404]
    assert answers(app, shown.url, author) == [200, 404]


def test_taken_back_nobody_sees_it(app: Flask, author: Member, shared: Submission) -> None:
    decide(shared, Verdict.PUBLISH, reviewer())
    picture, address = shared.pictures[0].picture, f"{shared.url}/pictures/0/320"

    browser_of(app, author).post(f"{shared.url}/withdraw")

    assert answers(app, own_address(picture), author) == [404, 404]
    assert answers(app, address, author, make_staff(Role.SOCIAL_MANAGER)) == [404, 404, 404]


@pytest.mark.parametrize("path", ["0/321", "1/320", "0/0"])
def test_there_is_no_other_picture_or_width(app: Flask, author: Member, shared: Submission, path: str) -> None:
    assert answers(app, f"{shared.url}/pictures/{path}", author) == [404, 404]
