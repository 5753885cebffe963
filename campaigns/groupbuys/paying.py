"""What payments tell of the money for seats: it came, it did not come in time, it has gone back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from campaigns.groupbuys import claiming, settling, teams, telling, wording
from campaigns.groupbuys.giving_back import give_back, send_back
from campaigns.groupbuys.joining import PURPOSE
from campaigns.groupbuys.machine import Act, advance
from campaigns.groupbuys.models import GroupBuy, GroupBuyState, Seat, SeatState, Why
from campaigns.payments import refunding
from campaigns.payments.models import Payment, Receipt, Refund
from campaigns.payments.slots import Offered
from commons.db import db


class SeatPurpose:
    """Money for a seat in a group buy. Each verb is called with the payment held."""

    name = PURPOSE

    def paid(self, payment: Payment, receipt: Receipt, late: bool, at: datetime) -> None:
        """The seat is paid for; money that comes late takes a free seat if there is one, and else goes back."""
        seat = _seat_of(payment)
        if seat is None:
            refunding.refund(receipt, receipt.amount, wording.given_back(Why.NO_SEAT), key=_key(receipt), at=at)
        elif not _counted_in(seat, receipt, at):
            _take_late(seat, receipt, at)

    def expired(self, payment: Payment, at: datetime) -> None:
        """The hold is over: the seat is free for others."""
        seat = _seat_of(payment)
        given = give_back(seat, Why.EXPIRED, at) if seat is not None and seat.state is SeatState.HELD else None
        if seat is not None and given is not None:
            claiming.vacate(seat.group_buy, given)

    def refunded(self, refund: Refund, at: datetime) -> None:
        seat = _seat_of(refund.payment)
        if seat is not None and refund.key == _key(refund.receipt) and advance(seat, Act.RETURNED, at):
            telling.refunded(seat, at)

    def words(self, payment: Payment) -> tuple[str, str]:
        query = (
            select(GroupBuy).join(Seat, Seat.group_buy_id == GroupBuy.id).where(Seat.public_id == payment.purpose_id)
        )
        offer = db.session.scalars(query).one_or_none()
        return (offer.title, offer.url) if offer is not None else (payment.purpose_id, "")


def offered(key: str) -> Offered | None:
    """The offer behind a key that a payment carries."""
    kind, _dot, public_id = key.partition(".")
    query = select(GroupBuy).where(GroupBuy.public_id == public_id)
    offer = db.session.scalars(query).one_or_none() if kind == "group_buy" else None
    return Offered(offer.title, offer.url) if offer is not None else None


def _seat_of(payment: Payment) -> Seat | None:
    """The seat that waits for this payment, or was paid by it; None when its member sits there on another one by now."""
    query = select(Seat).where(Seat.payment_id == payment.id).execution_options(populate_existing=True)
    return db.session.scalars(query).one_or_none()


def _counted_in(seat: Seat, receipt: Receipt, at: datetime) -> bool:
    """A seat that is held in an offer that is still open becomes a paid one; False when it is not, and nothing has changed."""
    point = db.session.begin_nested()
    held = advance(seat, Act.PAY, at, receipt_id=receipt.id, expires_at=None)
    if held and claiming.count_person(seat.group_buy, seat.team):
        telling.joined(seat, at)
        point.commit()
        return True
    point.rollback()
    db.session.refresh(seat)
    return False


def _take_late(seat: Seat, receipt: Receipt, at: datetime) -> None:
    """The hold is over, or the offer is: a free seat, else the money back."""
    offer = seat.group_buy
    if offer.state is not GroupBuyState.OPEN:
        teams.close(offer, at)
    given = give_back(seat, Why.EXPIRED, at) if seat.state is SeatState.HELD else None
    if given is not None:
        claiming.vacate(offer, given)
    wants_it = seat.left_why is Why.EXPIRED
    if wants_it and claiming.claim_late(offer, seat.team, seat.quantity):
        advance(seat, Act.PAY_LATE, at, receipt_id=receipt.id)
        telling.joined(seat, at)
        settling.conclude_seat(seat, at)
    elif advance(seat, Act.PAY_FOR_NOTHING, at, receipt_id=receipt.id):
        telling.no_seat(seat, at)
        send_back(seat, Why.NO_SEAT, at)


def _key(receipt: Receipt) -> str:
    return f"seat:{receipt.public_id}"
