"""How many people a test needs: fixed before it begins, so that looking earlier decides nothing. Pure.

Two shares are compared by the usual test for two proportions at the 5 % level, two-sided, with 80 % power: Fleiss, Levin and
Paik, Statistical Methods for Rates and Proportions (3rd ed., 2003), formula 4.14 and, for groups of different size, 4.19, without
continuity correction; the same as Rosner, Fundamentals of Biostatistics, equation 10.14. Where several variants are compared with the
first, the level is divided among them (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt
from statistics import NormalDist

LEVEL = 0.05
POWER = 0.80


def z_of(comparisons: int = 1) -> float:
    """The quantile of the normal distribution for a two-sided interval when so many comparisons are made at once."""
    return NormalDist().inv_cdf(1 - LEVEL / (2 * comparisons))


def per_group(base: float, effect: float, *, ratio: float = 1.0, comparisons: int = 1, power: float = POWER) -> float:
    """How many people the first group needs, not rounded, to tell `base` from `base + effect`; the second needs `ratio` times
    as many. Both shares lie within 0 and 1, `effect` is not 0.
    """
    other = base + effect
    both = (base + ratio * other) / (1 + ratio)
    chance = z_of(comparisons) * sqrt(both * (1 - both) * (1 + 1 / ratio))
    real = NormalDist().inv_cdf(power) * sqrt(base * (1 - base) + other * (1 - other) / ratio)
    return ((chance + real) / effect) ** 2


def needed(base: float, effect: float, shares: Sequence[int]) -> list[int]:
    """How many people each variant needs, by the shares that they are dealt. The effect may go either way: the way that needs
    more people is counted.
    """
    comparisons = len(shares) - 1
    ways = [way for way in (effect, -effect) if 0 <= base + way <= 1]
    first = max(
        per_group(base, way, ratio=share / shares[0], comparisons=comparisons) for share in shares[1:] for way in ways
    )
    return [ceil(first * share / shares[0]) for share in shares]
