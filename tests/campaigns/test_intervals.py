"""Shares and their intervals, beside figures that were published."""

from __future__ import annotations

import pytest

from campaigns.intervals import Difference, Share


def test_nothing_known_is_everything_possible() -> None:
    assert (Share(0, 0).rate, Share(0, 0).low, Share(0, 0).high) == (0, 0, 1)


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_of_a_share_is_wilsons(hits: int, trials: int, low: float, high: float) -> None:
    """The four examples of Newcombe, Statistics in Medicine 17 (1998) 857, method 3."""
    share = Share(hits, trials)
    assert (round(share.low, 4), round(share.high, 4)) == (low, high)


def test_the_interval_of_a_difference_is_newcombes() -> None:
    """56/70 and 48/80: Newcombe, Statistics in Medicine 17 (1998) 873, example (a), method 10."""
    found = Difference(Share(56, 70), Share(48, 80))
    assert (round(found.value, 4), round(found.low, 4), round(found.high, 4)) == (0.2, 0.0524, 0.3339)
    assert found.is_settled


def test_few_cases_settle_nothing() -> None:
    assert not Difference(Share(3, 10), Share(1, 10)).is_settled
