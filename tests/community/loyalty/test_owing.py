"""Below zero: only where it is allowed, and what is owed is paid first by whatever comes in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from commons.db import db
from commons.permissions import Role
from community.loyalty import accounts, ledger, pending
from community.loyalty.accounts import balance
from community.loyalty.books.reconciling import reconcile
from community.loyalty.models import Currency, LedgerEntry, RuleVersion
from community.members.models import Member
from tests.factories import NOON, make_fan, make_staff

POINTS = Currency.POINTS


def earn(member: Member, amount: int, key: str, **more: object) -> LedgerEntry:
    return ledger.earn(member, POINTS, amount, key=key, at=NOON, **more)  # type: ignore[arg-type]


def owe(member: Member, amount: int = 7) -> LedgerEntry:
    """The member owes so many points, by a spend of `amount` + 3 from 3."""
    earn(member, 3, "before")
    return ledger.spend(member, amount + 3, key="owe", at=NOON, allow_negative=True)


def owed(member: Member) -> int:
    return accounts.lock_one(member.id, POINTS).owed


def test_a_spend_that_may_goes_below_zero_and_what_comes_in_pays_it(app: Flask) -> None:
    fan = make_fan()
    owe(fan)
    assert (balance(fan, POINTS), owed(fan)) == (-7, 7)
    assert reconcile() == []

    earn(fan, 5, "a")
    assert (balance(fan, POINTS), owed(fan)) == (-2, 2)
    earn(fan, 5, "b")

    assert (balance(fan, POINTS), owed(fan)) == (3, 0)
    assert reconcile() == []


def test_what_is_pending_pays_when_it_is_there(app: Flask) -> None:
    fan = make_fan()
    owe(fan)
    entry = earn(fan, 10, "a", available_at=NOON + timedelta(days=1))
    assert (balance(fan, POINTS), owed(fan)) == (-7, 7)

    pending.prove(entry, at=NOON)

    assert (balance(fan, POINTS), owed(fan)) == (3, 0)
    assert reconcile() == []


def test_a_reversal_goes_below_zero_when_the_rule_says_so(app: Flask) -> None:
    fan = make_fan()
    version = db.session.scalars(select(RuleVersion).limit(1)).one()
    version.allow_negative = True
    entry = earn(fan, 10, "a", rule_version_id=version.id)
    ledger.spend(fan, 7, key="s", at=NOON)

    undone = ledger.reverse(entry, at=NOON)

    assert (undone.amount, undone.shortfall, undone.rule_version_id) == (-10, 0, version.id)
    assert (balance(fan, POINTS), owed(fan)) == (-7, 7)
    assert reconcile() == []


def test_a_spend_given_back_clears_what_is_owed_for_it(app: Flask) -> None:
    fan = make_fan()
    spent = owe(fan)
    earn(fan, 5, "a")

    ledger.reverse(spent, at=NOON)

    assert (balance(fan, POINTS), owed(fan)) == (8, 0)
    assert reconcile() == []


def test_a_person_may_allow_it_with_a_reason(app: Flask) -> None:
    fan, boss = make_fan(), make_staff(Role.CAMPAIGN_LEAD)

    ledger.adjust(fan, POINTS, -4, key="a", by=boss, at=NOON, note="多发了", allow_negative=True)

    assert (balance(fan, POINTS), owed(fan)) == (-4, 4)
    assert reconcile() == []


def test_nothing_can_be_spent_while_something_is_owed(app: Flask) -> None:
    fan = make_fan()
    owe(fan)

    with pytest.raises(ledger.NotEnough):
        ledger.spend(fan, 1, key="s", at=NOON)


def test_the_database_itself_refuses_an_overdraft_that_nobody_allowed(app: Flask) -> None:
    account = earn(make_fan(), 10, "a").account

    account.balance = -1

    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.flush()


def test_what_comes_in_pays_the_oldest_debt_and_no_more_than_it_is(app: Flask) -> None:
    fan = make_fan()
    for number, amount in enumerate((3, 5)):
        ledger.spend(fan, amount, key=f"s{number}", at=NOON, allow_negative=True)

    earn(fan, 3, "a")

    assert (balance(fan, POINTS), owed(fan)) == (-5, 5)
    assert reconcile() == []
