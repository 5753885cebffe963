"""How many people a test needs, beside figures that were published."""

from __future__ import annotations

from math import ceil

import pytest

from campaigns.pages.experiments.sizing import needed, per_group, z_of


def test_the_example_of_rosner() -> None:
    """Rosner, Fundamentals of Biostatistics, example 10.26 ff.: 0.0015 against 0.0012, 80 % power: 234,881 in each group. The
    book takes the quantiles as 1.96 and 0.84; with theirs unrounded it is within one in a thousand of that.
    """
    assert per_group(0.0015, -0.0003) == pytest.approx(234_881, rel=2e-3)


def test_the_example_of_r() -> None:
    """`power.prop.test(p1 = .50, p2 = .75, power = .90)` in the reference of R's package stats: n = 76.7."""
    assert per_group(0.50, 0.25, power=0.90) == pytest.approx(76.7, abs=0.05)


@pytest.mark.parametrize(
    ("base", "other", "people"),
    [(0.50, 0.60, 388), (0.10, 0.20, 199), (0.10, 0.15, 686), (0.25, 0.40, 152)],
)
def test_the_usual_tables(base: float, other: float, people: int) -> None:
    """Two-sided, 5 %, 80 % power, without continuity correction."""
    assert ceil(per_group(base, other - base)) == people


def test_shares_that_differ_need_more_people_in_all() -> None:
    half, uneven = needed(0.1, 0.05, [1, 1]), needed(0.1, 0.05, [4, 1])
    assert half[0] == half[1]
    assert uneven[0] == pytest.approx(4 * uneven[1], abs=4)
    assert sum(uneven) > sum(half)


def test_more_comparisons_need_more_people_each() -> None:
    assert z_of(1) == pytest.approx(1.959964, abs=1e-6)
    assert z_of(2) == pytest.approx(2.241403, abs=1e-6)
    assert needed(0.1, 0.05, [1, 1, 1])[0] > needed(0.1, 0.05, [1, 1])[0]


def test_the_way_that_needs_more_people_counts() -> None:
    assert needed(0.1, 0.05, [1, 1]) == [686, 686]
    assert needed(0.9, 0.05, [1, 1]) == [686, 686]
