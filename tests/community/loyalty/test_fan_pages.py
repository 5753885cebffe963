"""A fan's own page of points."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db
from community.loyalty import ledger, prospects
from community.loyalty.models import Currency, EarningRule, LedgerEntry
from community.loyalty.prospects import Part
from community.loyalty.rules import versions as rules
from community.members.models import Member
from tests.community.loyalty.factories import comment
from tests.community.members.segments.factories import every, make_segment, times
from tests.factories import NOON, browser_of, make_fan, make_staff, sign_in

PAGE = "/me/points"


@pytest.fixture
def fan(app: Flask, at: datetime) -> Member:
    return make_fan("小满", NOON, language="en")


@pytest.fixture
def browser(app: Flask, fan: Member) -> FlaskClient:
    return browser_of(app, fan)


def earn(member: Member, amount: int, key: str, expires: datetime | None = None, **more: datetime) -> LedgerEntry:
    return ledger.earn(member, Currency.POINTS, amount, key=key, at=NOON, expires_at=expires, **more)


def change(code: str, at: datetime, **terms: Any) -> None:
    rule = db.session.scalars(select(EarningRule).where(EarningRule.code == code)).one()
    now = rules.current(rule, at)
    assert now is not None
    rules.change(rule, replace(now, **terms), by=make_staff(), at=at)


def names(fan: Member, at: datetime) -> set[str]:
    return {way.rule.en for way in prospects.ways(fan, at)}


def test_points_stand_by_the_month_in_which_they_expire_where_the_fan_lives(fan: Member) -> None:
    earn(fan, 10, "a", datetime(2026, 3, 31, 17, tzinfo=UTC))
    earn(fan, 5, "b", datetime(2026, 4, 20, tzinfo=UTC))
    earn(fan, 3, "c")
    earn(fan, 6, "d", available_at=NOON + timedelta(days=14))
    ledger.earn(fan, Currency.GROWTH, 99, key="g", at=NOON)
    earn(make_fan("阿木"), 40, "e")

    found = prospects.points_of(fan)

    assert found.available == [Part(date(2026, 4, 1), 15), Part(None, 3)]
    assert found.pending == [Part(date(2026, 3, 15), 6)]
    assert found.owed == 0


def test_the_page_says_how_long_points_last_and_what_is_owed(browser: FlaskClient, fan: Member) -> None:
    assert "You have no points to spend yet." in browser.get(PAGE).text
    earn(fan, 15, "a", datetime(2026, 4, 20, tzinfo=UTC))
    earn(fan, 6, "b", available_at=NOON + timedelta(days=14))
    ledger.spend(fan, 4, key="s", at=NOON)

    page = browser.get(PAGE).text

    assert "Expire in April 2026" in page
    assert "11 points" in page
    assert "From 15 March 2026 on" in page
    assert "owed" not in page

    ledger.spend(fan, 20, key="more", at=NOON, allow_negative=True)

    assert "9 points are owed" in browser.get(PAGE).text


def test_it_names_what_earns_and_within_which_limits(browser: FlaskClient, fan: Member, at: datetime) -> None:
    change("comment", at, growth=7, points=3, cap_per_day=4)

    page = browser.get(PAGE).text

    assert "+7 growth" in page
    assert "4 a day" in page


def test_what_is_switched_off_or_out_of_season_is_left_out(fan: Member, at: datetime) -> None:
    known = names(fan, at)
    assert {"Comment", "Daily check-in", "Share a post"} <= known

    change("comment", at, active=False)
    change("check_in", at, last_day=date(2020, 1, 1))
    change("share", at, growth=0, points=0)

    assert known - names(fan, at) == {"Comment", "Daily check-in", "Share a post"}


def test_what_is_for_a_segment_is_named_to_those_in_it_and_without_its_name(fan: Member, at: datetime) -> None:
    segment = make_segment(every(times("interaction.comment")), "爱抱怨的人", at)
    change("check_in", at, segment_id=segment.id)
    assert "Daily check-in" not in names(fan, at)

    comment(fan, at)

    assert "Daily check-in" in names(fan, at)
    assert "爱抱怨的人" not in str([list(way.limits) for way in prospects.ways(fan, at)])


def test_the_page_is_for_fans(client: FlaskClient, app: Flask) -> None:
    assert client.get(PAGE).status_code == 303
    staff = app.test_client()
    sign_in(staff, make_staff())
    assert staff.get(PAGE).status_code == 404
