"""Money that comes in the very moment in which workers decide about its seat: it has come before, or it comes after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns.groupbuys import settling, stocking
from campaigns.groupbuys.joining import join
from campaigns.groupbuys.models import GroupBuy, GroupBuyKind, Seat, SeatState
from campaigns.payments import rows
from campaigns.payments.models import Payment
from commons import clock, jobs
from commons.db import db
from tests.campaigns.factories import a_lead, make_offer
from tests.campaigns.groupbuys.far_end import NAME, FarEnd, told
from tests.campaigns.groupbuys.killing import await_somebody_waiting
from tests.factories import NOON, make_fan

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("engine", ["postgresql"], indirect=True)]
MINUTE = timedelta(minutes=1)


@contextmanager
def beside(app: Flask, act: Callable[[], object]) -> Iterator[list[Exception]]:
    """A worker that does `act` in a transaction of its own, and has come to wait for a row that is held here. What went wrong
    with it stands in the list at the end.
    """
    wrong: list[Exception] = []

    def run() -> None:
        with app.app_context():
            try:
                act()
                db.session.commit()
            except Exception as error:  # noqa: BLE001 (told to the test)
                db.session.rollback()
                wrong.append(error)

    worker = Thread(target=run)
    worker.start()
    await_somebody_waiting()
    yield wrong
    worker.join(60)


def seats_taken(far_end: FarEnd, paid: int, held: int, **changes: Any) -> tuple[GroupBuy, list[Seat]]:
    """An offer in which so many have paid and so many have not, all of them in one team where it has teams."""
    offer = make_offer(provider=NAME, needed=2, seats=9, **changes)
    fans = [make_fan(f"茶友{number}") for number in range(paid + held)]
    seats: list[Seat] = []
    for fan in fans:
        seats.append(join(offer, fan, clock.now(), team=seats[0].team if seats else None))
        clock.advance(seconds=1)
    for seat in seats[:paid]:
        assert seat.payment is not None
        told(seat.payment, far_end.charge(seat.payment), clock.now())
    db.session.commit()
    return offer, seats


def pays_now(far_end: FarEnd, seat: Seat) -> None:
    """The shop tells of the money; the payment is held already."""
    payment = db.session.get_one(Payment, seat.payment_id)
    told(payment, far_end.charge(payment), clock.now())
    db.session.commit()


@pytest.mark.parametrize("kind", [GroupBuyKind.OPEN, GroupBuyKind.TEAMS])
def test_who_pays_while_the_offer_is_settled_keeps_the_seat(
    committed_app: Flask, far_end: FarEnd, kind: GroupBuyKind
) -> None:
    clock.set_to(NOON)
    changes = {"team_seats": 5} if kind is GroupBuyKind.TEAMS else {}
    offer, seats = seats_taken(far_end, paid=2, held=2, **changes)
    clock.set_to(offer.deadline_at)
    settling.settle_due(offer.id, offer.deadline_at)
    db.session.commit()
    offer_id, late = offer.id, seats[3]
    assert late.payment_id is not None

    rows.locked(late.payment_id)
    with beside(committed_app, lambda: settling.conclude_some(offer_id, clock.now())) as wrong:
        pays_now(far_end, late)

    db.session.expire_all()
    assert wrong == []
    assert [seat.state for seat in seats] == [
        SeatState.CONFIRMED,
        SeatState.CONFIRMED,
        SeatState.RELEASED,
        SeatState.CONFIRMED,
    ]
    assert offer.taken == offer.people == 3
    assert far_end.sent_back == {}


def test_who_pays_while_seats_are_lowered_gets_the_money_back_or_keeps_the_seat(
    committed_app: Flask, far_end: FarEnd
) -> None:
    clock.set_to(NOON)
    offer, seats = seats_taken(far_end, paid=2, held=3, team_seats=5)
    stocking.lower(offer, 3, "运输损坏", by=a_lead(), at=clock.now())
    db.session.commit()
    offer_id, payer = offer.id, seats[3]
    assert payer.payment_id is not None

    rows.locked(payer.payment_id)
    with beside(committed_app, lambda: stocking.trim_some(offer_id, clock.now())) as wrong:
        pays_now(far_end, payer)
    jobs.drain(clock.now() + MINUTE)

    db.session.expire_all()
    assert wrong == []
    assert [seat.state for seat in seats] == [
        SeatState.PAID,
        SeatState.PAID,
        SeatState.HELD,
        SeatState.REFUNDED,
        SeatState.RELEASED,
    ]
    assert (offer.taken, offer.people, offer.seats) == (3, 2, 3)
    assert sum(amount for _charge, amount in far_end.sent_back.values()) == payer.price.minor


def test_two_workers_that_lower_the_same_seats_take_them_once(committed_app: Flask, far_end: FarEnd) -> None:
    clock.set_to(NOON)
    offer, _seats = seats_taken(far_end, paid=5, held=0)
    stocking.lower(offer, 3, "运输损坏", by=a_lead(), at=clock.now())
    db.session.commit()
    offer_id = offer.id

    stocking.trim_some(offer_id, clock.now())
    with beside(committed_app, lambda: stocking.trim_some(offer_id, clock.now())) as wrong:
        db.session.commit()

    assert wrong == []
    standing = db.session.scalars(select(Seat).where(Seat.left_at.is_(None))).all()
    assert len(standing) == db.session.get_one(GroupBuy, offer_id, populate_existing=True).taken == 3
