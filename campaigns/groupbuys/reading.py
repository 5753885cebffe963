"""Finding group buys, their seats and teams, and what a page shows of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload, selectinload

from campaigns.groupbuys.models import Fill, GroupBuy, GroupBuyState, Seat, SeatState, Team, TeamState
from campaigns.links.models import Link
from campaigns.planning.addressing import is_addressed
from commons.accounts.models import User
from commons.db import db
from commons.paging import Page, page_of
from community.members.models import Member

SEATS_ON_A_PAGE = 50
TEAMS_SHOWN = 12
_SHOWN = (joinedload(GroupBuy.picture), joinedload(GroupBuy.campaign), selectinload(GroupBuy.tiers))


def listed(user: User, *, past: bool, limit: int = 50) -> Sequence[GroupBuy]:
    """Open offers (for those who may see them also drafts), the next deadline first; or the past ones, newest first."""
    running = GroupBuy.state.in_([GroupBuyState.OPEN, GroupBuyState.DRAFT])
    query = GroupBuy.visible_to(user).options(*_SHOWN)
    if past:
        query = query.where(~running).order_by(GroupBuy.settled_at.desc(), GroupBuy.id.desc())
    else:
        query = query.where(running).order_by(
            case((GroupBuy.state == GroupBuyState.OPEN, 0), else_=1), GroupBuy.deadline_at
        )
    return db.session.scalars(query.limit(limit)).all()


def open_offers(at: datetime, limit: int = 3, to: int | None = None) -> Sequence[GroupBuy]:
    """What a fan can join at this moment, the next deadline first; for the member `to` only what addresses that one."""
    query = select(GroupBuy).where(GroupBuy.state == GroupBuyState.OPEN, GroupBuy.deadline_at > at)
    query = query.where(is_addressed(to, GroupBuy.campaign_id))
    return db.session.scalars(
        query.options(joinedload(GroupBuy.picture)).order_by(GroupBuy.deadline_at).limit(limit)
    ).all()


def seats_of(member: Member, limit: int = 10) -> Sequence[Seat]:
    """The member's own seats with their group buys, the newest first."""
    query = select(Seat).where(Seat.member_id == member.id, Seat.left_at.is_(None)).options(joinedload(Seat.group_buy))
    return db.session.scalars(query.order_by(Seat.joined_at.desc()).limit(limit)).all()


def page_of_mine(member: Member, number: int) -> Page[Seat]:
    """Every seat that the member ever took, the newest first, a page of them."""
    return page_of(_of_member(member).options(joinedload(Seat.payment), joinedload(Seat.team)), number, 20)


def all_seats_of(member: Member) -> Sequence[Seat]:
    """Every seat that the member ever took, the newest first."""
    return db.session.scalars(_of_member(member).options(joinedload(Seat.link))).all()


def led_by(member: Member) -> Sequence[Team]:
    """The teams that the member leads or has led to their end."""
    query = select(Team).where(Team.leader_id == member.id).options(joinedload(Team.group_buy))
    return db.session.scalars(query.order_by(Team.id.desc())).all()


def people(group_buy: GroupBuy, limit: int = 12) -> Sequence[Member]:
    """Who is in for certain, the latest first."""
    return _members(Seat.group_buy_id == group_buy.id, limit)


def people_of(team: Team, limit: int = 100) -> Sequence[Member]:
    """Who is in the team for certain, the latest first."""
    return _members(Seat.team_id == team.id, limit)


def teams_of(group_buy: GroupBuy, *, joinable: bool, limit: int = TEAMS_SHOWN) -> Sequence[Team]:
    """The teams of an offer: those with a free seat, the nearest to their number first; or all, the fullest first."""
    query = select(Team).where(Team.group_buy_id == group_buy.id, Team.state != TeamState.DISSOLVED)
    if joinable:
        query = query.where(Team.state == TeamState.OPEN, Team.taken < Team.seats)
    order = ((Team.people + Team.filled).desc(), Team.id)
    return db.session.scalars(query.options(joinedload(Team.leader)).order_by(*order).limit(limit)).all()


def fills_of(group_buy: GroupBuy) -> Sequence[Fill]:
    """What the brand took itself, the latest first."""
    query = select(Fill).where(Fill.group_buy_id == group_buy.id).options(joinedload(Fill.by), joinedload(Fill.team))
    return db.session.scalars(query.order_by(Fill.id.desc())).all()


def board(group_buy: GroupBuy, state: SeatState | None, number: int) -> Page[Seat]:
    """A page of the seats in one state, or in all, the latest first."""
    return page_of(_seats(group_buy, state), number, SEATS_ON_A_PAGE)


def seat_rows(group_buy: GroupBuy, state: SeatState | None = None, limit: int | None = None) -> Sequence[Seat]:
    """Seats that were ever taken, also those given back, the latest first, with member and link."""
    return db.session.scalars(_seats(group_buy, state).limit(limit)).all()


def counts(group_buy: GroupBuy) -> Mapping[SeatState, int]:
    """How many seats are in each state."""
    query = select(Seat.state, func.count()).where(Seat.group_buy_id == group_buy.id).group_by(Seat.state)
    found: dict[SeatState, int] = {row[0]: row[1] for row in db.session.execute(query)}
    return {state: found.get(state, 0) for state in SeatState}


def undelivered(group_buy: GroupBuy) -> int:
    """How many confirmed seats wait for their delivery."""
    waiting = (Seat.group_buy_id == group_buy.id, Seat.state == SeatState.CONFIRMED, Seat.delivered_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(Seat).where(*waiting)) or 0


def later_version(group_buy: GroupBuy) -> GroupBuy | None:
    """The version that takes those who come later, once it is open."""
    query = select(GroupBuy).where(GroupBuy.follows_id == group_buy.id, GroupBuy.state != GroupBuyState.DRAFT)
    return db.session.scalars(query.order_by(GroupBuy.id.desc()).limit(1)).first()


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


def _of_member(member: Member) -> Select[Seat]:
    query = select(Seat).where(Seat.member_id == member.id).options(joinedload(Seat.group_buy))
    return query.order_by(Seat.joined_at.desc(), Seat.id.desc())


def _seats(group_buy: GroupBuy, state: SeatState | None) -> Select[Seat]:
    query = select(Seat).where(Seat.group_buy_id == group_buy.id)
    if state is not None:
        query = query.where(Seat.state == state)
    with_all = (joinedload(Seat.member), joinedload(Seat.link), joinedload(Seat.team), joinedload(Seat.payment))
    return query.options(*with_all).order_by(Seat.joined_at.desc(), Seat.id.desc())


def _members(inside: Any, limit: int) -> Sequence[Member]:
    query = select(Member).join(Seat, Seat.member_id == Member.id).where(inside, Seat.counted())
    return db.session.scalars(query.order_by(Seat.joined_at.desc(), Seat.id.desc()).limit(limit)).all()
