"""How many people each one brings, by the month or the week in which he came himself: pure."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import log

WINDOW = timedelta(days=30)
DRAWS = 2_000
FEWEST = 20
"""Of fewer people an interval says nothing, and everything about each of them: only numbers are shown."""


@dataclass(frozen=True)
class Cohort:
    """Who came in the period from `first` on, and how many each of them brought within `WINDOW` after coming.

    `k` is the mean, with a 95 % interval (None for fewer than `FEWEST`). Not `whole`: for some the window still runs.
    """

    first: date
    people: int
    brought: int
    low: float | None
    high: float | None
    whole: bool

    @property
    def k(self) -> float:
        return self.brought / self.people if self.people else 0.0


def counts(came_at: datetime, then: datetime) -> bool:
    """Whether somebody who came `then` was brought within the window of one who came himself at `came_at`."""
    return came_at <= then < came_at + WINDOW


def cohort(first: date, counts: Mapping[int, int], *, whole: bool) -> Cohort:
    """`counts`: how many people brought how many. Few bring many: the interval is drawn from what was seen, not from a bell."""
    people, brought = sum(counts.values()), sum(many * often for many, often in counts.items())
    low, high = interval(counts) if people >= FEWEST else (None, None)
    return Cohort(first, people, brought, low, high, whole)


def interval(counts: Mapping[int, int]) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval of the mean (Efron, 1979): the same each time for the same numbers.

    People alike are drawn together: how many of a sample brought `many` is binomial, one after the other a multinomial.
    """
    chance = random.Random(repr(sorted(counts.items())))
    people = sum(counts.values())
    means = sorted(_mean_of_sample(counts, people, chance) for _draw in range(DRAWS))
    return means[int(DRAWS * 0.025)], means[int(DRAWS * 0.975) - 1]


def spread(brought_by: Mapping[int, int], people: int) -> Counter[int]:
    """How many of so many people brought how many; who stands in no row brought nobody."""
    counts = Counter(brought_by.values())
    counts[0] += people - len(brought_by)
    return +counts


def _mean_of_sample(counts: Mapping[int, int], people: int, chance: random.Random) -> float:
    total, left, weight = 0, people, people
    for many, often in sorted(counts.items(), reverse=True):
        drawn = _binomial(left, often / weight, chance) if weight > often else left
        total += many * drawn
        left, weight = left - drawn, weight - often
    return total / people


def _binomial(count: int, share: float, chance: random.Random) -> int:
    """Drawn one by one while that is quick; by its bell where both sides are so many that nobody sees a difference."""
    if count * min(share, 1 - share) > 50:
        drawn = round(chance.gauss(count * share, (count * share * (1 - share)) ** 0.5))
        return min(max(drawn, 0), count)
    if share > 0.5:
        return count - _binomial(count, 1 - share, chance)
    return _rare(count, share, chance)


def _rare(count: int, share: float, chance: random.Random) -> int:
    """How often something rare happens in so many tries: by the gaps between one time and the next."""
    if share <= 0:
        return 0
    happened, tried = 0, _gap(share, chance)
    while tried <= count:
        happened += 1
        tried += _gap(share, chance)
    return happened


def _gap(share: float, chance: random.Random) -> int:
    """Tries until the next time, that one included: geometric."""
    return int(log(1.0 - chance.random()) / log(1.0 - share)) + 1 if share < 1 else 1
