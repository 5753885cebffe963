"""The arithmetic of levels."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.loyalty.levels.ladder import (
    Brought,
    Counted,
    Ladder,
    Rung,
    below,
    count,
    fitting,
    held_by,
    holds,
    kept_until,
    lacking,
    lacking_to_hold,
    reached,
    reaches,
    share,
)
from tests.factories import NOON

RUNGS = [Rung(1, 0), Rung(2, 50), Rung(3, 200, 2), Rung(4, 600, 3)]
AMOUNTS = st.integers(0, 1000)
KINDS = st.integers(0, 5)


@pytest.mark.parametrize(
    ("growth", "breadth", "rank"),
    [(0, 0, 1), (49, 9, 1), (50, 0, 2), (200, 1, 2), (200, 2, 3), (900, 2, 3), (600, 3, 4)],
)
def test_growth_and_breadth_together_reach_a_level(growth: int, breadth: int, rank: int) -> None:
    assert reached(RUNGS, Counted(growth, breadth)) == rank


@pytest.mark.parametrize(("amount", "enough"), [(0, 0), (1, 1), (3, 3), (10, 9), (50, 45), (200, 180), (55, 50)])
def test_nine_tenths_hold(amount: int, enough: int) -> None:
    assert held_by(amount) == enough


@given(AMOUNTS, KINDS)
def test_what_reaches_a_level_holds_it(growth: int, breadth: int) -> None:
    counted = Counted(growth, breadth)

    assert all(holds(rung, counted) for rung in RUNGS if reaches(rung, counted))


@given(AMOUNTS, KINDS, st.sampled_from(RUNGS))
def test_what_is_missing_is_exactly_what_helps(growth: int, breadth: int, rung: Rung) -> None:
    counted, missing, to_hold = (
        Counted(growth, breadth),
        lacking(rung, Counted(growth, breadth)),
        lacking_to_hold(rung, Counted(growth, breadth)),
    )

    assert reaches(rung, Counted(counted.growth + missing.growth, counted.breadth + missing.breadth))
    assert holds(rung, Counted(counted.growth + to_hold.growth, counted.breadth + to_hold.breadth))
    assert holds(rung, counted) is (to_hold == Counted())
    if to_hold.growth:
        assert not holds(rung, Counted(counted.growth + to_hold.growth - 1, counted.breadth + to_hold.breadth))


@given(AMOUNTS, KINDS)
def test_nobody_stands_higher_than_growth_alone_would_carry(growth: int, breadth: int) -> None:
    assert reached(RUNGS, Counted(growth, breadth)) <= fitting(RUNGS, growth)


def test_one_falls_by_one_level_and_never_below_the_lowest() -> None:
    assert [below(RUNGS, rank) for rank in (4, 3, 2, 1)] == [3, 2, 1, 1]


def test_growth_counts_from_after_the_period_began() -> None:
    assert Ladder(tuple(RUNGS), 30).since(NOON) == NOON - timedelta(days=30)
    assert Ladder(tuple(RUNGS)).since(NOON) is None


@given(st.lists(st.tuples(st.integers(0, 29), st.integers(1, 90), st.sampled_from("abc")), min_size=1, max_size=12))
def test_a_level_is_kept_up_to_the_moment_at_which_it_is_not_held_any_more(pieces: list[tuple[int, int, str]]) -> None:
    brought = [Brought(NOON - timedelta(days=days), growth, kind) for days, growth, kind in pieces]
    rung = Rung(2, max(1, sum(growth for _days, growth, _kind in pieces) // 2))

    end = kept_until(rung, 30, brought)

    assert end is not None
    since = end - timedelta(days=30)
    assert not holds(rung, count([one for one in brought if one.at > since]))
    assert holds(rung, count([one for one in brought if one.at > since - timedelta(seconds=1)]))


def test_without_a_period_a_level_is_kept_for_good() -> None:
    assert kept_until(RUNGS[1], None, [Brought(NOON, 50, None)]) is None


def test_the_share_runs_from_one_threshold_to_the_next() -> None:
    assert share(50, 200, 50) == 0
    assert share(50, 200, 125) == 0.5
    assert share(50, 200, 20) == 0
    assert share(50, 200, 400) == 1
    assert share(600, None, 700) == 1
