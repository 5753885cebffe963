"""The plain case: the group buy lives on a marketplace. We lead there by a tracked link and show the orders that came of it.

Orders reach us as they do for every link: by a signed call of the shop, or as a table (Links, Orders by links). Each counts once,
by its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, exists, func, literal, select, update

from campaigns.groupbuys.models import GroupBuy, GroupBuyKind, GroupBuyState
from campaigns.links import making
from campaigns.links.conversions.models import Conversion
from campaigns.links.models import Link
from commons.accounts.models import User
from commons.db import changed, db
from commons.events import Event
from community.members.models import Member

ORDERED = "link.ordered"
DELIVERED = "group_buy.delivered:order:"
"""Begins the key of the fact that an order has arrived; the order's public id follows."""
ENDED = (GroupBuyState.SUCCEEDED, GroupBuyState.VOID)


@dataclass(frozen=True)
class Buyers:
    """Orders of an offer: all of them, those by members whom we know, and of these the ones that were not delivered yet."""

    orders: int
    known: int
    waiting: int

    @property
    def unknown(self) -> int:
        return self.orders - self.known


def lead_to(group_buy: GroupBuy, address: str, *, by: User, at: datetime) -> None:
    """Have the offer lead to this address, by a link of its own. Raises `Invalid` for what is no address."""
    if group_buy.market_link is None or group_buy.market_link.target != address:
        group_buy.market_link = making.make_link(
            address, by=by, at=at, campaign=group_buy.campaign, title=group_buy.title, utm_medium="group_buy"
        )


def follow(events: Sequence[Event]) -> None:
    """Reader of facts: an order by the link of an offer is somebody who is in."""
    links = {event.subject_id for event in events if event.kind == ORDERED and event.subject_type == Link.__tablename__}
    if not links:
        return
    query = select(GroupBuy).where(GroupBuy.market_link_id.in_(links), GroupBuy.kind == GroupBuyKind.MARKET)
    for group_buy in db.session.scalars(query).all():
        count(group_buy)


def count(group_buy: GroupBuy) -> None:
    """Count the orders anew. Tables come in late, so the verdict of an offer that is over follows its number."""
    orders = select(func.count()).where(Conversion.link_id == group_buy.market_link_id).scalar_subquery()
    verdict = case((orders >= GroupBuy.needed, GroupBuyState.SUCCEEDED), else_=GroupBuyState.VOID)
    state = case((GroupBuy.state.in_(ENDED), verdict), else_=GroupBuy.state)
    changed(update(GroupBuy).where(GroupBuy.id == group_buy.id).values(people=orders, state=state))
    db.session.refresh(group_buy)


def orders_of(member: Member) -> Select[Conversion, GroupBuy]:
    """What the member ordered in group buys on a marketplace that came about, the latest first."""
    query = select(Conversion, GroupBuy).join(GroupBuy, GroupBuy.market_link_id == Conversion.link_id)
    bought = (GroupBuy.kind == GroupBuyKind.MARKET, GroupBuy.state == GroupBuyState.SUCCEEDED)
    return query.where(Conversion.customer_id == member.id, *bought).order_by(Conversion.ordered_at.desc())


def undelivered(group_buy: GroupBuy) -> Select[Conversion]:
    """Orders by members whom we know that were not marked as delivered, in the order in which they came in."""
    told = exists().where(Event.key == literal(DELIVERED).concat(Conversion.public_id))
    return _by_members(group_buy).where(~told).order_by(Conversion.id)


def buyers(group_buy: GroupBuy) -> Buyers:
    """How many can be invited to review, and how many cannot, because nobody said who they are."""
    return Buyers(
        _count(select(Conversion).where(Conversion.link_id == group_buy.market_link_id)),
        _count(_by_members(group_buy)),
        _count(undelivered(group_buy)),
    )


def _by_members(group_buy: GroupBuy) -> Select[Conversion]:
    query = select(Conversion).join(Member, Member.id == Conversion.customer_id)
    return query.where(Conversion.link_id == group_buy.market_link_id, Member.erased_at.is_(None))


def _count(query: Select[Conversion]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
