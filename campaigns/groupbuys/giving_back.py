"""How a seat leaves its member, for whatever reason: one way for all of them, and what was paid goes back on it."""

from __future__ import annotations

from datetime import datetime

from campaigns.groupbuys import teams, telling, wording
from campaigns.groupbuys.claiming import Claim
from campaigns.groupbuys.machine import Act, advance
from campaigns.groupbuys.models import Seat, Why
from campaigns.payments import asking, refunding
from commons.db import db


def give_back(seat: Seat, why: Why, at: datetime, details: str = "") -> Claim | None:
    """Take a standing seat from its member and send back what was paid; None when it did not stand any more.

    What is returned goes to `claiming.vacate`, last of all: the offer is the row for which everybody waits. `details` are
    the team's own words for the fan.
    """
    if seat.payment is not None:
        asking.cancel(seat.payment, at=at)
        db.session.refresh(seat)
    counted = seat.receipt_id is not None or seat.payment_id is None
    act = Act.REFUND if seat.receipt_id is not None else Act.RELEASE
    if not advance(seat, act, at, left_why=why, expires_at=None):
        return None
    telling.gone(seat, why, at, counted=counted, details=details)
    if act is Act.REFUND:
        send_back(seat, why, at)
    given = Claim(seat.quantity, 1 if counted else 0)
    return teams.without(seat.team, seat, given, at) if seat.team is not None else given


def send_back(seat: Seat, why: Why, at: datetime) -> None:
    """All that is left of what was paid for a seat, once; the outbox carries it out."""
    receipt = seat.receipt
    assert receipt is not None
    db.session.refresh(receipt)
    if receipt.left.minor > 0:
        refunding.refund(receipt, receipt.left, wording.given_back(why), key=f"seat:{receipt.public_id}", at=at)
