"""What was bought in a group can be reviewed once it is certain: one review for each seat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.groupbuys.models import GroupBuy, GroupBuyState, Seat, SeatState
from commons.db import db
from community.members.models import Member
from community.reviews.slots import Order


def orders(member: Member, _at: datetime) -> Sequence[Order]:
    """The member's seats in group buys that came about."""
    mine = (Seat.member_id == member.id, Seat.state == SeatState.CONFIRMED)
    query = select(Seat).where(*mine).options(joinedload(Seat.group_buy)).order_by(Seat.joined_at.desc())
    return [_order(seat) for seat in db.session.scalars(query)]


def buying_link(about: str) -> str:
    """Where the thing that a review is about can be bought now."""
    kind, _dot, public_id = about.partition(".")
    if kind != "group_buy":
        return ""
    query = select(GroupBuy).where(GroupBuy.public_id == public_id, GroupBuy.state == GroupBuyState.OPEN)
    offer = db.session.scalars(query).one_or_none()
    return offer.url if offer is not None else ""


def _order(seat: Seat) -> Order:
    offer = seat.group_buy
    return Order(f"seat.{seat.public_id}", f"group_buy.{offer.public_id}", offer.title, seat.joined_at)
