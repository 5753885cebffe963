"""What a rule says about a fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from commons.events import Evidence
from community.loyalty.rules.verdicts import Fact, Terms, Verdict, in_force, verdict

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)  # a Sunday
DAY = timedelta(days=1)
TERMS = Terms(growth=5, points=5, cap_per_day=2, cooldown=20, evidence=Evidence.TRACKED_LINK)
FREE = Terms(growth=5, points=5, cap_per_day=None, cooldown=0, evidence=Evidence.SELF_DECLARED)


def fact(
    at: datetime = NOON, evidence: Evidence = Evidence.NETWORK, zone: str = "Asia/Shanghai", other: str | None = None
) -> Fact:
    return Fact(at, evidence, zone, other)


def facts(*moments: datetime, zone: str = "Asia/Shanghai") -> list[Fact]:
    return [fact(moment, zone=zone) for moment in moments]


def test_a_fact_earns() -> None:
    assert verdict(TERMS, fact(), []) is Verdict.EARNED


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        (Evidence.NETWORK, Verdict.EARNED),
        (Evidence.TRACKED_LINK, Verdict.EARNED),
        (Evidence.STAFF, Verdict.EVIDENCE_TOO_WEAK),
        (Evidence.SELF_DECLARED, Verdict.EVIDENCE_TOO_WEAK),
    ],
)
def test_evidence_must_be_as_strong_as_the_rule_wants(evidence: Evidence, said: Verdict) -> None:
    assert verdict(TERMS, fact(evidence=evidence), []) is said


def test_the_cap_counts_the_day() -> None:
    earlier = facts(NOON - timedelta(hours=1), NOON - timedelta(hours=2))

    assert verdict(TERMS, fact(), earlier) is Verdict.CAPPED
    assert verdict(TERMS, fact(), earlier[:1]) is Verdict.EARNED
    assert verdict(replace(TERMS, cap_per_day=None), fact(), earlier) is Verdict.EARNED


def test_the_day_begins_at_midnight_in_the_zone_of_the_fact() -> None:
    evening = datetime(2026, 3, 1, 15, 59, tzinfo=UTC)
    midnight = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
    earlier = [evening, evening - timedelta(hours=3)]

    assert verdict(TERMS, fact(evening + timedelta(seconds=59)), facts(*earlier)) is Verdict.CAPPED
    assert verdict(TERMS, fact(midnight), facts(*earlier)) is Verdict.EARNED
    assert verdict(TERMS, fact(midnight, zone="UTC"), facts(*earlier, zone="UTC")) is Verdict.CAPPED


def test_a_day_with_a_daylight_saving_change_is_one_day() -> None:
    """In Berlin 2026-03-29 has 23 hours: it ends at 22:00 UTC."""
    late = datetime(2026, 3, 29, 21, 59, tzinfo=UTC)
    moments = [datetime(2026, 3, 28, 23, 0, tzinfo=UTC), datetime(2026, 3, 29, 12, 0, tzinfo=UTC)]
    earlier = facts(*moments, zone="Europe/Berlin")

    assert verdict(TERMS, fact(late, zone="Europe/Berlin"), earlier) is Verdict.CAPPED
    assert verdict(TERMS, fact(late + timedelta(minutes=1), zone="Europe/Berlin"), earlier) is Verdict.EARNED


def test_a_cooldown_ends_on_its_last_second_and_looks_both_ways() -> None:
    assert verdict(TERMS, fact(), facts(NOON - timedelta(seconds=19.9))) is Verdict.TOO_SOON
    assert verdict(TERMS, fact(), facts(NOON - timedelta(seconds=20))) is Verdict.EARNED
    assert verdict(TERMS, fact(), facts(NOON + timedelta(seconds=5))) is Verdict.TOO_SOON


def test_a_rule_that_is_off_or_pays_nothing_says_so() -> None:
    assert verdict(replace(TERMS, active=False), fact(), []) is Verdict.RULE_OFF
    assert verdict(replace(TERMS, growth=0, points=0), fact(), []) is Verdict.RULE_OFF


def test_the_cap_of_a_week_counts_from_monday_to_sunday() -> None:
    weekly = replace(FREE, cap_per_week=2)
    monday = NOON - 6 * DAY

    assert verdict(weekly, fact(), facts(monday, NOON - DAY)) is Verdict.CAPPED_WEEK
    assert verdict(weekly, fact(), facts(monday - DAY, NOON - DAY)) is Verdict.EARNED
    assert verdict(weekly, fact(NOON + DAY), facts(NOON, NOON - DAY)) is Verdict.EARNED


def test_the_cap_of_a_person_counts_all_time() -> None:
    once = replace(FREE, cap_per_person=1)

    assert verdict(once, fact(), facts(NOON - 400 * DAY)) is Verdict.CAPPED_PERSON
    assert verdict(once, fact(), []) is Verdict.EARNED


def test_the_cap_of_a_pair_counts_the_same_two_people() -> None:
    pair = replace(FREE, cap_per_pair=1)
    earlier = [fact(NOON - DAY, other="member:7")]

    assert verdict(pair, fact(other="member:7"), earlier) is Verdict.CAPPED_PAIR
    assert verdict(pair, fact(other="member:8"), earlier) is Verdict.EARNED
    assert verdict(pair, fact(), earlier) is Verdict.EARNED
    assert verdict(pair, fact(NOON + DAY, other="member:7"), earlier) is Verdict.EARNED


def test_weaker_evidence_has_a_lower_cap() -> None:
    graded = replace(FREE, cap_per_day=3, evidence_caps={"self_declared": 1, "tracked_link": 2})
    weak = fact(NOON - timedelta(hours=1), Evidence.SELF_DECLARED)
    link = fact(NOON - timedelta(hours=2), Evidence.TRACKED_LINK)
    seen = fact(NOON - timedelta(hours=3))

    assert verdict(graded, fact(evidence=Evidence.SELF_DECLARED), [weak]) is Verdict.CAPPED_EVIDENCE
    assert verdict(graded, fact(evidence=Evidence.SELF_DECLARED), [seen, link]) is Verdict.EARNED
    assert verdict(graded, fact(evidence=Evidence.TRACKED_LINK), [weak, link]) is Verdict.CAPPED_EVIDENCE
    assert verdict(graded, fact(), [weak, link]) is Verdict.EARNED
    assert verdict(graded, fact(), [weak, link, seen]) is Verdict.CAPPED


def test_a_fact_waits_for_different_people_on_different_days() -> None:
    diverse = replace(FREE, people=3, people_days=2, people_within=7)
    seen = [fact(NOON - DAY, other="member:1"), fact(NOON - DAY, other="member:2")]
    third = fact(other="member:3")

    assert verdict(diverse, third, [], seen) is Verdict.EARNED
    assert verdict(diverse, fact(other="member:2"), [], seen) is Verdict.TOO_FEW_PEOPLE
    assert verdict(diverse, fact(NOON - DAY, other="member:3"), [], seen) is Verdict.TOO_FEW_PEOPLE
    assert verdict(diverse, fact(NOON + 7 * DAY, other="member:3"), [], seen) is Verdict.TOO_FEW_PEOPLE
    assert verdict(diverse, fact(NOON - 2 * DAY, other="member:3"), [], seen) is Verdict.TOO_FEW_PEOPLE


def test_anonymous_visitors_of_different_days_may_be_one_person() -> None:
    diverse = replace(FREE, people=3)
    daily = [fact(NOON - number * DAY, other=f"visitor:{number}") for number in range(1, 5)]
    together = [fact(NOON - timedelta(hours=number), other=f"visitor:{number}") for number in range(1, 3)]

    assert verdict(diverse, fact(other="visitor:9"), [], daily) is Verdict.TOO_FEW_PEOPLE
    assert verdict(diverse, fact(other="visitor:9"), [], together) is Verdict.EARNED


def test_a_rule_has_a_period_of_days() -> None:
    season = replace(FREE, first_day=date(2026, 3, 1), last_day=date(2026, 3, 2))
    first_minute = datetime(2026, 2, 28, 16, 0, tzinfo=UTC)

    assert verdict(season, fact(first_minute), []) is Verdict.EARNED
    assert verdict(season, fact(first_minute, zone="UTC"), []) is Verdict.OUT_OF_SEASON
    assert verdict(season, fact(NOON + 2 * DAY), []) is Verdict.OUT_OF_SEASON


def test_a_rule_may_be_about_some_facts_and_for_some_people() -> None:
    only = replace(FREE, only={"title": "春茶"})
    segment = replace(FREE, segment_id=4)
    inside = replace(fact(), segments=frozenset({4}))

    assert verdict(only, replace(fact(), details={"title": "春茶"}), []) is Verdict.EARNED
    assert verdict(only, replace(fact(), details={"title": "秋茶"}), []) is Verdict.NOT_MEANT
    assert verdict(only, fact(), []) is Verdict.NOT_MEANT
    assert verdict(segment, inside, []) is Verdict.EARNED
    assert verdict(segment, fact(), []) is Verdict.NOT_IN_SEGMENT


def test_a_version_holds_from_its_first_moment_until_the_next() -> None:
    first = replace(TERMS, number=1, starts_at=NOON)
    second = replace(TERMS, number=2, starts_at=NOON + timedelta(days=1))

    assert in_force([first, second], NOON - timedelta(microseconds=1)) is None
    assert in_force([first, second], NOON) is first
    assert in_force([second, first], NOON + timedelta(days=1)) is second
