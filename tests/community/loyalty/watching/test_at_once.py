"""Facts come while somebody decides: each is paid, held or refused, and none falls between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from commons.accounts.models import User
from commons.db import db
from commons.permissions import Role
from community.loyalty.accounts import balance
from community.loyalty.books.reconciling import reconcile
from community.loyalty.models import Currency
from community.loyalty.watching import finding, holding
from community.loyalty.watching.models import HeldEarning, Suspicion
from community.members.models import Member
from tests.at_once import at_once
from tests.community.loyalty.factories import happen
from tests.factories import NOON, make_fan, make_staff

HOUR = timedelta(hours=1)


def member(member_id: int) -> Member:
    return db.session.get_one(Member, member_id, populate_existing=True)


def visit(owner_id: int, by_id: int, at: datetime) -> Callable[[], object]:
    return lambda: happen("link.visited", member(owner_id), at, key=f"{owner_id}:{at.isoformat()}", by_member_id=by_id)


def ring() -> tuple[int, int]:
    first, second = make_fan("甲").id, make_fan("乙").id
    for number, (owner, by) in enumerate([(first, second), (second, first)] * 7):
        visit(owner, by, NOON + number * HOUR)()
    db.session.commit()
    return first, second


def test_what_comes_while_it_is_let_pass_is_paid_one_way_or_the_other(committed_app: Flask) -> None:
    first, second = ring()
    boss_id = make_staff(Role.CAMPAIGN_LEAD).id
    suspicion_id, day = finding.look(NOON + 20 * HOUR).found[0].id, NOON + 48 * HOUR
    db.session.commit()

    def decide() -> None:
        holding.let_pass(
            db.session.get_one(Suspicion, suspicion_id), "Friends.", by=db.session.get_one(User, boss_id), at=day
        )

    failed = at_once(
        committed_app, decide, *(visit(first, second, day + number * timedelta(minutes=1)) for number in range(6))
    )

    assert failed == []
    assert balance(member(first), Currency.POINTS) == balance(member(first), Currency.GROWTH) == 7 * 5 + 6 * 5
    assert reconcile() == []


def test_two_decide_at_once_and_one_of_them_has_decided(committed_app: Flask) -> None:
    first, _second = ring()
    boss_id = make_staff(Role.CAMPAIGN_LEAD).id
    suspicion_id = finding.look(NOON + 20 * HOUR).found[0].id
    db.session.commit()

    def decide(verb: Callable[..., None]) -> Callable[[], object]:
        return lambda: verb(
            db.session.get_one(Suspicion, suspicion_id),
            "Because.",
            by=db.session.get_one(User, boss_id),
            at=NOON + 24 * HOUR,
        )

    failed = at_once(committed_app, decide(holding.let_pass), decide(holding.refuse), decide(holding.let_pass))

    assert all(isinstance(error, holding.Decided) for error in failed)
    assert 1 <= len(failed) <= 2
    held = balance(member(first), Currency.GROWTH), balance(member(first), Currency.POINTS)
    assert held == ((35, 35) if len(failed) == 1 else (0, 0))
    assert reconcile() == []


def test_two_looks_at_once_hold_everything_once(committed_app: Flask) -> None:
    first, second = ring()

    failed = at_once(
        committed_app,
        lambda: finding.look(NOON + 20 * HOUR),
        lambda: finding.look(NOON + 20 * HOUR),
        visit(second, first, NOON + 21 * HOUR),
        visit(first, second, NOON + 21 * HOUR),
    )

    assert failed == []
    assert len(db.session.scalars(select(Suspicion)).all()) == 1
    assert len({earning.event_id for earning in db.session.scalars(select(HeldEarning))}) >= 14
    assert reconcile() == []
