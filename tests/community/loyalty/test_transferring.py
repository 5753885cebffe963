"""Two accounts of one person become one, and part again: nothing is lost, nothing is counted twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.db import db
from commons.errors import Invalid
from commons.events import Evidence
from commons.permissions import Role
from community.loyalty import accounts, ledger, pending, why
from community.loyalty.accounts import balance
from community.loyalty.books.reconciling import reconcile
from community.loyalty.levels.standing import standing
from community.loyalty.models import Currency, EntryKind, LedgerEntry, Lot
from community.loyalty.ranking import folding
from community.loyalty.ranking.models import BoardScore
from community.loyalty.rules import earning
from community.members.models import Member
from tests.community.loyalty.factories import happen
from tests.factories import NOON, make_fan, make_staff

POINTS = Currency.POINTS


@pytest.fixture
def web(app: Flask) -> Member:
    """The self that signed up here."""
    return make_fan("小满")


@pytest.fixture
def weibo(app: Flask) -> Member:
    """The self that was known by a handle."""
    return make_fan("小满在微博")


def earn(
    member: Member, amount: int, key: str, currency: Currency = POINTS, last_days: int | None = None
) -> LedgerEntry:
    expires = NOON + timedelta(days=last_days) if last_days else None
    return ledger.earn(member, currency, amount, key=key, at=NOON, expires_at=expires)


def merge(gone: Member, stays: Member, key: str = "merge:1") -> None:
    ledger.transfer_all(gone.id, stays.id, key=key, at=NOON)


def part(key: str = "merge:1") -> None:
    ledger.transfer_back(key, at=NOON)


def points(*members: Member) -> list[int]:
    return [balance(member, POINTS) for member in members]


def test_all_goes_over_once(web: Member, weibo: Member) -> None:
    earn(web, 5, "a")
    earn(weibo, 7, "b")
    earn(weibo, 60, "g", Currency.GROWTH)

    merge(weibo, web)
    merge(weibo, web)

    assert points(weibo, web) == [0, 12]
    assert balance(web, Currency.GROWTH) == 60
    assert standing(web).level.rank == 2
    amounts = select(LedgerEntry.amount).where(LedgerEntry.kind == EntryKind.TRANSFER).order_by(LedgerEntry.id)
    assert db.session.scalars(amounts).all() == [-60, 60, -7, 7]
    assert reconcile() == []


def test_a_transfer_names_who_made_it_and_why(web: Member, weibo: Member) -> None:
    boss = make_staff(Role.CAMPAIGN_LEAD)
    earn(weibo, 7, "b")

    ledger.transfer_all(weibo.id, web.id, key="m", at=NOON, by=boss, note="同一个人")

    entries = db.session.scalars(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.TRANSFER)).all()
    assert [(entry.actor, entry.note, entry.evidence) for entry in entries] == [(boss, "同一个人", Evidence.STAFF)] * 4


def test_lots_keep_their_expiry_and_what_is_pending_stays_so(web: Member, weibo: Member) -> None:
    earn(web, 5, "a")
    earn(weibo, 7, "b", last_days=3)
    promised = ledger.earn(weibo, POINTS, 4, key="p", at=NOON, available_at=NOON + timedelta(days=2))
    merge(weibo, web)
    assert (points(web), accounts.pending(web, POINTS)) == ([12], 4)

    assert pending.prove(promised, at=NOON)
    ledger.spend(web, 8, key="s", at=NOON)

    left = dict(db.session.execute(select(LedgerEntry.key, Lot.remaining).join(Lot.entry)).all())
    assert (left["b"], left["a"] + left["p"]) == (0, 8)
    assert reconcile() == []


def test_what_had_been_given_before_is_taken_back_after_the_merge(web: Member, weibo: Member) -> None:
    entry = earn(weibo, 7, "b")
    merge(weibo, web)

    undone = ledger.reverse(entry, at=NOON)

    assert (undone.account.member_id, undone.amount, points(weibo, web)) == (web.id, -7, [0, 0])
    assert ledger.reverse(entry, at=NOON) is undone
    assert reconcile() == []


def test_what_had_been_spent_before_comes_back_after_the_merge(web: Member, weibo: Member) -> None:
    entry = earn(weibo, 7, "b", last_days=3)
    spent = ledger.spend(weibo, 7, key="s", at=NOON)
    merge(weibo, web)

    ledger.reverse(spent, at=NOON)

    assert points(weibo, web) == [0, 7]
    assert db.session.scalars(select(Lot.remaining).where(Lot.entry_id == entry.id)).one() == 7
    assert reconcile() == []


def test_a_debt_goes_along_and_is_paid(web: Member, weibo: Member) -> None:
    earn(web, 10, "a")
    ledger.spend(weibo, 4, key="s", at=NOON, allow_negative=True)

    merge(weibo, web)

    assert points(weibo, web) == [0, 6]
    assert reconcile() == []


def test_when_they_part_what_is_left_of_it_goes_back(web: Member, weibo: Member) -> None:
    earn(web, 5, "a")
    earn(weibo, 7, "b", last_days=3)
    earn(weibo, 60, "g", Currency.GROWTH)
    merge(weibo, web)
    ledger.spend(web, 3, key="s", at=NOON)

    part()
    part()

    assert points(weibo, web) == [4, 5]
    assert (balance(weibo, Currency.GROWTH), balance(web, Currency.GROWTH)) == (60, 0)
    assert reconcile() == []


def test_what_was_spent_while_they_were_one_comes_back_after_they_part(web: Member, weibo: Member) -> None:
    earn(web, 5, "a")
    earn(weibo, 7, "b", last_days=3)
    merge(weibo, web)
    spent = ledger.spend(web, 10, key="s", at=NOON)
    part()

    ledger.reverse(spent, at=NOON)

    assert points(weibo, web) == [0, 12]
    assert reconcile() == []


def test_a_third_self_comes_back_with_the_one_it_was_merged_into(web: Member, weibo: Member) -> None:
    third = make_fan("小满在长毛象")
    earn(third, 2, "t")
    earn(weibo, 7, "b")
    merge(third, weibo, "merge:0")
    merge(weibo, web)

    part()

    assert points(third, weibo, web) == [0, 9, 0]
    assert reconcile() == []


def test_a_transfer_cannot_be_reversed_like_a_payment(web: Member, weibo: Member) -> None:
    earn(weibo, 7, "b")
    merge(weibo, web)
    entry = db.session.scalars(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.TRANSFER)).first()
    assert entry is not None

    with pytest.raises(Invalid):
        ledger.reverse(entry, at=NOON)
    with pytest.raises(ValueError, match="two members"):
        merge(web, web)


def test_a_transfer_of_nothing_happens_once_too_and_shows_in_no_history(web: Member, weibo: Member) -> None:
    merge(weibo, web)
    earn(weibo, 3, "late")
    merge(weibo, web)

    assert points(weibo, web) == [3, 0]
    assert why.history(web).lines == []


def test_a_refund_finds_home_although_nothing_was_left_to_carry(web: Member, weibo: Member) -> None:
    earn(weibo, 7, "b")
    spent = ledger.spend(weibo, 7, key="s", at=NOON)
    merge(weibo, web)
    part()

    ledger.reverse(spent, at=NOON)

    assert points(weibo, web) == [7, 0]
    assert reconcile() == []


def test_facts_that_went_along_are_not_paid_again_and_can_still_be_undone(web: Member, weibo: Member) -> None:
    joined = happen("group_buy.joined", weibo, NOON)
    merge(weibo, web)
    joined.member_id = web.id
    db.session.flush()

    earning.read([joined])
    assert points(weibo, web) == [0, 10]
    assert [line.points for line in why.history(web).lines if line.kind == joined.kind] == [10]
    happen("group_buy.left", web, NOON, joined_event_id=joined.id)

    assert points(weibo, web) == [0, 0]
    assert reconcile() == []


def test_places_and_the_sums_of_the_periods_go_along(web: Member, weibo: Member) -> None:
    earn(web, 5, "a", Currency.GROWTH)
    earn(weibo, 60, "g", Currency.GROWTH)

    ledger.transfer_all(weibo.id, web.id, key="m", at=NOON + timedelta(days=40))

    sums = dict(
        db.session.execute(
            select(BoardScore.member_id, func.sum(BoardScore.score)).group_by(BoardScore.member_id)
        ).all()
    )
    assert (sums[web.id], sums[weibo.id]) == (130, 0)  # of a week and a month
    assert db.session.scalar(select(func.count(BoardScore.board.distinct()))) == 2
    assert folding.rebuild() == 0
    part("m")
    assert folding.rebuild() == 0
