"""The arithmetic of levels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.loyalty.ladder import Rung, crosses, fitting, rank_after, share

RUNGS = [Rung(1, 0), Rung(2, 50), Rung(3, 200), Rung(4, 600)]


@pytest.mark.parametrize(
    ("rank", "before", "after", "then"),
    [
        (1, 0, 49, 1),
        (1, 49, 50, 2),
        (1, 0, 700, 4),
        (2, 60, 70, 2),
        (3, 210, 199, 2),
        (3, 200, 200, 3),
        (4, 650, 10, 1),
        (1, 10, 0, 1),
    ],
)
def test_the_level_follows_growth_up_and_down(rank: int, before: int, after: int, then: int) -> None:
    assert rank_after(RUNGS, rank, before, after) == then


def test_a_raised_threshold_leaves_everybody_where_he_stands() -> None:
    raised = [Rung(1, 0), Rung(2, 50), Rung(3, 300)]

    assert rank_after(raised, 3, 210, 211) == 3
    assert rank_after(raised, 3, 210, 199) == 3
    assert rank_after(raised, 3, 210, 49) == 1


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_who_stands_where_growth_put_him_always_does(before: int, after: int) -> None:
    assert rank_after(RUNGS, fitting(RUNGS, before), before, after) == fitting(RUNGS, after)


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_the_level_changes_only_where_a_threshold_is_crossed(before: int, after: int) -> None:
    changed = fitting(RUNGS, before) != fitting(RUNGS, after)

    assert crosses(RUNGS, before, after) is changed


def test_the_share_runs_from_one_threshold_to_the_next() -> None:
    assert share(50, 200, 50) == 0
    assert share(50, 200, 125) == 0.5
    assert share(50, 200, 20) == 0
    assert share(50, 200, 400) == 1
    assert share(600, None, 700) == 1
