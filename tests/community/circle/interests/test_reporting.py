"""Reports: one for each pair, answered whatever becomes of the post, and never by who wrote it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from commons.db import db
from commons.errors import NotAllowed
from commons.events import Event
from community.circle.interests import posting, reporting, waiting
from community.circle.interests.models import Reason, Report, Settled
from community.members.models import Member
from community.members.roster import handle_of
from community.notices.models import Notice
from tests.community.circle.interests.factories import brand, make_circle, make_host, make_joined, make_post
from tests.factories import NOON


def told(member: Member) -> list[str]:
    query = select(Notice.kind).where(Notice.member_id == member.id, Notice.kind.startswith("circle.report"))
    return list(db.session.scalars(query.order_by(Notice.id)))


def settled() -> list[Settled | None]:
    return list(db.session.scalars(select(Report.settled)))


def test_a_post_that_breaks_no_rule_stays_and_who_reported_it_learns_that(app: Flask) -> None:
    circle = make_circle()
    post, reader = make_post(circle, make_joined(circle), "这次的茶太贵了"), make_joined(circle, "老周")
    reporting.report(post, reader, Reason.OTHER, NOON)
    reporting.leave(post, brand(), NOON)
    assert (post.stands, settled(), told(reader)) == (True, [Settled.LEFT], ["circle.report_left"])


def test_a_host_does_not_answer_what_was_reported_about_himself(app: Flask) -> None:
    circle = make_circle()
    host, reader = make_host(circle), make_joined(circle, "老周")
    post = make_post(circle, host)
    reporting.report(post, reader, Reason.ABUSE, NOON)
    with pytest.raises(NotAllowed):
        reporting.leave(post, handle_of(host), NOON)
    assert settled() == [None]


def test_words_taken_back_answer_their_reports_and_nothing_of_them_waits(app: Flask) -> None:
    circle = make_circle()
    fan, reader = make_joined(circle), make_joined(circle, "老周")
    post = make_post(circle, fan)
    reporting.report(post, reader, Reason.ABUSE, NOON)
    posting.withdraw(post, handle_of(fan), NOON)
    assert (reporting.open_reports(circle), waiting.in_circles().total()) == ([], 0)
    assert told(reader) == ["circle.report_withdrawn"]
    assert not list(db.session.scalars(select(Event).where(Event.kind == "circle.reports_settled")))


def test_nobody_reports_oneself(app: Flask) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    with pytest.raises(NotAllowed):
        reporting.report(make_post(circle, fan), fan, Reason.OTHER, NOON)
