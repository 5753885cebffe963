"""What a rule says about a fact: pure, values in, verdict out."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from commons import zones
from commons.events import Evidence


class Verdict(enum.StrEnum):
    """Whether a fact earns, and if not, why not."""

    EARNED = "earned"
    RULE_OFF = "rule_off"
    EVIDENCE_TOO_WEAK = "evidence_too_weak"
    CAPPED = "capped"
    TOO_SOON = "too_soon"
    NOT_COUNTED = "not_counted"


@dataclass(frozen=True)
class Terms:
    """One version of a rule. `cooldown` is in seconds; no `cap_per_day` means no cap."""

    growth: int
    points: int
    cap_per_day: int | None
    cooldown: int
    evidence: Evidence
    points_last_days: int | None = None
    active: bool = True
    starts_at: datetime | None = None
    number: int = 1
    version_id: int = 0
    rule_id: int = 0
    code: str = ""

    @property
    def pays(self) -> bool:
        return self.active and (self.growth > 0 or self.points > 0)

    def expiry(self, earned_at: datetime) -> datetime | None:
        """When points earned at `earned_at` expire; None for never."""
        return earned_at + timedelta(days=self.points_last_days) if self.points_last_days else None


@dataclass(frozen=True)
class Fact:
    """What a verdict looks at: when, how well proven, and in which zone the member's days begin."""

    at: datetime
    evidence: Evidence
    zone: str


def verdict(terms: Terms, fact: Fact, earlier: Sequence[datetime]) -> Verdict:
    """Whether `fact` earns under `terms`; `earlier` are the moments of the member's facts that this rule has paid.

    The cooldown looks both ways, so that facts which arrive out of order meet the same answer, and
    is asked before the cap, so that the answer to an earlier fact is the same when the day is full.
    """
    if not terms.pays:
        return Verdict.RULE_OFF
    if not fact.evidence.reaches(terms.evidence):
        return Verdict.EVIDENCE_TOO_WEAK
    if any(abs((fact.at - moment).total_seconds()) < terms.cooldown for moment in earlier):
        return Verdict.TOO_SOON
    if terms.cap_per_day is not None and _same_day(fact, earlier) >= terms.cap_per_day:
        return Verdict.CAPPED
    return Verdict.EARNED


def in_force(versions: Sequence[Terms], at: datetime) -> Terms | None:
    """The version that held at `at`; None before the first began. A version holds from its very first moment."""
    begun = [terms for terms in versions if terms.starts_at is not None and terms.starts_at <= at]
    return max(begun, key=lambda terms: terms.number, default=None)


def _same_day(fact: Fact, moments: Sequence[datetime]) -> int:
    first, end = zones.day_bounds(zones.day_of(fact.at, fact.zone), fact.zone)
    return sum(first <= moment < end for moment in moments)
