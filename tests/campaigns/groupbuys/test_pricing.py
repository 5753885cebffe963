"""Prices by number reached."""

from __future__ import annotations

import pytest

from campaigns.groupbuys.pricing import Step, falls, next_step, price_at

STEPS = [Step(10, 12800), Step(20, 9900), Step(50, 8800)]


@pytest.mark.parametrize(
    ("reached", "price"),
    [(0, 12800), (9, 12800), (10, 12800), (19, 12800), (20, 9900), (49, 9900), (50, 8800), (900, 8800)],
)
def test_the_price_is_that_of_the_last_step_reached(reached: int, price: int) -> None:
    assert price_at(STEPS, reached) == price


@pytest.mark.parametrize(("reached", "then"), [(0, 10), (9, 10), (10, 20), (19, 20), (49, 50), (50, None)])
def test_what_comes_next_is_the_next_step_up(reached: int, then: int | None) -> None:
    step = next_step(STEPS, reached)
    assert (step.reached if step else None) == then


@pytest.mark.parametrize(
    "steps",
    [
        [Step(10, 12800), Step(10, 9900)],
        [Step(10, 12800), Step(5, 9900)],
        [Step(10, 12800), Step(20, 12800)],
        [Step(10, 12800), Step(20, 13000)],
        [Step(10, 12800), Step(20, 0)],
    ],
)
def test_a_further_step_needs_more_people_and_costs_less(steps: list[Step]) -> None:
    assert not falls(steps)
    assert falls(STEPS)
