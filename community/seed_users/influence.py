"""How far a person reaches: four figures, each with its steps, and a grade that follows from them. Pure.

There is no sum and no weight: what reach is made of differs from network to network, and numbers of followers say little about
who is listened to (Cha, Haddadi, Benevenuto and Gummadi 2010, Measuring User Influence in Twitter, ICWSM). So the grade is
the highest that two of the four figures reach: one large number alone makes nobody influential.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

DAYS = 90
"""The last so many days are looked at; followers are as a network told them last."""

NEEDED = 2


class Grade(enum.IntEnum):
    """How far somebody reaches, the least first."""

    NONE = 0
    NOTICED = 1
    STRONG = 2
    VERY_STRONG = 3


class Figure(enum.StrEnum):
    """What is counted."""

    FOLLOWERS = "followers"
    SPREAD = "spread"
    ANSWERED_BY = "answered_by"
    BROUGHT = "brought"


STEPS: Mapping[Figure, tuple[int, int, int]] = {
    Figure.FOLLOWERS: (500, 5_000, 50_000),
    Figure.SPREAD: (5, 50, 250),
    Figure.ANSWERED_BY: (3, 20, 100),
    Figure.BROUGHT: (2, 8, 30),
}
"""From how many on a figure stands for each grade."""


@dataclass(frozen=True)
class Figures:
    """What is known about one person. `followers` is None where no network has told any number."""

    followers: int | None = None
    spread: int = 0
    answered_by: int = 0
    brought: int = 0

    def value(self, figure: Figure) -> int | None:
        found: int | None = getattr(self, figure.value)
        return found

    def grade_of(self, figure: Figure) -> Grade:
        """The grade that this figure reaches by itself."""
        value = self.value(figure) or 0
        return Grade(sum(value >= step for step in STEPS[figure]))

    @property
    def grade(self) -> Grade:
        """The highest grade that at least two figures reach."""
        return sorted(map(self.grade_of, Figure), reverse=True)[NEEDED - 1]

    @property
    def order(self) -> tuple[int, ...]:
        """For sorting: by grade, then by people brought, people who answered, spread."""
        return self.grade, self.brought, self.answered_by, self.spread, self.followers or 0


def next_step(figures: Figures, figure: Figure) -> int | None:
    """From how many on this figure would stand for a higher grade; None at the top."""
    reached = figures.grade_of(figure)
    return STEPS[figure][reached] if reached < Grade.VERY_STRONG else None
