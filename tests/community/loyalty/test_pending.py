"""What is pending: it waits, it is proven or dropped, and until then it counts for nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from commons import events
from commons.db import db
from commons.events import Event, Evidence
from community.channels.models import ChannelPost
from community.loyalty import accounts, ledger, pending
from community.loyalty.accounts import balance
from community.loyalty.ledger import Credit, NotEnough
from community.loyalty.models import Currency, LedgerEntry, Lot, RuleVersion
from community.loyalty.reconciling import reconcile
from community.loyalty.standing import standing
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


def about(subject: ChannelPost, kind: str, member: Member) -> Event:
    key = f"{kind}:{subject.id}:{member.id}"
    found = events.track(kind, key=key, at=NOON, member_id=member.id, subject=subject)
    assert found is not None
    return found
