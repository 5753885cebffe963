"""What was bought in a group can be reviewed once it has come about: one review for each seat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.groupbuys.models import GroupBuy, GroupBuyState, Seat
from commons.db import db
from community.members.models import Member
from community.reviews.slots import Order


def orders(member: Member, _at: datetime) -> Sequence[Order]:
    """The member's seats in group buys that came about."""
    query = (
        select(Seat)
        .join(Seat.group_buy)
        .where(Seat.member_id == member.id, Seat.left_at.is_(None), GroupBuy.state == GroupBuyState.SUCCEEDED)
        .options(joinedload(Seat.group_buy))
    )
    return [_order(seat) for seat in db.session.scalars(query.order_by(Seat.joined_at.desc()))]


def _order(seat: Seat) -> Order:
    offer = seat.group_buy
    return Order(f"seat.{seat.public_id}", f"group_buy.{offer.public_id}", offer.title, seat.joined_at)
