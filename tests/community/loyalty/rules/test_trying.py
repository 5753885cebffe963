"""The dry run says what then happens, and writes nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from commons.db import db
from commons.events import Event, Evidence
from commons.i18n import Words
from commons.permissions import Role
from commons.slots import Slot
from community.loyalty import slots
from community.loyalty.models import Currency, EarningRule, LedgerAccount, LedgerEntry, RuleVersion
from community.loyalty.rules import earning
from community.loyalty.rules import versions as rules
from community.loyalty.rules.trying import Span, dry_run
from community.loyalty.rules.verdicts import Terms, Verdict
from community.members.models import Member
from tests.community.loyalty.factories import comment, happen
from tests.factories import NOON, make_fan, make_staff

DAY = timedelta(days=1)
BASE = Terms(growth=5, points=5, cap_per_day=10, cooldown=0, evidence=Evidence.TRACKED_LINK)
INSIDE = 7
numbers = count(1)
terms_drawn = st.builds(
    Terms,
    growth=st.integers(0, 9),
    points=st.integers(0, 9),
    cap_per_day=st.none() | st.integers(1, 4),
    cap_per_week=st.none() | st.integers(1, 8),
    cap_per_person=st.none() | st.integers(1, 12),
    cap_per_pair=st.none() | st.integers(1, 3),
    cooldown=st.sampled_from([0, 60, 86400, 3 * 86400]),
    evidence=st.sampled_from(list(Evidence)),
    evidence_caps=st.sampled_from([{}, {"self_declared": 1}, {"tracked_link": 2, "self_declared": 1}]),
    people=st.none() | st.integers(1, 4),
    people_days=st.integers(1, 3),
    people_within=st.integers(3, 9),
    first_day=st.none() | st.just(date(2026, 3, 3)),
    last_day=st.none() | st.just(date(2026, 3, 6)),
    only=st.sampled_from([{}, {"slug": "tea"}]),
    segment_id=st.sampled_from([None, None, INSIDE]),
    available_after_days=st.none() | st.just(3),
    active=st.sampled_from([True, True, True, False]),
)
quick = settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def rule_of(code: str) -> EarningRule:
    return db.session.scalars(select(EarningRule).where(EarningRule.code == code)).one()


def terms_of(rule: EarningRule) -> Terms:
    found = rules.current(rule, NOON)
    assert found is not None
    return found


def visits(kind: str, members: list[Member], chance: Random, first: datetime, days: int, times: int) -> list[Event]:
    """Facts of several members in the order in which they happen, of which nobody has been told yet."""
    moments = sorted(first + timedelta(seconds=chance.randrange(days * 86400)) for _ in range(times))
    facts = [
        Event(
            kind=kind,
            member_id=chance.choice(members).id,
            evidence=chance.choice(list(Evidence)),
            occurred_at=moment,
            recorded_at=moment,
            payload={"slug": chance.choice(["tea", "cup"]), "by_member_id": chance.randrange(90_001, 90_006)},
            key=f"try:{next(numbers)}",
        )
        for moment in moments
    ]
    db.session.add_all(facts)
    db.session.flush()
    return facts


def taken_back(facts: list[Event], chance: Random) -> list[Event]:
    """Some of the facts are undone afterwards, by facts of which nobody has been told yet either."""
    undoing = [
        Event(
            kind="interaction.withdrawn",
            member_id=fact.member_id,
            occurred_at=NOON + 7 * DAY,
            recorded_at=NOON + 7 * DAY,
            payload={"said_event_id": fact.id},
            key=f"undo:{next(numbers)}",
        )
        for fact in facts
        if chance.random() < 0.2
    ]
    db.session.add_all(undoing)
    db.session.flush()
    return undoing


def those_inside(members: list[Member]) -> Slot[Any]:
    """A segment that these members are in."""
    plugs: Slot[Any] = Slot("for this test")
    ids = {member.id for member in members}
    plugs.plug(lambda segment_id, member_ids: ids & set(member_ids) if segment_id == INSIDE else set())
    return plugs


def paid(rule: EarningRule, since: datetime) -> dict[int, tuple[int, int]]:
    """What each member has earned by the rule from `since` on: growth and points."""
    query = (
        select(LedgerAccount.member_id, LedgerAccount.currency, func.sum(LedgerEntry.amount))
        .join(LedgerEntry.account)
        .join(LedgerEntry.rule_version)
        .where(RuleVersion.rule_id == rule.id, LedgerEntry.occurred_at >= since)
        .group_by(LedgerAccount.member_id, LedgerAccount.currency)
    )
    found: dict[int, dict[Currency, int]] = defaultdict(dict)
    for member_id, currency, amount in db.session.execute(query):
        found[member_id][currency] = int(amount)
    return {
        member_id: (amounts.get(Currency.GROWTH, 0), amounts.get(Currency.POINTS, 0))
        for member_id, amounts in found.items()
    }


@quick
@given(terms=terms_drawn, chance=st.randoms(use_true_random=False))
@pytest.mark.slow
def test_the_dry_run_of_a_changed_rule_is_what_then_happens(
    app: Flask, monkeypatch: pytest.MonkeyPatch, terms: Terms, chance: Random
) -> None:
    """Facts come and are paid; a dry run of new terms over the facts that follow; then the terms hold, and those come."""
    zones, boss, kind = (
        ["Asia/Shanghai", "America/New_York", "UTC"],
        make_staff(Role.CAMPAIGN_LEAD),
        f"try.{next(numbers)}",
    )
    fans = [make_fan(f"粉丝{number}", zone=zone) for number, zone in enumerate(zones)]
    monkeypatch.setattr(slots, "in_segment", those_inside(fans[:2]))
    rule = rules.make(kind, Words("试", "Try"), BASE, by=boss, at=NOON - 30 * DAY)
    earning.read(visits(kind, fans, chance, NOON - 9 * DAY, 9, 40))
    rest = visits(kind, fans, chance, NOON, 6, 50)
    undoing = taken_back(rest, chance)

    told = dry_run(kind, terms, Span(NOON, NOON + 6 * DAY), rule)
    rules.change(rule, terms, by=boss, at=NOON)
    for fact in [*rest, *undoing]:
        earning.read([fact])

    happened = {member_id: amounts for member_id, amounts in paid(rule, NOON).items() if amounts != (0, 0)}
    assert told.facts == len(rest)
    assert {change.member_id: change.after for change in told.changes} == {
        member_id: amounts
        for member_id, amounts in happened.items()
        if amounts != told.before.of_members.get(member_id)
    } | {member_id: (0, 0) for member_id in told.before.of_members if member_id not in happened}
    assert (told.after.growth, told.after.points) == tuple(
        map(sum, zip(*happened.values(), strict=True))
    ) or not happened
    assert told.after.earned + sum(told.after.refused.values()) == len(rest)


def test_the_old_terms_in_a_dry_run_are_what_was_paid(app: Flask) -> None:
    fan, rule = make_fan(), rule_of("comment")
    for number in range(8):
        comment(fan, NOON + number * timedelta(minutes=1))

    told = dry_run("interaction.comment", replace(terms_of(rule), cap_per_day=2), Span(NOON, NOON + DAY), rule)

    assert told.before.of_members == paid(rule, NOON) == {fan.id: (25, 25)}
    assert [(change.member_id, change.growth, change.points) for change in told.losers] == [(fan.id, -15, -15)]
    assert told.gainers == []
    assert (told.before.refused, told.after.refused) == ({Verdict.CAPPED: 3}, {Verdict.CAPPED: 6})


def test_what_was_paid_before_the_time_counts_for_the_caps_in_it(app: Flask) -> None:
    fan, rule = make_fan(), rule_of("comment")
    for number in range(3):
        comment(fan, NOON + number * timedelta(minutes=1))
    comment(fan, NOON + timedelta(hours=1))

    told = dry_run(
        "interaction.comment", replace(terms_of(rule), cap_per_day=3), Span(NOON + timedelta(hours=1), NOON + DAY), rule
    )

    assert told.after.refused == {Verdict.CAPPED: 1}


def test_what_was_undone_brings_nothing_in_a_dry_run_either(app: Flask) -> None:
    fan, rule = make_fan(), rule_of("group_buy")
    joined = happen("group_buy.joined", fan, NOON)
    happen("group_buy.left", fan, NOON + timedelta(minutes=1), joined_event_id=joined.id)

    told = dry_run("group_buy.joined", replace(terms_of(rule), growth=99), Span(NOON, NOON + DAY), rule)

    assert (told.after.earned, told.after.growth, list(told.changes)) == (1, 0, [])


def test_a_dry_run_writes_nothing(app: Flask) -> None:
    fan, rule = make_fan(), rule_of("comment")
    comment(fan, NOON)
    before = [db.session.scalar(select(func.count()).select_from(model)) for model in (Event, LedgerEntry, RuleVersion)]

    dry_run("interaction.comment", replace(terms_of(rule), growth=50), Span(NOON - DAY, NOON + DAY), rule)

    after = [db.session.scalar(select(func.count()).select_from(model)) for model in (Event, LedgerEntry, RuleVersion)]
    assert not db.session.new
    assert not db.session.dirty
    assert after == before


def test_a_rule_that_does_not_exist_yet_only_gives(app: Flask) -> None:
    fan = make_fan()
    happen("interaction.mention", fan, NOON)

    terms = Terms(growth=3, points=0, cap_per_day=None, cooldown=0, evidence=Evidence.NETWORK)
    told = dry_run("interaction.mention", terms, Span(NOON - DAY, NOON + DAY))

    assert [(change.member_id, change.before, change.after) for change in told.gainers] == [(fan.id, (0, 0), (3, 0))]


def test_of_a_large_circle_some_members_stand_for_all(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    fans = [make_fan(f"粉丝{number}") for number in range(12)]
    for fan in fans:
        comment(fan, NOON)
    monkeypatch.setattr("community.loyalty.rules.trying.MOST_FACTS", 5)

    told = dry_run("interaction.comment", terms_of(rule_of("comment")), Span(NOON, NOON + DAY), rule_of("comment"))

    assert told.one_of == 3
    assert told.members == told.facts == 4


def test_a_rule_for_a_segment_pays_only_those_inside(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, outside, boss = make_fan("里面"), make_fan("外面"), make_staff(Role.CAMPAIGN_LEAD)
    monkeypatch.setattr(slots, "in_segment", those_inside([inside]))
    terms = Terms(growth=3, points=1, cap_per_day=None, cooldown=0, evidence=Evidence.NETWORK, segment_id=INSIDE)
    rule = rules.make("interaction.mention", Words("提及", "Mention us"), terms, by=boss, at=NOON)

    for fan in (inside, outside):
        happen("interaction.mention", fan, NOON)

    assert paid(rule, NOON) == {inside.id: (3, 1)}
