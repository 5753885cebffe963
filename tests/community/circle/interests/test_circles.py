"""Opening and closing circles, and naming hosts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from commons.accounts.models import User
from commons.db import db
from commons.errors import Invalid
from commons.events import Event
from community.circle.interests import circles, joining, reporting
from community.circle.interests.models import InterestCircle, Reason
from community.notices.models import Notice
from tests.community.circle.interests.factories import look, make_circle, make_host, make_joined, make_post, user_of
from tests.factories import NOON, make_fan, make_staff


def found_by(user: User) -> list[InterestCircle]:
    return list(db.session.scalars(InterestCircle.visible_to(user)))


def test_a_closed_circle_is_found_by_staff_only_until_it_is_open_again(app: Flask) -> None:
    circle, staff, fan = make_circle(), make_staff(), user_of(make_fan())
    for _ in range(2):
        circles.close(circle, by=staff, at=NOON)
    assert (found_by(staff), found_by(fan)) == ([circle], [])
    circles.reopen(circle, by=staff, at=NOON + timedelta(hours=1))
    assert found_by(fan) == [circle]


def test_only_a_member_of_the_circle_hosts_it_and_is_told(app: Flask) -> None:
    circle = make_circle()
    with pytest.raises(Invalid):
        circles.name_host(circle, make_fan("生人"), by=make_staff(), at=NOON)
    host = make_host(circle)
    assert circles.hosts_of(circle) == [host]
    assert [one.kind for one in db.session.scalars(select(Notice).where(Notice.member_id == host.id))] == [
        "circle.host_named"
    ]


def test_a_released_host_is_told_and_stays_in_the_circle(app: Flask) -> None:
    circle = make_circle()
    host = make_host(circle)
    circles.release_host(circle, host, by=make_staff(), at=NOON)
    assert circles.hosts_of(circle) == []
    assert joining.membership_of(circle, host) is not None
    told = select(Notice.kind).where(Notice.member_id == host.id).order_by(Notice.id)
    assert list(db.session.scalars(told)) == ["circle.host_named", "circle.host_released"]


def test_those_who_write_most_are_proposed_as_hosts_first(app: Flask) -> None:
    circle = make_circle()
    quiet, busy = make_joined(circle, "静静"), make_joined(circle, "阿忙")
    make_post(circle, busy)
    make_host(circle, "已是圈主")
    assert list(circles.candidates(circle)) == [busy, quiet]


def test_a_line_counts_members_words_of_the_week_and_what_waits(app: Flask) -> None:
    circle, other = make_circle(), make_circle("相机", "Cameras")
    fan, reader = make_joined(circle), make_joined(circle, "老周")
    make_post(circle, fan, "很久以前", NOON - timedelta(days=30))
    post = make_post(circle, fan)
    reporting.report(post, reader, Reason.ABUSE, NOON)
    first, second = circles.lines([circle, other], NOON, waits=True)
    assert (first.members, first.posts_of_week, first.waiting) == (2, 1, 1)
    assert (second.members, second.posts_of_week, second.waiting) == (0, 0, 0)


def test_a_change_is_a_fact_of_who_made_it(app: Flask) -> None:
    circle, staff = make_circle(), make_staff()
    circles.change(circle, look("老茶友", "Old tea friends"), by=staff, at=NOON)
    fact = db.session.scalars(select(Event).where(Event.kind == "circle.changed")).one()
    assert (fact.actor_id, fact.payload["circle"]["zh"]) == (staff.id, "老茶友")
