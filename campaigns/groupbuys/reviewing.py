"""What was bought in a group can be reviewed once it is certain: one review for each seat, or order on a marketplace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.groupbuys import market
from campaigns.groupbuys.models import GroupBuy, GroupBuyState, Seat, SeatState
from campaigns.links.conversions.models import Conversion
from commons.db import db
from community.members.models import Member
from community.reviews.slots import Order


def orders(member: Member, _at: datetime) -> Sequence[Order]:
    """The member's seats and orders in group buys that came about."""
    mine = (Seat.member_id == member.id, Seat.state == SeatState.CONFIRMED)
    query = select(Seat).where(*mine).options(joinedload(Seat.group_buy)).order_by(Seat.joined_at.desc())
    seats = [_seat(seat) for seat in db.session.scalars(query)]
    return seats + [_ordered(order, offer) for order, offer in db.session.execute(market.orders_of(member))]


def buying_link(about: str) -> str:
    """Where the thing that a review is about can be bought now: in the offer itself, or in its newest version that is open."""
    kind, _dot, public_id = about.partition(".")
    if kind != "group_buy":
        return ""
    versions = select(GroupBuy.id).where(GroupBuy.public_id == public_id).cte("versions", recursive=True)
    later = select(GroupBuy.id).join(versions, GroupBuy.follows_id == versions.c.id)
    versions = versions.union_all(later)
    opened = select(GroupBuy).where(GroupBuy.id.in_(select(versions.c.id)), GroupBuy.state == GroupBuyState.OPEN)
    offer = db.session.scalars(opened.order_by(GroupBuy.id.desc()).limit(1)).first()
    return offer.url if offer is not None else ""


def _seat(seat: Seat) -> Order:
    offer = seat.group_buy
    return Order(f"seat.{seat.public_id}", f"group_buy.{offer.public_id}", offer.title, seat.joined_at)


def _ordered(order: Conversion, offer: GroupBuy) -> Order:
    return Order(f"order.{order.public_id}", f"group_buy.{offer.public_id}", offer.title, order.ordered_at)
