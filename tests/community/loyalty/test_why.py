"""Why: every line names its fact, its rule and the version that held."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from commons.db import db
from commons.events import Evidence
from commons.permissions import Role
from community.loyalty import adjusting, ledger, why
from community.loyalty.models import Currency, EarningRule
from community.loyalty.rules import versions as rules
from community.loyalty.rules.verdicts import Verdict
from community.members.models import Member
from tests.community.loyalty.factories import comment, happen
from tests.factories import NOON, make_fan, make_staff

MINUTE = timedelta(minutes=1)


def verdicts(member: Member) -> list[Verdict]:
    return [line.reasons[0].verdict for line in why.history(member).lines]


def test_a_line_has_the_fact_the_rule_the_version_and_the_evidence(app: Flask) -> None:
    fan = make_fan()
    comment(fan, NOON)

    line = why.history(fan).lines[0]

    assert (line.at, line.growth, line.points, line.evidence) == (NOON, 5, 5, Evidence.NETWORK)
    assert [(reason.rule.en, reason.version, reason.verdict) for reason in line.reasons] == [
        ("Comment", 1, Verdict.EARNED)
    ]


def test_each_line_names_the_version_that_held_at_its_time(app: Flask) -> None:
    fan, boss = make_fan(), make_staff(Role.CAMPAIGN_LEAD)
    rule = db.session.scalars(select(EarningRule).where(EarningRule.code == "comment")).one()
    terms = rules.current(rule, NOON)
    assert terms is not None
    comment(fan, NOON - MINUTE)
    rules.change(rule, replace(terms, growth=7), by=boss, at=NOON)
    comment(fan, NOON + MINUTE)
    rules.change(rule, replace(terms, growth=9), by=boss, at=NOON + 2 * MINUTE)

    told = [(line.growth, line.reasons[0].version) for line in why.history(fan).lines]

    assert told == [(7, 2), (5, 1)]


def test_what_earned_nothing_says_why(app: Flask) -> None:
    fan = make_fan()
    for number in range(6):
        comment(fan, NOON + number * MINUTE)
    quick, weak = make_fan("快手"), make_fan("口说")
    comment(quick, NOON)
    comment(quick, NOON + timedelta(seconds=5))
    happen("link.visited", weak, NOON, Evidence.SELF_DECLARED)

    assert verdicts(fan) == [Verdict.CAPPED, *[Verdict.EARNED] * 5]
    assert verdicts(quick) == [Verdict.TOO_SOON, Verdict.EARNED]
    assert verdicts(weak) == [Verdict.EVIDENCE_TOO_WEAK]
    sentence = why.history(fan).lines[0].reasons[0].sentence
    assert "5" in sentence
    assert "%(" not in sentence


def test_a_switched_off_rule_says_so(app: Flask) -> None:
    fan, boss = make_fan(), make_staff(Role.CAMPAIGN_LEAD)
    rule = db.session.scalars(select(EarningRule).where(EarningRule.code == "comment")).one()
    terms = rules.current(rule, NOON)
    assert terms is not None
    rules.change(rule, replace(terms, active=False), by=boss, at=NOON)

    comment(fan, NOON)

    line = why.history(fan).lines[0]
    assert (line.moved, line.reasons[0].verdict, line.reasons[0].version) == (False, Verdict.RULE_OFF, 2)


def test_facts_that_no_rule_speaks_of_are_not_listed(app: Flask) -> None:
    fan = make_fan()
    happen("interaction.like", fan, NOON)

    assert why.history(fan).lines == []


def test_entries_without_a_fact_stand_among_the_facts(app: Flask) -> None:
    fan, boss = make_fan(), make_staff(Role.CAMPAIGN_LEAD, name="老周")
    comment(fan, NOON)
    adjusting.adjust(fan, Currency.POINTS, 20, token="t", note="补发", by=boss, at=NOON + MINUTE)
    ledger.spend(fan, 3, key="s", at=NOON + 2 * MINUTE, note="一杯茶")

    spent, adjusted, earned = why.history(fan).lines

    assert (spent.kind, spent.points, spent.note) == ("spend", -3, "一杯茶")
    assert (adjusted.kind, adjusted.points, adjusted.note, adjusted.by) == ("adjust", 20, "补发", "老周")
    assert earned.kind == "interaction.comment"


def test_leaving_a_group_buy_is_one_line_with_what_it_took_back(app: Flask) -> None:
    fan = make_fan()
    joined = happen("group_buy.joined", fan, NOON)
    happen("group_buy.left", fan, NOON + MINUTE, joined_event_id=joined.id)

    lines = why.history(fan).lines

    assert [(line.kind, line.growth, line.points) for line in lines] == [
        ("group_buy.left", -10, -10), ("group_buy.joined", 10, 10),
    ]  # fmt: skip


def test_the_line_that_carried_to_a_level_says_so(app: Flask) -> None:
    fan = make_fan()
    ledger.earn(fan, Currency.GROWTH, 48, key="a", at=NOON - MINUTE)
    comment(fan, NOON)

    lines = why.history(fan).lines

    assert [[step.level.rank for step in line.steps] for line in lines] == [[2], []]


def test_the_history_goes_page_by_page(app: Flask) -> None:
    fan = make_fan()
    for number in range(5):
        comment(fan, NOON + number * MINUTE)

    first, second, third = (why.history(fan, page, size=2) for page in (1, 2, 3))

    assert [len(page.lines) for page in (first, second, third)] == [2, 2, 1]
    assert [page.has_older for page in (first, second, third)] == [True, True, False]
    moments = [line.at for page in (first, second, third) for line in page.lines]
    assert moments == sorted(moments, reverse=True)


def test_today_is_the_day_where_the_member_lives(app: Flask) -> None:
    fan = make_fan(zone="Asia/Shanghai")
    comment(fan, NOON.replace(hour=15, minute=59))
    comment(fan, NOON.replace(hour=16, minute=0))

    late_evening = why.today(fan, NOON.replace(hour=15, minute=59))
    after_midnight = why.today(fan, NOON.replace(hour=16, minute=30))

    assert [line.at.hour for line in late_evening] == [15]
    assert [line.at.hour for line in after_midnight] == [16]
    assert why.earned(after_midnight) == (5, 5)


def test_the_day_and_the_history_at_once_say_what_each_says(app: Flask) -> None:
    fan = make_fan()
    for number in range(12):
        comment(fan, NOON - timedelta(hours=5 * number))
    ledger.earn(fan, Currency.POINTS, 5, key="a", at=NOON)

    for page in (1, 2, 3):
        assert why.today_and_history(fan, NOON, page, 5) == (why.today(fan, NOON), why.history(fan, page, 5))
    assert len(why.today(fan, NOON)) == 6
