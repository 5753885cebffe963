"""Prices by number reached: pure, values in, verdict out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, order=True)
class Step:
    """From `reached` people on one pays `price_minor`."""

    reached: int
    price_minor: int


def price_at(steps: Sequence[Step], reached: int) -> int:
    """What one pays when so many are in. Below the first step it is the price of the first one."""
    return min((step.price_minor for step in steps if step.reached <= reached), default=steps[0].price_minor)


def next_step(steps: Sequence[Step], reached: int) -> Step | None:
    """The next lower price that is still to be reached; None when the lowest is."""
    return next((step for step in sorted(steps) if step.reached > reached), None)


def falls(steps: Sequence[Step]) -> bool:
    """Whether each step asks for more people and gives a lower price than the one before."""
    pairs = pairwise(steps)
    return all(one.reached < other.reached and one.price_minor > other.price_minor > 0 for one, other in pairs)
