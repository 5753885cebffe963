"""What is pending: it waits, it is proven or dropped, and until then it counts for nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from commons import clock, events
from commons.db import db
from commons.events import Event, Evidence
from commons.permissions import Role
from community.channels.models import ChannelPost
from community.loyalty import accounts, ledger, pending
from community.loyalty.accounts import balance
from community.loyalty.books.reconciling import reconcile
from community.loyalty.ledger import Credit, NotEnough
from community.loyalty.levels.standing import standing
from community.loyalty.models import Currency, EarningRule, LedgerEntry, Lot, RuleVersion
from community.loyalty.rules import versions as rules
from community.members.models import Member
from tests.community.loyalty.factories import happen
from tests.factories import NOON, make_circle_post, make_fan, make_staff

POINTS = Currency.POINTS
RETURN_WINDOW = NOON + timedelta(days=14)


def promise(member: Member, amount: int = 10, key: str = "p", currency: Currency = POINTS) -> LedgerEntry:
    return ledger.earn(member, currency, amount, key=key, at=NOON, available_at=RETURN_WINDOW)


def held(member: Member) -> tuple[int, int]:
    """Available and pending points."""
    return balance(member, POINTS), accounts.pending(member, POINTS)


def test_what_is_pending_cannot_be_spent(app: Flask) -> None:
    fan = make_fan()

    promise(fan)

    assert held(fan) == (0, 10)
    with pytest.raises(NotEnough):
        ledger.spend(fan, 1, key="s", at=NOON)
    assert reconcile() == []


def test_it_becomes_available_by_itself_when_its_moment_has_come(app: Flask) -> None:
    fan = make_fan()
    promise(fan)

    assert pending.open_due(RETURN_WINDOW - timedelta(seconds=1)) == 0
    assert held(fan) == (0, 10)
    assert pending.open_due(RETURN_WINDOW) == 1
    assert pending.open_due(RETURN_WINDOW) == 0

    assert held(fan) == (10, 0)
    assert reconcile() == []


def test_a_spend_does_not_wait_for_the_sweep(app: Flask) -> None:
    fan = make_fan()
    promise(fan)

    ledger.spend(fan, 6, key="s", at=RETURN_WINDOW)

    assert held(fan) == (4, 0)
    assert reconcile() == []


def test_a_fact_proves_it_earlier_and_stands_beside_it(app: Flask) -> None:
    fan = make_fan()
    entry, received = promise(fan), happen("order.received", fan, NOON)

    assert pending.prove(entry, at=NOON, event=received)
    assert not pending.prove(entry, at=NOON)

    lot = db.session.scalars(select(Lot).where(Lot.entry_id == entry.id)).one()
    assert (held(fan), lot.proof, lot.opened_at) == ((10, 0), received, NOON)
    assert reconcile() == []


def test_all_that_a_fact_earned_is_proven_at_once(app: Flask) -> None:
    fan, boss = make_fan(), make_staff()
    bought = happen("order.paid", fan, NOON)
    for currency in Currency:
        ledger.earn(fan, currency, 5, key=f"o:{currency}", at=NOON, available_at=RETURN_WINDOW, event_id=bought.id)

    assert pending.prove_fact(bought, at=NOON, by=boss) == 2
    assert pending.prove_fact(bought, at=NOON, by=boss) == 0

    assert (held(fan), balance(fan, Currency.GROWTH)) == ((5, 0), 5)


def test_what_turns_out_not_to_be_so_is_dropped_and_leaves_the_rest_alone(app: Flask) -> None:
    fan = make_fan()
    ledger.earn(fan, POINTS, 3, key="a", at=NOON)
    entry, returned = promise(fan), happen("order.returned", fan, NOON)

    undone = ledger.reverse(entry, at=NOON, event=returned)

    assert (undone.amount, undone.shortfall, undone.event, held(fan)) == (-10, 0, returned, (3, 0))
    pending.open_due(RETURN_WINDOW)
    assert held(fan) == (3, 0)
    assert reconcile() == []


def test_growth_lifts_nobody_before_it_is_proven(app: Flask) -> None:
    fan = make_fan()
    entry = promise(fan, 60, currency=Currency.GROWTH)
    assert standing(fan).level.rank == 1

    pending.prove(entry, at=NOON)

    assert standing(fan).level.rank == 2


def test_it_does_not_expire_before_it_was_there(app: Flask) -> None:
    fan = make_fan()
    soon = NOON + timedelta(days=1)
    ledger.earn(fan, POINTS, 10, key="a", at=NOON, expires_at=soon, available_at=RETURN_WINDOW)

    assert ledger.expire_due(soon) == 0
    assert held(fan) == (0, 10)
    ledger.expire_due(RETURN_WINDOW)
    pending.open_due(RETURN_WINDOW)

    assert held(fan) == (0, 0)
    assert reconcile() == []


def test_a_moment_that_has_passed_makes_nothing_pending(app: Flask) -> None:
    fan = make_fan()

    ledger.earn(fan, POINTS, 10, key="a", at=NOON, available_at=NOON)

    assert held(fan) == (10, 0)


def test_many_credits_at_once_may_be_pending_too(app: Flask) -> None:
    fan = make_fan()
    fact = happen("order.paid", fan, NOON, Evidence.TRACKED_LINK)
    version = db.session.scalars(select(RuleVersion).limit(1)).one()
    account = accounts.lock_one(fan.id, POINTS)

    ledger.credit_all(
        [
            Credit(account, amount, f"c{amount}", NOON, None, fact.id, version.id, NOON, available, fact.evidence)
            for amount, available in ((3, None), (4, RETURN_WINDOW))
        ]
    )

    assert held(fan) == (3, 4)
    grades = db.session.scalars(select(LedgerEntry.evidence).where(LedgerEntry.event_id == fact.id)).all()
    assert grades == [Evidence.TRACKED_LINK, Evidence.TRACKED_LINK]
    assert reconcile() == []


@pytest.mark.parametrize(("kind", "after"), [("group_buy.reached", (20, 0)), ("group_buy.voided", (10, 0))])
def test_a_group_buy_that_comes_about_proves_the_joining_and_one_that_does_not_drops_it(
    app: Flask, kind: str, after: tuple[int, int]
) -> None:
    fan, other, group = make_fan(), make_fan("阿木"), make_circle_post()
    joined = about(group, "group_buy.joined", fan)
    about(group, "group_buy.joined", other)
    ledger.earn(fan, POINTS, 10, key="j", at=NOON, available_at=RETURN_WINDOW, event_id=joined.id)

    about(group, kind, other)
    assert held(fan) == (10, 10)
    about(group, kind, fan)

    assert held(fan) == after
    assert reconcile() == []


def promising_rule(*, may_owe: bool = False) -> None:
    """The rule about joining a group buy, as it pays only two weeks later or once the group is there."""
    rule = db.session.scalars(select(EarningRule).where(EarningRule.code == "group_buy")).one()
    terms = rules.current(rule, NOON)
    assert terms is not None
    boss = make_staff(Role.CAMPAIGN_LEAD)
    rules.change(rule, replace(terms, growth=0, available_after_days=14, allow_negative=may_owe), by=boss, at=NOON)


def test_what_became_available_only_because_time_went_by_is_dropped_too(app: Flask) -> None:
    clock.set_to(NOON)
    fan, group = make_fan(), make_circle_post()
    promising_rule()
    about(group, "group_buy.joined", fan)
    assert held(fan) == (0, 10)
    pending.open_due(RETURN_WINDOW)
    assert held(fan) == (10, 0)

    about(group, "group_buy.voided", fan, RETURN_WINDOW + timedelta(days=1))

    assert held(fan) == (0, 0)
    assert reconcile() == []


def test_what_became_known_only_after_its_time_is_there_at_once_and_is_dropped_all_the_same(app: Flask) -> None:
    clock.set_to(RETURN_WINDOW + timedelta(days=1))
    fan, group = make_fan(), make_circle_post()
    promising_rule()
    about(group, "group_buy.joined", fan)
    assert held(fan) == (10, 0)
    assert reconcile() == []

    about(group, "group_buy.voided", fan)

    assert held(fan) == (0, 0)
    assert reconcile() == []


def test_what_was_spent_of_it_meanwhile_is_owed_only_if_the_rule_says_so(app: Flask) -> None:
    for may_owe, left in ((False, 0), (True, -10)):
        fan, group = make_fan(), make_circle_post()
        promising_rule(may_owe=may_owe)
        about(group, "group_buy.joined", fan)
        ledger.spend(fan, 10, key=f"s{may_owe}", at=RETURN_WINDOW)

        about(group, "group_buy.voided", fan, RETURN_WINDOW + timedelta(days=1))

        assert held(fan) == (left, 0)
    assert reconcile() == []


def test_what_was_proven_is_not_dropped_any_more(app: Flask) -> None:
    fan, group = make_fan(), make_circle_post()
    promising_rule()
    about(group, "group_buy.joined", fan)

    about(group, "group_buy.reached", fan)
    about(group, "group_buy.voided", fan)

    assert held(fan) == (10, 0)


def about(subject: ChannelPost, kind: str, member: Member, at: datetime = NOON) -> Event:
    key = f"{kind}:{subject.id}:{member.id}"
    found = events.track(kind, key=key, at=at, member_id=member.id, subject=subject)
    assert found is not None
    return found
