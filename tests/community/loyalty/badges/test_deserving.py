"""Who deserves a badge."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from commons.events import Evidence
from community.loyalty.badges.deserving import Fact, Progress, Terms, progress, share

DAY = date(2026, 3, 1)


def facts(*days: int) -> list[Fact]:
    """A fact on each of these days, counted from the first; their ids are 1, 2, 3 …"""
    return [Fact(number, DAY + timedelta(days=day)) for number, day in enumerate(days, start=1)]


def test_the_fact_that_makes_it_enough_is_named() -> None:
    assert progress(Terms(times=3), facts(0, 0, 0, 0)) == Progress(4, 1, 3)


def test_days_are_counted_once() -> None:
    assert progress(Terms(times=3, days=2), facts(0, 0, 0)) == Progress(3, 1, None)
    assert progress(Terms(times=3, days=2), facts(0, 0, 0, 5)).fulfilled_by == 4


def test_days_in_a_row_know_no_gap_and_no_order() -> None:
    terms = Terms(times=3, days=3, in_a_row=True)

    assert progress(terms, facts(0, 1, 3)) == Progress(3, 2, None)
    assert progress(terms, facts(0, 1, 3, 2)) == Progress(4, 4, 4)


def test_a_freeze_covers_a_missed_day_of_a_longer_row() -> None:
    terms = Terms(times=9, days=9, in_a_row=True, freezes=True)
    week, missed_one = range(7), (8, 9)

    assert progress(terms, facts(*week, *missed_one)) == Progress(9, 9, 9)
    assert not progress(terms, facts(*week, 9, 10)).is_fulfilled
    assert not progress(Terms(times=9, days=9, in_a_row=True), facts(*week, *missed_one)).is_fulfilled


def test_weak_evidence_and_other_details_do_not_count() -> None:
    terms = Terms(times=1, evidence=Evidence.TRACKED_LINK, only={"post_id": "7"})
    weak = Fact(1, DAY, Evidence.SELF_DECLARED, {"post_id": 7})
    other = Fact(2, DAY, Evidence.NETWORK, {"post_id": 8})
    right = Fact(3, DAY, Evidence.TRACKED_LINK, {"post_id": 7})

    assert progress(terms, [weak, other]).times == 0
    assert progress(terms, [weak, other, right]).fulfilled_by == 3


def test_the_share_is_that_of_the_part_furthest_behind() -> None:
    assert share(Terms(times=10, days=2), Progress(9, 1, None)) == 0.5
    assert share(Terms(times=2), Progress(9, 3, 2)) == 1


@given(st.lists(st.integers(0, 12), max_size=20), st.integers(1, 8), st.integers(1, 5), st.booleans())
def test_it_is_as_a_plain_count_says(days: list[int], times: int, wanted: int, in_a_row: bool) -> None:
    found = progress(Terms(times, wanted, in_a_row), facts(*days))

    apart = set(days)
    longest = max((run(day, apart) for day in apart), default=0) if in_a_row else len(apart)
    assert found.is_fulfilled is (len(days) >= times and longest >= wanted)


def run(day: int, days: set[int]) -> int:
    return 1 + run(day + 1, days) if day in days else 0
