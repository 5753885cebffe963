"""Several at once on one ledger: nothing is lost, nothing is counted twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from commons.accounts.models import User
from commons.db import db
from commons.events import Event
from commons.permissions import Role
from community.loyalty import ledger
from community.loyalty.accounts import balance
from community.loyalty.books.reconciling import reconcile
from community.loyalty.ledger import NotEnough
from community.loyalty.models import Currency, EarningRule, LedgerEntry
from community.loyalty.rules import earning
from community.loyalty.rules import versions as rules
from community.members.models import Member
from tests.at_once import at_once
from tests.community.loyalty.factories import comment, happen
from tests.factories import NOON, make_fan, make_staff

POINTS = Currency.POINTS


def committed_fan(name: str = "小满") -> int:
    fan_id = make_fan(name).id
    db.session.commit()
    return fan_id


def member(member_id: int) -> Member:
    return db.session.get_one(Member, member_id, populate_existing=True)


def test_facts_of_one_member_at_once_respect_the_cap(committed_app: Flask) -> None:
    fan_id = committed_fan()

    def work(number: int) -> Callable[[], object]:
        return lambda: comment(member(fan_id), NOON + timedelta(minutes=number))

    failed = at_once(committed_app, *(work(number) for number in range(12)))

    assert failed == []
    assert balance(member(fan_id), POINTS) == 25
    assert balance(member(fan_id), Currency.GROWTH) == 25
    assert reconcile() == []


def test_earning_at_once_adds_up(committed_app: Flask) -> None:
    fan_id = committed_fan()

    def work(number: int) -> Callable[[], object]:
        return lambda: [
            ledger.earn(member(fan_id), POINTS, 3, key=f"{number}:{turn}", at=NOON) and db.session.commit()
            for turn in range(5)
        ]

    failed = at_once(committed_app, *(work(number) for number in range(8)))

    assert failed == []
    assert balance(member(fan_id), POINTS) == 120
    assert reconcile() == []


def test_the_same_fact_read_at_once_earns_once(committed_app: Flask) -> None:
    fan_id = committed_fan()
    fact = Event(
        kind="circle.checked_in", member_id=fan_id, occurred_at=NOON, recorded_at=NOON, payload={}, key="bulk:1"
    )
    db.session.add(fact)
    db.session.flush()
    fact_id = fact.id
    db.session.commit()

    failed = at_once(committed_app, *[lambda: earning.read([db.session.get_one(Event, fact_id)])] * 8)

    assert failed == []
    assert balance(member(fan_id), POINTS) == 2
    assert reconcile() == []


def test_no_more_is_spent_at_once_than_there_is(committed_app: Flask) -> None:
    fan_id = committed_fan()
    for number in range(5):
        ledger.earn(member(fan_id), POINTS, 10, key=f"e{number}", at=NOON, expires_at=NOON + timedelta(days=9 - number))
    db.session.commit()

    def work(number: int) -> Callable[[], object]:
        return lambda: ledger.spend(member(fan_id), 7, key=f"s{number}", at=NOON)

    failed = at_once(committed_app, *(work(number) for number in range(12)))

    assert {type(error) for error in failed} == {NotEnough}
    assert len(failed) == 5
    assert balance(member(fan_id), POINTS) == 1
    assert reconcile() == []


def test_twenty_who_spend_at_once_from_a_hundred_points_never_overdraw(committed_app: Flask) -> None:
    fan_id = committed_fan()
    ledger.earn(member(fan_id), POINTS, 100, key="e", at=NOON)
    db.session.commit()

    def work(number: int) -> Callable[[], object]:
        return lambda: ledger.spend(member(fan_id), 9, key=f"s{number}", at=NOON)

    failed = at_once(committed_app, *[work(number) for number in range(20)])

    assert [type(error) for error in failed] == [NotEnough] * 9
    assert balance(member(fan_id), POINTS) == 1
    assert reconcile() == []


def test_points_spent_while_two_selves_are_merged_are_spent_once(committed_app: Flask) -> None:
    gone_id, stays_id = committed_fan(), committed_fan("小满在微博")
    ledger.earn(member(gone_id), POINTS, 60, key="e", at=NOON)
    ledger.earn(member(stays_id), POINTS, 40, key="f", at=NOON)
    db.session.commit()

    def spend(number: int) -> Callable[[], object]:
        return lambda: ledger.spend(member((gone_id, stays_id)[number % 2]), 9, key=f"s{number}", at=NOON)

    def merge() -> None:
        ledger.transfer_all(gone_id, stays_id, key="merge", at=NOON)

    works = [spend(number) for number in range(12)]
    failed = at_once(committed_app, *works[:6], merge, *works[6:], merge)

    assert {type(error) for error in failed} <= {NotEnough}
    assert balance(member(gone_id), POINTS) == 0
    assert balance(member(stays_id), POINTS) == 100 - 9 * (12 - len(failed))
    assert reconcile() == []


def test_one_reversal_however_many_ask_for_it(committed_app: Flask) -> None:
    fan_id = committed_fan()
    joined_id = happen("group_buy.joined", member(fan_id), NOON).id
    db.session.commit()
    entry_ids = []

    def work() -> None:
        entry = db.session.query(LedgerEntry).filter_by(event_id=joined_id).order_by("id").first()
        assert entry is not None
        entry_ids.append(ledger.reverse(entry, at=NOON).id)

    failed = at_once(committed_app, *[work] * 6)

    assert failed == []
    assert len(entry_ids) == 6
    assert len(set(entry_ids)) == 1
    assert balance(member(fan_id), Currency.GROWTH) == 0
    assert reconcile() == []


def test_two_batches_over_the_same_members_wait_for_each_other(committed_app: Flask) -> None:
    fan_ids = [committed_fan(f"粉丝{number}") for number in range(6)]

    def work(turn: int) -> Callable[[], object]:
        order = fan_ids if turn % 2 else fan_ids[::-1]
        facts = [
            Event(
                kind="interaction.comment", member_id=fan_id, occurred_at=NOON + timedelta(minutes=turn),
                recorded_at=NOON, payload={}, key=f"bulk:{turn}:{fan_id}",
            )
            for fan_id in order
        ]  # fmt: skip

        def run() -> None:
            db.session.add_all(facts)
            db.session.flush()
            earning.read(facts)

        return run

    failed = at_once(committed_app, *(work(turn) for turn in range(4)))

    assert failed == []
    assert {balance(member(fan_id), POINTS) for fan_id in fan_ids} == {20}
    assert reconcile() == []


def test_two_who_change_a_rule_at_once_make_one_version_after_the_other(committed_app: Flask) -> None:
    boss_id = make_staff(Role.CAMPAIGN_LEAD).id
    rule_id = db.session.scalars(select(EarningRule.id).where(EarningRule.code == "comment")).one()
    db.session.commit()

    def change(growth: int) -> Callable[[], object]:
        def run() -> None:
            rule = db.session.get_one(EarningRule, rule_id)
            terms = rules.current(rule, NOON)
            assert terms is not None
            rules.change(rule, replace(terms, growth=growth), by=db.session.get_one(User, boss_id), at=NOON)

        return run

    failed = at_once(committed_app, *(change(growth) for growth in (7, 8, 9, 10)))

    assert failed == []
    rule = db.session.get_one(EarningRule, rule_id, populate_existing=True)
    assert [version.number for version in rule.versions] == [1, 2, 3, 4, 5]
    assert {version.growth for version in rule.versions} == {5, 7, 8, 9, 10}
