"""The ledger: what goes in, what goes out, and that nothing is lost in between."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from commons.db import db
from commons.errors import Invalid
from commons.permissions import Role
from community.loyalty import ledger
from community.loyalty.accounts import balance
from community.loyalty.books.reconciling import Difference, check, latest, reconcile
from community.loyalty.ledger import NotEnough
from community.loyalty.models import Allocation, Currency, EntryKind, LedgerEntry, Lot
from community.members.models import Member
from tests.factories import NOON, make_fan, make_staff

POINTS = Currency.POINTS


def earn(member: Member, amount: int, key: str, last_days: int | None = None) -> LedgerEntry:
    expires = NOON + timedelta(days=last_days) if last_days else None
    return ledger.earn(member, POINTS, amount, key=key, at=NOON, expires_at=expires)


def left(entry: LedgerEntry) -> int:
    return db.session.scalars(select(Lot.remaining).where(Lot.entry_id == entry.id)).one()


def test_what_is_earned_is_there(app: Flask) -> None:
    fan = make_fan()

    entry = earn(fan, 7, "a")

    assert (entry.kind, entry.amount, entry.occurred_at) == (EntryKind.EARN, 7, NOON)
    assert balance(fan, POINTS) == 7
    assert balance(fan, Currency.GROWTH) == 0
    assert reconcile() == []


def test_the_same_key_twice_is_one_entry(app: Flask) -> None:
    fan = make_fan()

    assert earn(fan, 7, "a") is earn(fan, 7, "a")
    assert balance(fan, POINTS) == 7
    with pytest.raises(ValueError, match="another movement"):
        earn(fan, 8, "a")


def test_first_expiring_lots_are_spent_first(app: Flask) -> None:
    fan = make_fan()
    forever, late, soon = earn(fan, 10, "a"), earn(fan, 10, "b", 30), earn(fan, 10, "c", 3)

    ledger.spend(fan, 15, key="s", at=NOON)

    assert [left(forever), left(late), left(soon)] == [10, 5, 0]
    assert balance(fan, POINTS) == 15
    assert reconcile() == []


def test_more_than_there_is_cannot_be_spent(app: Flask) -> None:
    fan = make_fan()
    earn(fan, 10, "a")

    with pytest.raises(NotEnough):
        ledger.spend(fan, 11, key="s", at=NOON)

    assert balance(fan, POINTS) == 10


def test_what_has_expired_cannot_be_spent_even_before_the_job_came_by(app: Flask) -> None:
    fan = make_fan()
    earn(fan, 10, "a", 3)
    earn(fan, 4, "b")

    with pytest.raises(NotEnough):
        ledger.spend(fan, 5, key="s", at=NOON + timedelta(days=3))

    assert balance(fan, POINTS) == 4


def test_expiring_takes_what_is_left_of_due_lots_once(app: Flask) -> None:
    fan, other = make_fan(), make_fan("阿木")
    earn(fan, 10, "a", 3)
    earn(fan, 5, "b", 4)
    earn(other, 2, "c", 1)
    ledger.spend(fan, 4, key="s", at=NOON)

    assert ledger.expire_due(NOON + timedelta(days=3)) == 2
    assert ledger.expire_due(NOON + timedelta(days=3)) == 0

    assert (balance(fan, POINTS), balance(other, POINTS)) == (5, 0)
    assert reconcile() == []


def test_a_spend_goes_back_into_the_lots_it_came_from(app: Flask) -> None:
    fan = make_fan()
    forever, soon = earn(fan, 10, "a"), earn(fan, 10, "b", 3)
    spent = ledger.spend(fan, 15, key="s", at=NOON)

    back = ledger.reverse(spent, at=NOON)

    assert (back.amount, back.reverses) == (15, spent)
    assert [left(forever), left(soon)] == [10, 10]
    taken = select(Allocation.amount).where(Allocation.entry_id == back.id).order_by(Allocation.id)
    assert db.session.scalars(taken).all() == [-10, -5]
    assert ledger.reverse(spent, at=NOON) is back
    assert reconcile() == []


def test_what_comes_back_after_its_time_expires_again(app: Flask) -> None:
    fan = make_fan()
    earn(fan, 10, "a", 3)
    spent = ledger.spend(fan, 6, key="s", at=NOON)
    late = NOON + timedelta(days=4)
    ledger.expire_due(late)

    ledger.reverse(spent, at=late)
    assert balance(fan, POINTS) == 6
    ledger.expire_due(late)

    assert balance(fan, POINTS) == 0
    assert reconcile() == []


def test_an_earn_is_taken_back_from_its_own_lot_first(app: Flask) -> None:
    fan = make_fan()
    soon, own = earn(fan, 10, "a", 3), earn(fan, 10, "b", 30)

    undone = ledger.reverse(own, at=NOON)

    assert (undone.amount, undone.shortfall) == (-10, 0)
    assert [left(soon), left(own)] == [10, 0]


def test_what_was_spent_of_an_earn_is_taken_from_the_other_lots(app: Flask) -> None:
    fan = make_fan()
    own, other = earn(fan, 10, "a", 3), earn(fan, 10, "b")
    ledger.spend(fan, 8, key="s", at=NOON)

    undone = ledger.reverse(own, at=NOON)

    assert (undone.amount, undone.shortfall) == (-10, 0)
    assert [left(own), left(other)] == [0, 2]
    assert reconcile() == []


def test_a_reversal_never_goes_below_zero_and_says_what_was_missing(app: Flask) -> None:
    fan = make_fan()
    own = earn(fan, 10, "a")
    ledger.spend(fan, 7, key="s", at=NOON)

    undone = ledger.reverse(own, at=NOON)

    assert (undone.amount, undone.shortfall, balance(fan, POINTS)) == (-3, 7, 0)
    assert ledger.reverse(own, at=NOON) is undone
    assert reconcile() == []


def test_a_reversal_that_finds_nothing_is_on_record_all_the_same(app: Flask) -> None:
    fan = make_fan()
    own = earn(fan, 10, "a")
    ledger.spend(fan, 10, key="s", at=NOON)

    undone = ledger.reverse(own, at=NOON)
    earn(fan, 5, "later")

    assert (undone.amount, undone.shortfall) == (0, 10)
    assert ledger.reverse(own, at=NOON) is undone
    assert balance(fan, POINTS) == 5
    assert reconcile() == []


def test_what_expired_is_not_taken_back_a_second_time(app: Flask) -> None:
    fan = make_fan()
    own = earn(fan, 10, "a", 3)
    earn(fan, 20, "b")
    ledger.spend(fan, 4, key="s", at=NOON)

    undone = ledger.reverse(own, at=NOON + timedelta(days=3))

    assert (undone.amount, undone.shortfall) == (-4, 0)
    assert balance(fan, POINTS) == 16
    assert reconcile() == []


def test_a_reversal_cannot_be_reversed(app: Flask) -> None:
    fan = make_fan()
    undone = ledger.reverse(earn(fan, 10, "a"), at=NOON)

    with pytest.raises(Invalid):
        ledger.reverse(undone, at=NOON)


def test_a_person_adjusts_both_ways_with_a_reason(app: Flask) -> None:
    fan, boss = make_fan(), make_staff(Role.CAMPAIGN_LEAD)

    more = ledger.adjust(fan, POINTS, 20, key="x", by=boss, at=NOON, note="补发")
    less = ledger.adjust(fan, POINTS, -5, key="y", by=boss, at=NOON, note="多发了")

    assert (more.kind, more.actor_id, more.note) == (EntryKind.ADJUST, boss.id, "补发")
    assert (less.amount, balance(fan, POINTS)) == (-5, 15)
    with pytest.raises(NotEnough):
        ledger.adjust(fan, POINTS, -16, key="z", by=boss, at=NOON, note="太多")


def test_a_difference_is_found_and_kept(app: Flask) -> None:
    fan = make_fan()
    entry = earn(fan, 10, "a")
    entry.account.balance = 12
    db.session.flush()

    check(NOON)

    kept = latest()
    assert kept is not None
    assert kept.differences == [
        {"what": "account entries", "id": entry.account_id, "expected": 12, "found": 10},
        {"what": "account lots", "id": entry.account_id, "expected": 12, "found": 10},
    ]


def test_a_lot_that_lost_its_allocations_is_found(app: Flask) -> None:
    fan = make_fan()
    entry = earn(fan, 10, "a")
    db.session.scalars(select(Lot).where(Lot.entry_id == entry.id)).one().remaining = 9
    db.session.flush()

    differences = reconcile()

    assert Difference("account lots", entry.account_id, 10, 9) in differences
    assert any(difference.what == "lot" for difference in differences)
