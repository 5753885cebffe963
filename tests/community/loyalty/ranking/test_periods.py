"""Weeks and months of boards, at their edges."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from community.loyalty import ledger
from community.loyalty.models import Currency
from community.loyalty.ranking import folding, places
from community.loyalty.ranking.boards import Board
from community.loyalty.ranking.periods import LOOK_BACK, Period, board_of, days_of, earlier
from tests.factories import make_fan

# Midnight in Shanghai, where the house is at home: a Monday, and the first of a month.
MONDAY = datetime(2026, 3, 1, 16, tzinfo=UTC)
FIRST = datetime(2026, 2, 28, 16, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)


def test_a_week_begins_on_monday_at_midnight_where_the_house_is_at_home() -> None:
    assert board_of(Period.WEEK, MONDAY - A_SECOND) == "2026-W09"
    assert board_of(Period.WEEK, MONDAY) == "2026-W10"
    assert days_of(Period.WEEK, MONDAY) == (date(2026, 3, 2), date(2026, 3, 8))


def test_a_month_begins_on_its_first_at_midnight_where_the_house_is_at_home() -> None:
    assert board_of(Period.MONTH, FIRST - A_SECOND) == "2026-02"
    assert board_of(Period.MONTH, FIRST) == "2026-03"
    assert days_of(Period.MONTH, FIRST - A_SECOND) == (date(2026, 2, 1), date(2026, 2, 28))


def test_the_days_around_new_year_belong_to_the_week_that_they_stand_in() -> None:
    new_year = datetime(2026, 12, 31, 17, tzinfo=UTC)

    assert board_of(Period.WEEK, new_year) == "2026-W53"
    assert days_of(Period.WEEK, new_year) == (date(2026, 12, 28), date(2027, 1, 3))


@pytest.mark.parametrize("period", [Period.WEEK, Period.MONTH])
def test_one_looks_back_step_by_step_and_never_twice_at_the_same(period: Period) -> None:
    seen = [board_of(period, earlier(period, MONDAY, back)) for back in range(LOOK_BACK[period] + 1)]

    assert sorted(set(seen), reverse=True) == seen


@pytest.mark.parametrize("day", range(0, 366, 5))
def test_what_can_be_looked_at_is_kept(day: int) -> None:
    at = MONDAY + timedelta(days=day)

    for period in (Period.WEEK, Period.MONTH):
        shown = {board_of(period, earlier(period, at, back)) for back in range(LOOK_BACK[period] + 1)}
        assert shown <= folding.kept(at)


def test_growth_of_the_last_second_counts_for_the_week_that_ends(app: Flask, at: datetime) -> None:
    fan = make_fan()
    ledger.earn(fan, Currency.GROWTH, 5, key="last second", at=MONDAY - A_SECOND)
    ledger.earn(fan, Currency.GROWTH, 3, key="first second", at=MONDAY)

    this, last = (Board(Period.WEEK, earlier(Period.WEEK, MONDAY, back)) for back in (0, 1))

    assert (this.growth_of(fan.id), last.growth_of(fan.id)) == (3, 5)
    assert last.mine(fan).place == places.Place(rank=1, growth=5, others=0)
