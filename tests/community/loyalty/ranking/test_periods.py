"""Weeks and months of boards, at their edges."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from commons.admin import brand
from commons.db import db
from community.loyalty import ledger
from community.loyalty.models import Currency
from community.loyalty.ranking import folding, places
from community.loyalty.ranking.boards import Board
from community.loyalty.ranking.periods import LOOK_BACK, Period, board_of, days_of, earlier
from tests.factories import make_fan

# Midnight in Shanghai, where the house is at home: a Monday, and the first of a month.
MONDAY = datetime(2026, 3, 1, 16, tzinfo=UTC)
FIRST = datetime(2026, 2, 28, 16, tzinfo=UTC)
SHANGHAI = "Asia/Shanghai"
A_SECOND = timedelta(seconds=1)


def test_a_week_begins_on_monday_at_midnight_where_the_house_is_at_home() -> None:
    assert board_of(Period.WEEK, MONDAY - A_SECOND, SHANGHAI) == "2026-W09"
    assert board_of(Period.WEEK, MONDAY, SHANGHAI) == "2026-W10"
    assert days_of(Period.WEEK, MONDAY, SHANGHAI) == (date(2026, 3, 2), date(2026, 3, 8))


def test_a_month_begins_on_its_first_at_midnight_where_the_house_is_at_home() -> None:
    assert board_of(Period.MONTH, FIRST - A_SECOND, SHANGHAI) == "2026-02"
    assert board_of(Period.MONTH, FIRST, SHANGHAI) == "2026-03"
    assert days_of(Period.MONTH, FIRST - A_SECOND, SHANGHAI) == (date(2026, 2, 1), date(2026, 2, 28))


def test_the_days_around_new_year_belong_to_the_week_that_they_stand_in() -> None:
    new_year = datetime(2026, 12, 31, 17, tzinfo=UTC)

    assert board_of(Period.WEEK, new_year, SHANGHAI) == "2026-W53"
    assert days_of(Period.WEEK, new_year, SHANGHAI) == (date(2026, 12, 28), date(2027, 1, 3))


@pytest.mark.parametrize("period", [Period.WEEK, Period.MONTH])
def test_one_looks_back_step_by_step_and_never_twice_at_the_same(period: Period) -> None:
    moments = [earlier(period, MONDAY, back, SHANGHAI) for back in range(LOOK_BACK[period] + 1)]
    seen = [board_of(period, moment, SHANGHAI) for moment in moments]

    assert sorted(set(seen), reverse=True) == seen


def test_what_can_be_looked_at_is_kept_on_every_day_of_a_year(app: Flask) -> None:
    for at in (MONDAY + timedelta(days=day) for day in range(366)):
        assert looked_at(Period.WEEK, at) | looked_at(Period.MONTH, at) <= folding.kept(at)


def looked_at(period: Period, at: datetime) -> set[str]:
    moments = [earlier(period, at, back, SHANGHAI) for back in range(LOOK_BACK[period] + 1)]
    return {board_of(period, moment, SHANGHAI) for moment in moments}


def test_growth_of_the_last_second_counts_for_the_week_that_ends(app: Flask, at: datetime) -> None:
    fan = make_fan()
    ledger.earn(fan, Currency.GROWTH, 5, key="last second", at=MONDAY - A_SECOND)
    ledger.earn(fan, Currency.GROWTH, 3, key="first second", at=MONDAY)

    this, last = (Board(Period.WEEK, earlier(Period.WEEK, MONDAY, back, SHANGHAI)) for back in (0, 1))

    assert (this.growth_of(fan.id), last.growth_of(fan.id)) == (3, 5)
    assert last.mine(fan).place == places.Place(rank=1, growth=5, others=0)


def test_boards_begin_anew_when_the_brands_day_does(app: Flask, at: datetime) -> None:
    fan = make_fan()
    brand.current().zone = "America/New_York"
    db.session.flush()

    ledger.earn(fan, Currency.GROWTH, 5, key="still Sunday there", at=MONDAY)
    ledger.earn(fan, Currency.GROWTH, 3, key="Monday there", at=MONDAY + timedelta(hours=13))

    assert Board(Period.WEEK, MONDAY).growth_of(fan.id) == 5
    assert Board(Period.WEEK, MONDAY + timedelta(hours=13)).growth_of(fan.id) == 3
