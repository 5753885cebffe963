"""Periods of a calendar and the shape of a retention table: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from commons import zones
from community.seed_users.models import Unit

PERIODS = 12
GROUPS = ("all", "invited", "others")
FEWEST = 5
"""Of fewer people a share says nothing about the next ones, and everything about each of them: only numbers are shown."""


@dataclass(frozen=True)
class Period:
    """From the first day on, in the zone of the table: moments from `start` until before `end`."""

    first: date
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Cohort:
    """Who joined in the period that begins on `first`: how many, and how many of them were active in it and in each after.

    By group: everybody, those who came by a code, the others.
    """

    first: date
    people: Mapping[str, int]
    active: Mapping[str, Sequence[int]]

    def share(self, group: str, number: int) -> float | None:
        """How many of the group were active `number` periods after they joined, 0..1; None for too small a group."""
        return self.active[group][number] / self.people[group] if self.people[group] >= FEWEST else None

    @property
    def plain(self) -> dict[str, Any]:
        """As it is kept."""
        active = {group: list(counts) for group, counts in self.active.items()}
        return {"first": self.first.isoformat(), "people": dict(self.people), "active": active}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Cohort:
        return cls(date.fromisoformat(plain["first"]), plain["people"], plain["active"])


def periods(unit: Unit, at: datetime, zone: str, count: int = PERIODS) -> list[Period]:
    """The `count` last periods, the one in which `at` falls included; the earliest first."""
    today = zones.day_of(at, zone)
    current = today.replace(day=1) if unit is Unit.MONTH else today - timedelta(days=today.weekday())
    starts = [_moved(current, unit, number - count + 1) for number in range(count + 1)]
    moments = [zones.day_bounds(day, zone)[0] for day in starts]
    return [Period(starts[number], moments[number], moments[number + 1]) for number in range(count)]


def mean(cohorts: Sequence[Cohort], group: str, number: int) -> float | None:
    """The share of all people together who were active `number` periods after they joined.

    None where nobody has been here for so long, or too few.
    """
    old_enough = [cohort for cohort in cohorts if number < len(cohort.active[group]) and cohort.people[group]]
    people = sum(cohort.people[group] for cohort in old_enough)
    return sum(cohort.active[group][number] for cohort in old_enough) / people if people >= FEWEST else None


def _moved(day: date, unit: Unit, by: int) -> date:
    moved: date = day + (relativedelta(months=by) if unit is Unit.MONTH else timedelta(weeks=by))
    return moved
