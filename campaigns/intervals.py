"""How sure a share is: intervals that say what the data can and cannot tell."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `trials`, with the interval of Wilson (1927), which is honest for few trials and for none at all: the 95 %
    one, or the one of another `z`, the quantile of the normal distribution for its level.
    """

    hits: int
    trials: int
    z: float = Z95

    @property
    def rate(self) -> float:
        return self.hits / self.trials if self.trials else 0.0

    @property
    def low(self) -> float:
        return self._bounds()[0]

    @property
    def high(self) -> float:
        return self._bounds()[1]

    def _bounds(self) -> tuple[float, float]:
        if not self.trials:
            return 0.0, 1.0
        n, p, z = self.trials, self.rate, self.z
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Difference:
    """How much higher one share is than another, with the interval of Newcombe (1998), method 10, of the level of
    the two.
    """

    one: Share
    other: Share

    @property
    def value(self) -> float:
        return self.one.rate - self.other.rate

    @property
    def low(self) -> float:
        below, above = self.one.rate - self.one.low, self.other.high - self.other.rate
        return self.value - sqrt(below * below + above * above)

    @property
    def high(self) -> float:
        above, below = self.one.high - self.one.rate, self.other.rate - self.other.low
        return self.value + sqrt(above * above + below * below)

    @property
    def is_settled(self) -> bool:
        """Whether the interval leaves out that there is no difference."""
        return self.low > 0 or self.high < 0
