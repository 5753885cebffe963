"""What the ledger does by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from commons import clock
from commons.db import db
from commons.jobs import draining, registry
from community.loyalty import jobs, ledger
from community.loyalty.accounts import balance
from community.loyalty.books import reconciling
from community.loyalty.books.reconciling import latest
from community.loyalty.models import Currency
from community.members.models import Member
from tests.factories import NOON, make_fan


def test_the_timetable_has_the_proof_and_the_expiry(app: Flask) -> None:
    assert registry.periods["loyalty.reconcile"] == 3600
    assert registry.periods["loyalty.expire"] == 3600
    assert registry.periods["loyalty.open"] == 60


def test_points_expire_by_themselves(app: Flask) -> None:
    fan = make_fan()
    ledger.earn(fan, Currency.POINTS, 10, key="a", at=NOON, expires_at=NOON + timedelta(days=3))
    clock.set_to(NOON + timedelta(days=3, hours=1))

    jobs.expire()

    assert balance(fan, Currency.POINTS) == 0


def test_what_was_pending_is_there_when_its_moment_has_come(app: Flask) -> None:
    fan = make_fan()
    ledger.earn(fan, Currency.POINTS, 10, key="a", at=NOON, available_at=NOON + timedelta(days=3))
    clock.set_to(NOON + timedelta(days=3))

    jobs.open_pending()

    assert balance(fan, Currency.POINTS) == 10


def test_more_than_one_turn_can_take_is_taken_in_the_next(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LOTS_AT_ONCE", 2)
    fan = make_fan()
    for number in range(5):
        ledger.earn(fan, Currency.POINTS, 1, key=f"e{number}", at=NOON, expires_at=NOON + timedelta(days=number))
    fan_id = fan.id
    clock.set_to(NOON + timedelta(days=9))

    jobs.expire()
    draining.drain(clock.now())

    assert balance(db.session.get_one(Member, fan_id), Currency.POINTS) == 0


def test_the_nightly_proof_is_kept(app: Flask) -> None:
    ledger.earn(make_fan(), Currency.POINTS, 10, key="a", at=NOON)
    clock.set_to(NOON)

    jobs.reconcile()

    kept = latest()
    assert kept is not None
    assert (kept.accounts, kept.differences, kept.checked_at) == (2, [], NOON)


def test_the_proof_is_made_once_in_each_night_of_the_brand(app: Flask) -> None:
    """At three in Shanghai it is 19:00 of the day before in UTC."""
    for hours in range(5, 50):
        clock.set_to(NOON.replace(hour=0) + timedelta(hours=hours))
        jobs.reconcile()

    moments = [night.checked_at for night in reconciling.nights()]
    assert [moment - NOON.replace(hour=0) for moment in reversed(moments)] == [
        timedelta(hours=5), timedelta(hours=19), timedelta(hours=43),
    ]  # fmt: skip


def test_a_night_that_was_slept_through_is_made_up_for(app: Flask) -> None:
    reconciling.check(NOON)
    clock.set_to(NOON + timedelta(days=3))

    jobs.reconcile()
    jobs.reconcile()

    assert [night.checked_at for night in reconciling.nights()] == [NOON + timedelta(days=3), NOON]
