"""Share of the target against share of the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from campaigns.planning.pacing import Pace, Verdict, share_of_time

START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("actual", "target", "time", "pace", "verdict"),
    [
        (0, 100, 0.0, None, Verdict.NOT_BEGUN),
        (50, 100, 0.5, 1.0, Verdict.ON_PACE),
        (60, 100, 0.5, 1.2, Verdict.ON_PACE),
        (45, 100, 0.5, 0.9, Verdict.A_LITTLE_BEHIND),
        (40, 100, 0.5, 0.8, Verdict.A_LITTLE_BEHIND),
        (39, 100, 0.5, 0.78, Verdict.BEHIND),
        (100, 100, 0.5, 2.0, Verdict.REACHED),
        (99, 100, 1.0, 0.99, Verdict.MISSED),
        (130, 100, 1.0, 1.3, Verdict.REACHED),
    ],
)
def test_pace_and_verdict(actual: int, target: int, time: float, pace: float | None, verdict: Verdict) -> None:
    found = Pace(actual, target, time)
    assert found.pace == (pytest.approx(pace) if pace is not None else None)
    assert found.verdict is verdict


def test_the_plan_for_now_is_the_even_share() -> None:
    assert Pace(0, 300, 0.25).planned == 75


@pytest.mark.parametrize(("days", "share"), [(-1, 0.0), (0, 0.0), (5, 0.5), (10, 1.0), (11, 1.0)])
def test_time_runs_from_nothing_to_all_of_it(days: int, share: float) -> None:
    assert share_of_time(START, START + timedelta(days=10), START + timedelta(days=days)) == share


def test_a_campaign_that_took_no_time_is_over_at_once() -> None:
    assert share_of_time(START, START, START) == 1.0
    assert share_of_time(START, START, START - timedelta(seconds=1)) == 0.0
