"""What a rule says about a fact: pure, values in, verdict out."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from commons import zones
from commons.events import Evidence
from community.loyalty.rules import people


class Verdict(enum.StrEnum):
    """Whether a fact earns, and if not, why not. The last three are not said by a rule but by what became of the fact."""

    EARNED = "earned"
    RULE_OFF = "rule_off"
    OUT_OF_SEASON = "out_of_season"
    NOT_MEANT = "not_meant"
    NOT_IN_SEGMENT = "not_in_segment"
    EVIDENCE_TOO_WEAK = "evidence_too_weak"
    TOO_FEW_PEOPLE = "too_few_people"
    TOO_SOON = "too_soon"
    CAPPED_EVIDENCE = "capped_evidence"
    CAPPED = "capped"
    CAPPED_WEEK = "capped_week"
    CAPPED_PAIR = "capped_pair"
    CAPPED_PERSON = "capped_person"
    HELD = "held"
    REFUSED = "refused"
    NOT_COUNTED = "not_counted"


@dataclass(frozen=True)
class Terms:
    """One version of a rule. `cooldown` is in seconds; no cap (None) means no limit.

    `evidence_caps` limit a day for evidence of that grade or weaker. `people` different people on `people_days` different
    days within `people_within` days must stand behind a fact before it earns. `first_day` and `last_day` are days of
    the brand. `only` says what the fact's details must be; `segment_id` for whom the rule is. What it pays is pending
    for `available_after_days`; taking it back may bring the balance below zero if `allow_negative`.
    """

    growth: int
    points: int
    cap_per_day: int | None
    cooldown: int
    evidence: Evidence
    points_last_days: int | None = None
    active: bool = True
    cap_per_week: int | None = None
    cap_per_person: int | None = None
    cap_per_pair: int | None = None
    evidence_caps: Mapping[str, int] = field(default_factory=dict)
    people: int | None = None
    people_days: int = 1
    people_within: int = 30
    first_day: date | None = None
    last_day: date | None = None
    only: Mapping[str, str] = field(default_factory=dict)
    segment_id: int | None = None
    available_after_days: int | None = None
    allow_negative: bool = False
    starts_at: datetime | None = None
    number: int = 1
    version_id: int = 0
    rule_id: int = 0
    code: str = ""

    @property
    def pays(self) -> bool:
        return self.active and (self.growth > 0 or self.points > 0)

    @property
    def looks_at_people(self) -> bool:
        """Whether it matters who else stands behind a fact."""
        return self.people is not None or self.cap_per_pair is not None

    @property
    def reach(self) -> timedelta | None:
        """How far from a fact a paid one may lie and still matter for it; None: however far."""
        if self.cap_per_person is not None:
            return None
        around = timedelta(days=9) if self.cap_per_week or self.cap_per_pair else timedelta(days=2)
        return max(around, timedelta(seconds=self.cooldown))

    def expiry(self, earned_at: datetime) -> datetime | None:
        """When points earned at `earned_at` expire; None for never."""
        return earned_at + timedelta(days=self.points_last_days) if self.points_last_days else None

    def available(self, earned_at: datetime) -> datetime | None:
        """Until when what was earned at `earned_at` is pending; None for not at all."""
        return earned_at + timedelta(days=self.available_after_days) if self.available_after_days else None


@dataclass(frozen=True)
class Fact:
    """What a verdict looks at: when, how well proven, in which zone days begin, and who else is in it.

    `segments` are those of the segments that rules ask for in which the member is.
    """

    at: datetime
    evidence: Evidence
    zone: str
    other: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    segments: frozenset[int] = frozenset()

    @cached_property
    def day(self) -> date:
        return zones.day_of(self.at, self.zone)

    @cached_property
    def week(self) -> tuple[int, int]:
        """Year and number of the week, from Monday to Sunday."""
        return self.day.isocalendar()[:2]


@dataclass(frozen=True)
class Case:
    """A fact before a rule: `earlier` facts of the member that the rule has paid, `seen` ones whether paid or not."""

    terms: Terms
    fact: Fact
    earlier: Sequence[Fact]
    seen: Sequence[Fact] = ()


def verdict(terms: Terms, fact: Fact, earlier: Sequence[Fact], seen: Sequence[Fact] = ()) -> Verdict:
    """Whether `fact` earns under `terms`; `earlier` are the member's facts that this rule has paid.

    `seen` are facts of the same kind about the member, paid or not, for rules that ask for different people. The cooldown
    looks both ways, so that facts which arrive out of order meet the same answer, and is asked before the caps, so that
    the answer to an earlier fact is the same when the day is full.
    """
    case = Case(terms, fact, earlier, seen)
    return next((answer for answer, refuses in REFUSALS if refuses(case)), Verdict.EARNED)


def in_force(versions: Sequence[Terms], at: datetime) -> Terms | None:
    """The version that held at `at`; None before the first began. A version holds from its very first moment."""
    begun = [terms for terms in versions if terms.starts_at is not None and terms.starts_at <= at]
    return max(begun, key=lambda terms: terms.number, default=None)


def meant(terms: Terms, fact: Fact) -> bool:
    """Whether the fact's details are what the rule asks for."""
    return all(str(fact.details.get(name)) == value for name, value in terms.only.items())


def _out_of_season(case: Case) -> bool:
    first, last = case.terms.first_day, case.terms.last_day
    return (first is not None and case.fact.day < first) or (last is not None and case.fact.day > last)


def _not_in_segment(case: Case) -> bool:
    return case.terms.segment_id is not None and case.terms.segment_id not in case.fact.segments


def _too_few_people(case: Case) -> bool:
    terms, fact = case.terms, case.fact
    if terms.people is None:
        return False
    since = fact.at - timedelta(days=terms.people_within)
    heard = [
        one
        for one in (*case.seen, fact)
        if since < one.at <= fact.at and meant(terms, one) and one.evidence.reaches(terms.evidence)
    ]
    days = {one.day for one in heard if people.is_somebody_else(one.other)}
    return people.at_least((one.other, one.at) for one in heard) < terms.people or len(days) < terms.people_days


def _too_soon(case: Case) -> bool:
    return any(abs((case.fact.at - one.at).total_seconds()) < case.terms.cooldown for one in case.earlier)


def _capped_evidence(case: Case) -> bool:
    """Caps of a grade count that grade and all that are weaker; the cap of a stronger grade binds a weaker fact too."""
    for grade, cap in case.terms.evidence_caps.items():
        most = Evidence(grade)
        if most.reaches(case.fact.evidence):
            weak = [one for one in case.earlier if most.reaches(one.evidence)]
            if _same_day(case.fact, weak) >= cap:
                return True
    return False


def _capped(case: Case) -> bool:
    return _reached(case.terms.cap_per_day, lambda: _same_day(case.fact, case.earlier))


def _capped_week(case: Case) -> bool:
    return _reached(case.terms.cap_per_week, lambda: _same_week(case.fact, case.earlier))


def _capped_pair(case: Case) -> bool:
    if case.fact.other is None:
        return False
    ours = [one for one in case.earlier if one.other == case.fact.other]
    return _reached(case.terms.cap_per_pair, lambda: _same_week(case.fact, ours))


def _capped_person(case: Case) -> bool:
    return _reached(case.terms.cap_per_person, lambda: len(case.earlier))


REFUSALS: tuple[tuple[Verdict, Callable[[Case], bool]], ...] = (
    (Verdict.RULE_OFF, lambda case: not case.terms.pays),
    (Verdict.OUT_OF_SEASON, _out_of_season),
    (Verdict.NOT_MEANT, lambda case: not meant(case.terms, case.fact)),
    (Verdict.NOT_IN_SEGMENT, _not_in_segment),
    (Verdict.EVIDENCE_TOO_WEAK, lambda case: not case.fact.evidence.reaches(case.terms.evidence)),
    (Verdict.TOO_FEW_PEOPLE, _too_few_people),
    (Verdict.TOO_SOON, _too_soon),
    (Verdict.CAPPED_EVIDENCE, _capped_evidence),
    (Verdict.CAPPED, _capped),
    (Verdict.CAPPED_WEEK, _capped_week),
    (Verdict.CAPPED_PAIR, _capped_pair),
    (Verdict.CAPPED_PERSON, _capped_person),
)


def _reached(cap: int | None, count: Callable[[], int]) -> bool:
    return cap is not None and count() >= cap


def _same_day(fact: Fact, others: Sequence[Fact]) -> int:
    day, near = fact.day, timedelta(days=2)
    return sum(abs(one.at - fact.at) < near and one.day == day for one in others)


def _same_week(fact: Fact, others: Sequence[Fact]) -> int:
    week, near = fact.week, timedelta(days=8)
    return sum(abs(one.at - fact.at) < near and one.week == week for one in others)
