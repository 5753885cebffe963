"""The period of a page: whole days in the brand's zone, both ends included."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from campaigns.insights import periods
from campaigns.insights.periods import Period
from commons.errors import Invalid

SHANGHAI = "Asia/Shanghai"
TODAY = date(2026, 3, 1)


def test_both_ends_are_included_as_clocks_in_the_zone_count_them() -> None:
    period = Period(date(2026, 2, 1), date(2026, 2, 28), SHANGHAI)

    assert period.start == datetime(2026, 1, 31, 16, tzinfo=UTC)
    assert period.end == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert period.days == 28


def test_a_day_of_daylight_saving_has_its_own_length() -> None:
    period = Period(date(2026, 3, 29), date(2026, 3, 29), "Europe/Berlin")

    assert (period.end - period.start).total_seconds() == 23 * 3600


def test_the_period_before_is_as_long_and_ends_where_this_one_begins() -> None:
    period = Period(date(2026, 2, 1), date(2026, 2, 28), SHANGHAI)

    assert period.before == Period(date(2026, 1, 4), date(2026, 1, 31), SHANGHAI)
    assert period.before.end == period.start


def test_what_an_address_says_it_says_again() -> None:
    period = periods.asked({"from": "2026-01-05", "to": "2026-01-07"}, TODAY, SHANGHAI)

    assert periods.asked(period.args, TODAY, SHANGHAI) == period


def test_without_a_word_it_is_the_last_thirty_days() -> None:
    assert periods.asked({}, TODAY, SHANGHAI) == Period(date(2026, 1, 31), TODAY, SHANGHAI)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-02-02", "2026-02-01"), ("2026-02-30", "2026-03-01"), ("soon", "later"), ("2026-02-01", ""),
        ("1999-01-01", "1999-01-02"), ("2020-01-01", "2026-01-01"), ("9999-12-31", "9999-12-31"),
    ],
)  # fmt: skip
def test_what_is_no_period_is_refused(app: Flask, first: str, last: str) -> None:
    with pytest.raises(Invalid):
        periods.asked({"from": first, "to": last}, TODAY, SHANGHAI)


def test_last_month_is_a_whole_month_and_this_one_ends_today() -> None:
    known = periods.presets(date(2026, 3, 15), SHANGHAI)

    assert known["last_month"] == Period(date(2026, 2, 1), date(2026, 2, 28), SHANGHAI)
    assert known["this_month"] == Period(date(2026, 3, 1), date(2026, 3, 15), SHANGHAI)
