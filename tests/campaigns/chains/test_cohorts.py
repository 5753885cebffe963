"""How many each one brings, with an interval."""

from __future__ import annotations

from datetime import date
from random import Random

from campaigns.chains.cohorts import cohort, interval, spread

MARCH = date(2026, 3, 1)


def test_who_brought_nobody_counts_in_the_mean() -> None:
    counts = spread({11: 3, 12: 1}, people=40)

    row = cohort(MARCH, counts, whole=True)

    assert (row.people, row.brought, row.k) == (40, 4, 0.1)
    assert row.low is not None
    assert row.high is not None
    assert row.low < 0.1 < row.high


def test_few_people_have_no_interval() -> None:
    row = cohort(MARCH, spread({11: 3}, people=19), whole=False)

    assert (row.low, row.high, row.whole) == (None, None, False)


def test_the_same_numbers_have_the_same_interval() -> None:
    counts = {0: 800, 1: 150, 2: 40, 30: 1}

    assert interval(counts) == interval(dict(reversed(counts.items())))


def test_the_interval_holds_the_true_mean_about_as_often_as_it_says() -> None:
    """People who bring 0, 1 or 2 with chances of 70, 20 and 10 %: 0.4 each. Of 100 samples of 200 some 95 intervals hold it."""
    chance, held = Random(4), 0
    for _sample in range(100):
        brought = chance.choices((0, 1, 2), (0.7, 0.2, 0.1), k=200)
        low, high = interval({many: brought.count(many) for many in set(brought)})
        held += low <= 0.4 <= high

    assert 88 <= held <= 100


def test_everybody_alike_leaves_no_doubt() -> None:
    assert interval({2: 50}) == (2.0, 2.0)
