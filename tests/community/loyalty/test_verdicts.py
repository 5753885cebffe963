"""What a rule says about a fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from commons.events import Evidence
from community.loyalty.verdicts import Fact, Terms, Verdict, in_force, verdict

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TERMS = Terms(growth=5, points=5, cap_per_day=2, cooldown=20, evidence=Evidence.TRACKED_LINK)


def fact(at: datetime = NOON, evidence: Evidence = Evidence.NETWORK, zone: str = "Asia/Shanghai") -> Fact:
    return Fact(at, evidence, zone)


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
    earlier = [NOON - timedelta(hours=1), NOON - timedelta(hours=2)]

    assert verdict(TERMS, fact(), earlier) is Verdict.CAPPED
    assert verdict(TERMS, fact(), earlier[:1]) is Verdict.EARNED
    assert verdict(replace(TERMS, cap_per_day=None), fact(), earlier) is Verdict.EARNED


def test_the_day_begins_at_midnight_where_the_member_lives() -> None:
    evening = datetime(2026, 3, 1, 15, 59, tzinfo=UTC)
    midnight = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
    earlier = [evening, evening - timedelta(hours=3)]

    assert verdict(TERMS, fact(evening + timedelta(seconds=59)), earlier) is Verdict.CAPPED
    assert verdict(TERMS, fact(midnight), earlier) is Verdict.EARNED
    assert verdict(TERMS, fact(midnight, zone="UTC"), earlier) is Verdict.CAPPED


def test_a_day_with_a_daylight_saving_change_is_one_day() -> None:
    """In Berlin 2026-03-29 has 23 hours: it ends at 22:00 UTC."""
    late = datetime(2026, 3, 29, 21, 59, tzinfo=UTC)
    earlier = [datetime(2026, 3, 28, 23, 0, tzinfo=UTC), datetime(2026, 3, 29, 12, 0, tzinfo=UTC)]

    assert verdict(TERMS, fact(late, zone="Europe/Berlin"), earlier) is Verdict.CAPPED
    assert verdict(TERMS, fact(late + timedelta(minutes=1), zone="Europe/Berlin"), earlier) is Verdict.EARNED


def test_a_cooldown_ends_on_its_last_second_and_looks_both_ways() -> None:
    assert verdict(TERMS, fact(), [NOON - timedelta(seconds=19.9)]) is Verdict.TOO_SOON
    assert verdict(TERMS, fact(), [NOON - timedelta(seconds=20)]) is Verdict.EARNED
    assert verdict(TERMS, fact(), [NOON + timedelta(seconds=5)]) is Verdict.TOO_SOON


def test_a_rule_that_is_off_or_pays_nothing_says_so() -> None:
    assert verdict(replace(TERMS, active=False), fact(), []) is Verdict.RULE_OFF
    assert verdict(replace(TERMS, growth=0, points=0), fact(), []) is Verdict.RULE_OFF


def test_a_version_holds_from_its_first_moment_until_the_next() -> None:
    first = replace(TERMS, number=1, starts_at=NOON)
    second = replace(TERMS, number=2, starts_at=NOON + timedelta(days=1))

    assert in_force([first, second], NOON - timedelta(microseconds=1)) is None
    assert in_force([first, second], NOON) is first
    assert in_force([second, first], NOON + timedelta(days=1)) is second
