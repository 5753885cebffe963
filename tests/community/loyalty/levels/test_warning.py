"""Nobody loses a level by surprise: the day is told as it is where the fan lives, and exactly what prevents it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from commons.db import db
from community.loyalty import ledger
from community.loyalty.levels import climbing, keeping
from community.loyalty.levels.outlook import outlook
from community.loyalty.models import Currency
from community.notices.models import Notice
from community.notices.saying import say
from tests.community.loyalty.factories import change, grow, ranks
from tests.factories import NOON, make_fan, make_staff

DAY = timedelta(days=1)
YEAR = 365 * DAY


@pytest.mark.parametrize(
    ("language", "zone", "words"), [("en", "Asia/Shanghai", "16 January 2026"), ("zh_Hans", "UTC", "2026年1月15日")]
)
def test_the_day_is_told_as_it_is_where_the_fan_lives(app: Flask, language: str, zone: str, words: str) -> None:
    fan = make_fan(zone=zone)
    evening = datetime(2026, 1, 1, 18, tzinfo=UTC)
    grow(fan, 60, "a", evening - YEAR)
    keeping.look(evening)

    notice = db.session.scalars(select(Notice).where(Notice.kind == "level.in_danger")).one()

    with force_locale(language):
        assert words in say(notice)


def test_what_is_too_old_by_the_last_day_is_not_reckoned_with(app: Flask) -> None:
    fan = make_fan()
    grow(fan, 30, "a", NOON - 360 * DAY)
    grow(fan, 30, "b", NOON - 50 * DAY)
    keeping.look(NOON)
    ledger.adjust(fan, Currency.GROWTH, -20, key="c", by=make_staff(), at=NOON, note="Twice the same order")

    keeping.look(NOON)

    seen = outlook(fan, NOON)
    assert (seen.counted.growth, seen.to_keep.growth) == (40, 15)
    grow(fan, 15, "d", NOON + DAY)
    keeping.look_at_warned(NOON + 14 * DAY)
    keeping.look(NOON + 20 * DAY)
    assert (ranks(fan), climbing.open_grace(fan.id)) == ([2], None)


def test_of_two_ladders_the_one_that_asks_for_less_says_what_is_missing(app: Flask) -> None:
    fan = make_fan()
    grow(fan, 40, "a", NOON - 100 * DAY)
    grow(fan, 20, "b")
    change(rank2=150, at=NOON)

    keeping.look(NOON + 300 * DAY)

    assert outlook(fan, NOON + 300 * DAY).to_keep.growth == 25
    notice = db.session.scalars(select(Notice).where(Notice.kind == "level.in_danger")).one()
    assert notice.details["missing"]["en"] == "25 growth points"
