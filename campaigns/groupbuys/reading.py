"""Finding group buys, and what a page shows of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from campaigns.groupbuys.models import GroupBuy, GroupBuyState, Seat
from campaigns.links.models import Link
from commons.accounts.models import User
from commons.db import db
from community.members.models import Member


def listed(user: User, *, past: bool, limit: int = 50) -> Sequence[GroupBuy]:
    """Open offers (for those who may see them also drafts), the next deadline first; or the past ones, newest first."""
    running = GroupBuy.state.in_([GroupBuyState.OPEN, GroupBuyState.DRAFT])
    query = GroupBuy.visible_to(user).options(joinedload(GroupBuy.picture), joinedload(GroupBuy.campaign))
    if past:
        query = query.where(~running).order_by(GroupBuy.settled_at.desc(), GroupBuy.id.desc())
    else:
        query = query.where(running).order_by(
            case((GroupBuy.state == GroupBuyState.OPEN, 0), else_=1), GroupBuy.deadline_at
        )
    return db.session.scalars(query.limit(limit)).all()


def open_offers(at: datetime, limit: int = 3) -> Sequence[GroupBuy]:
    """What a fan can join at this moment, the next deadline first."""
    query = select(GroupBuy).where(GroupBuy.state == GroupBuyState.OPEN, GroupBuy.deadline_at > at)
    return db.session.scalars(
        query.options(joinedload(GroupBuy.picture)).order_by(GroupBuy.deadline_at).limit(limit)
    ).all()


def seats_of(member: Member, limit: int = 10) -> Sequence[Seat]:
    """The member's own seats with their group buys, the newest first."""
    query = select(Seat).where(Seat.member_id == member.id, Seat.left_at.is_(None)).options(joinedload(Seat.group_buy))
    return db.session.scalars(query.order_by(Seat.joined_at.desc()).limit(limit)).all()


def people(group_buy: GroupBuy, limit: int = 12) -> Sequence[Member]:
    """Who has a seat, the latest first."""
    query = select(Member).join(Seat, Seat.member_id == Member.id)
    query = query.where(Seat.group_buy_id == group_buy.id, Seat.left_at.is_(None))
    return db.session.scalars(query.order_by(Seat.joined_at.desc(), Seat.id.desc()).limit(limit)).all()


def seat_rows(group_buy: GroupBuy, limit: int | None = None) -> Sequence[Seat]:
    """Seats that were ever taken, also those given back, the latest first, with member and link."""
    query = (
        select(Seat).where(Seat.group_buy_id == group_buy.id).options(joinedload(Seat.member), joinedload(Seat.link))
    )
    return db.session.scalars(query.order_by(Seat.joined_at.desc(), Seat.id.desc()).limit(limit)).all()


def all_seats_of(member: Member) -> Sequence[Seat]:
    """Every seat that the member ever took, the newest first."""
    query = select(Seat).where(Seat.member_id == member.id).options(joinedload(Seat.group_buy), joinedload(Seat.link))
    return db.session.scalars(query.order_by(Seat.joined_at.desc(), Seat.id.desc())).all()


def seats_by(link: Link) -> int:
    """How many seats are held by people whom the link brought."""
    query = select(func.count()).select_from(Seat).where(Seat.link_id == link.id, Seat.left_at.is_(None))
    return db.session.scalar(query) or 0


def of_campaign(campaign_id: int) -> Sequence[GroupBuy]:
    """The offers of a campaign that fans have seen: open ones first, each the newest first."""
    query = select(GroupBuy).where(GroupBuy.campaign_id == campaign_id, GroupBuy.state != GroupBuyState.DRAFT)
    open_first = case((GroupBuy.state == GroupBuyState.OPEN, 0), else_=1)
    return db.session.scalars(
        query.options(joinedload(GroupBuy.picture)).order_by(open_first, GroupBuy.id.desc())
    ).all()
