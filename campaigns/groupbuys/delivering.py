"""What was bought arrives, and whoever bought it is asked what it is like."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from campaigns.groupbuys import market, telling
from campaigns.groupbuys.models import GroupBuy, GroupBuyState, Seat, SeatState
from commons.accounts.models import User
from commons.db import changed, db

AT_ONCE = 500


def deliver(
    group_buy: GroupBuy, references: Sequence[str] | None, *, by: User, at: datetime, tracking: str = ""
) -> int:
    """Mark confirmed seats as delivered, those named or (None) all of them, and invite each buyer to review; how many.

    `tracking` is the number of the parcel, where there is one. Delivered twice is delivered once. What a review earns does not depend on what it says.
    """
    waiting = [Seat.group_buy_id == group_buy.id, Seat.state == SeatState.CONFIRMED, Seat.delivered_at.is_(None)]
    if references is not None:
        waiting.append(Seat.public_id.in_(references))
    delivered = 0
    for seat in db.session.scalars(select(Seat).where(*waiting).order_by(Seat.id)).all():
        once = update(Seat).where(Seat.id == seat.id, Seat.state == SeatState.CONFIRMED, Seat.delivered_at.is_(None))
        if changed(once.values(delivered_at=at, tracking=tracking)) == 1:
            db.session.refresh(seat)
            telling.delivered(seat, by, at)
            delivered += 1
    return delivered


def deliver_orders(group_buy: GroupBuy, *, by: User, at: datetime) -> int:
    """Mark the orders of an offer on a marketplace as delivered and invite each buyer whom we know to review; how many.

    An order that names nobody of ours invites nobody. At most `AT_ONCE`; called again it goes on, and invites nobody twice.
    """
    if group_buy.state is not GroupBuyState.SUCCEEDED:
        return 0
    waiting = db.session.scalars(market.undelivered(group_buy).limit(AT_ONCE)).all()
    return sum(telling.order_delivered(order, group_buy, by, at) for order in waiting)
