"""The cap on messages: pure over moments, and as rows that two senders cannot both write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commons import zones
from community.notices import capping
from community.notices.capping import Cap, first_moment
from tests.factories import make_fan

SHANGHAI = ZoneInfo("Asia/Shanghai")
USUAL = Cap(1, 4)


def local(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def test_by_day_a_message_may_go_out_at_once() -> None:
    assert first_moment(local(3, 12), SHANGHAI, [], USUAL) == local(3, 12)


@pytest.mark.parametrize(
    ("at", "morning"), [(local(3, 8, 59), local(3, 9)), (local(3, 21), local(4, 9)), (local(3, 2), local(3, 9))]
)
def test_at_night_it_waits_for_the_morning(at: datetime, morning: datetime) -> None:
    assert first_moment(at, SHANGHAI, [], USUAL) == morning


def test_after_the_one_of_today_the_next_waits_for_tomorrow() -> None:
    assert first_moment(local(3, 20), SHANGHAI, [local(3, 9)], USUAL) == local(4, 9)


def test_after_the_four_of_a_month_the_next_waits_for_the_next_month() -> None:
    sent = [local(day, 9) for day in (1, 2, 3, 4)]

    assert first_moment(local(5, 12), SHANGHAI, sent, USUAL) == local(1, 9, month=4)


def test_the_days_are_those_of_the_reader() -> None:
    evening_before = local(3, 20)

    assert first_moment(local(4, 9), SHANGHAI, [evening_before], USUAL) == local(4, 9)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(st.integers(0, 60 * 24 * 60), max_size=12),
    st.integers(1, 3),
    st.integers(1, 6),
    st.sampled_from(sorted(zones.names())),
)
def test_whoever_keeps_asking_never_sends_more_than_the_cap(
    minutes: list[int], per_day: int, per_month: int, name: str
) -> None:
    zone, cap, sent = ZoneInfo(name), Cap(per_day, per_month), list[datetime]()
    for minute in sorted(minutes):
        sent.append(first_moment(datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=minute), zone, sent, cap))

    local_times = [moment.astimezone(zone) for moment in sent]
    days = [moment.date() for moment in local_times]
    months = [(day.year, day.month) for day in days]
    assert all(days.count(day) <= per_day for day in days)
    assert all(months.count(month) <= per_month for month in months)
    assert all(capping.WAKING <= moment.time() < capping.RESTING for moment in local_times)


def test_a_place_is_taken_once(app: Flask, at: datetime) -> None:
    fan = make_fan()

    assert capping.claim(fan, at)
    assert not capping.claim(fan, at)
    assert not capping.claim(fan, at + timedelta(minutes=1))
    assert capping.next_moment(fan, at) == local(2, 9)
