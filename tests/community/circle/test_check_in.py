"""The daily check-in, at the edges of days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons import clock
from commons.db import db
from commons.events import Event
from community.circle.checking_in import check_in, days_of, streak_of
from community.members.models import Member
from tests.factories import make_fan, make_staff, sign_in


def fan_in(zone: str) -> Member:
    return make_fan(zone=zone)


def moment(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


def test_checking_in_twice_a_day_is_one_fact(app: Flask) -> None:
    fan = make_fan()
    assert check_in(fan, moment(2026, 3, 1, 12)) is not None
    assert check_in(fan, moment(2026, 3, 1, 13)) is None
    assert days_of(fan) == [date(2026, 3, 1)]


def test_the_day_is_the_one_where_the_fan_lives(app: Flask) -> None:
    shanghai, los_angeles = fan_in("Asia/Shanghai"), fan_in("America/Los_Angeles")
    at = moment(2026, 3, 1, 17)
    check_in(shanghai, at)
    check_in(los_angeles, at)
    assert days_of(shanghai) == [date(2026, 3, 2)]
    assert days_of(los_angeles) == [date(2026, 3, 1)]


def test_one_minute_around_midnight_is_two_days(app: Flask) -> None:
    fan = fan_in("Asia/Shanghai")
    check_in(fan, moment(2026, 3, 1, 15, 59, 30))
    check_in(fan, moment(2026, 3, 1, 16, 0, 30))
    assert streak_of(fan, moment(2026, 3, 1, 16, 1)).current == 2


def test_the_short_day_of_spring_and_the_long_day_of_autumn_are_one_day_each(app: Flask) -> None:
    fan = fan_in("Europe/Berlin")
    for at in (
        moment(2026, 3, 28, 22, 59),
        moment(2026, 3, 28, 23, 1),
        moment(2026, 3, 29, 21, 59),
        moment(2026, 3, 29, 22, 1),
    ):
        check_in(fan, at)
    assert days_of(fan) == [date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30)]
    for at in (moment(2026, 10, 24, 22, 1), moment(2026, 10, 25, 22, 59), moment(2026, 10, 25, 23, 1)):
        check_in(fan, at)
    assert days_of(fan)[-2:] == [date(2026, 10, 25), date(2026, 10, 26)]


def test_moving_west_gives_no_day_twice_and_breaks_no_streak(app: Flask) -> None:
    fan = fan_in("Asia/Shanghai")
    check_in(fan, moment(2026, 3, 1, 1))
    check_in(fan, moment(2026, 3, 1, 17))
    assert fan.user is not None
    fan.user.zone = "America/Los_Angeles"
    assert check_in(fan, moment(2026, 3, 1, 18)) is None
    assert check_in(fan, moment(2026, 3, 2, 18)) is None
    assert streak_of(fan, moment(2026, 3, 2, 18)).current == 2
    assert check_in(fan, moment(2026, 3, 3, 18)) is not None
    assert streak_of(fan, moment(2026, 3, 3, 18)).current == 3


def test_a_tap_checks_in_and_the_streak_is_shown(client: FlaskClient) -> None:
    fan = make_fan()
    assert fan.user is not None
    sign_in(client, fan.user)
    clock.set_to(moment(2026, 3, 1, 12))
    answer = client.post("/circle/check-in", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "is-done" in answer.text
    assert client.post("/circle/check-in").status_code == 303
    assert db.session.scalar(select(func.count()).where(Event.kind == "circle.checked_in")) == 1


def test_a_broken_streak_begins_anew(app: Flask) -> None:
    fan = make_fan()
    start = moment(2026, 3, 1, 12)
    for day in (0, 1, 2, 5):
        check_in(fan, start + timedelta(days=day))
    found = streak_of(fan, start + timedelta(days=5))
    assert (found.current, found.longest) == (1, 3)


def test_staff_and_strangers_cannot_check_in(client: FlaskClient) -> None:
    assert client.post("/circle/check-in").status_code == 303
    sign_in(client, make_staff())
    assert client.post("/circle/check-in").status_code == 404
