"""Streaks over calendar days."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from community.loyalty.streaks import calendar, streak

TODAY = date(2026, 3, 29)


def days(*back: int) -> list[date]:
    return [TODAY - timedelta(days=number) for number in back]


def test_nobody_who_never_came_has_a_streak() -> None:
    assert streak([], TODAY) == streak([], TODAY)
    assert (streak([], TODAY).current, streak([], TODAY).longest, streak([], TODAY).today) == (0, 0, False)


def test_today_and_the_days_before_it_count() -> None:
    found = streak(days(0, 1, 2), TODAY)
    assert (found.current, found.today) == (3, True)


def test_the_streak_lives_while_today_is_still_open() -> None:
    found = streak(days(1, 2), TODAY)
    assert (found.current, found.today) == (2, False)


def test_a_day_left_out_ends_it() -> None:
    assert streak(days(2, 3, 4), TODAY).current == 0


def test_the_longest_is_remembered() -> None:
    found = streak(days(0, 1, 5, 6, 7, 8), TODAY)
    assert (found.current, found.longest) == (2, 4)


def test_the_same_day_twice_is_one_day() -> None:
    assert streak(days(0, 0, 1), TODAY).current == 2


def test_a_day_of_a_zone_further_east_keeps_the_streak_of_a_traveller() -> None:
    found = streak([*days(0, 1), TODAY + timedelta(days=1)], TODAY)
    assert (found.current, found.today) == (3, True)


def test_months_and_leap_days_are_no_gap() -> None:
    assert streak([date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)], date(2028, 3, 1)).current == 3


def test_seven_days_in_a_row_bring_a_freeze_and_a_missed_day_uses_it() -> None:
    week = days(*range(2, 9))
    assert streak(week, TODAY - timedelta(days=2)).freezes == 1

    found = streak(week, TODAY)

    assert (found.current, found.freezes, found.frozen) == (7, 0, frozenset(days(1)))
    assert streak([*week, *days(0)], TODAY).current == 8


def test_two_missed_days_need_two_freezes() -> None:
    assert streak(days(*range(3, 10)), TODAY).current == 0
    found = streak([*days(*range(3, 17)), *days(0)], TODAY)
    assert (found.current, found.freezes, found.frozen) == (15, 0, frozenset(days(1, 2)))


def test_nobody_has_more_than_two_freezes() -> None:
    found = streak(days(*range(100)), TODAY)
    assert (found.current, found.freezes, found.to_next_freeze) == (100, 2, 5)


def test_frozen_days_are_marked_in_the_calendar() -> None:
    found = streak(days(*range(2, 9)), TODAY)
    fields = [field for week in calendar(days(*range(2, 9)), TODAY, frozen=found.frozen) for field in week]
    assert [field.day for field in fields if field.frozen] == days(1)


@given(st.sets(st.integers(0, 60)))
def test_freezes_never_cover_a_day_on_which_one_came_nor_more_than_were_earned(back: set[int]) -> None:
    found = streak(days(*back), TODAY)
    assert not found.frozen & set(days(*back))
    assert len(found.frozen) + found.freezes <= len(back) // 7


@given(st.sets(st.integers(0, 400)))
def test_a_streak_is_never_longer_than_the_longest_nor_than_the_days(back: set[int]) -> None:
    found = streak(days(*back), TODAY)
    assert found.current <= found.longest <= len(back)
    assert (found.longest > 0) == bool(back)


def test_the_calendar_ends_with_this_week_and_begins_on_a_monday() -> None:
    weeks = calendar(days(0, 6), TODAY, weeks=5)
    assert [len(week) for week in weeks] == [7] * 5
    assert weeks[0][0].day.weekday() == 0
    assert weeks[-1][-1].day >= TODAY > weeks[-1][0].day - timedelta(days=1)
    assert [field.day for week in weeks for field in week if field.checked_in] == days(6, 0)
    assert [field.day for week in weeks for field in week if field.is_today] == [TODAY]


def test_days_to_come_are_marked_as_such() -> None:
    wednesday = date(2026, 4, 1)
    assert [field.is_future for field in calendar([], wednesday)[-1]] == [False] * 3 + [True] * 4
