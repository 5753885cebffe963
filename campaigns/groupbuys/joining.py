"""Taking and giving back seats: look first, write the seat, claim last. One seat per member is a constraint."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import BoundedSemaphore
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError

from campaigns.groupbuys import claiming, regions, teams, telling
from campaigns.groupbuys.claiming import Claim, Over, SoldOut, TeamFull
from campaigns.groupbuys.giving_back import give_back
from campaigns.groupbuys.machine import Act, advance
from campaigns.groupbuys.models import GroupBuy, GroupBuyKind, Seat, Team, Why
from campaigns.links.models import Link
from campaigns.payments import asking
from commons.db import db
from commons.errors import Invalid
from community.members.models import Member

PURPOSE = "group_buy.seat"
WRITING = BoundedSemaphore(2)
"""So many write at the same time in one process. In a rush the others wait for their turn, look again, and mostly find that all
seats are taken: let in at once, each of them would write everything for nothing.
"""

__all__ = ["PURPOSE", "Over", "SoldOut", "TeamFull", "join", "leave", "seat_of"]


def join(
    group_buy: GroupBuy,
    member: Member,
    at: datetime,
    came_by: Link | None = None,
    *,
    quantity: int = 1,
    team: Team | None = None,
) -> Seat:
    """Give `member` a seat; joining twice is joining once. `SoldOut` or `Over` when there is none to give.

    In an offer with teams, without `team` a new one is started. Where money is asked the seat is held until it comes or the
    hold ends. `came_by` is the tracked link that brought the member, if any; one's own brings nobody. `Invalid` for more than
    the offer gives to one person, `regions.Elsewhere` for somebody whom it is not for.
    """
    if not 1 <= quantity <= group_buy.most_each:
        raise Invalid(_("One person can take at most %(most)s.", most=group_buy.most_each))
    state = claiming.look(group_buy.id, member.id, quantity, at)
    seat = seat_of(group_buy, member) if state is not None else None
    if seat is not None and seat.stands:
        return seat
    _check(group_buy, member, team)
    brought_by = None if came_by is None or came_by.member_id == member.id else came_by
    try:
        with WRITING:
            claiming.look(group_buy.id, member.id, quantity, at)
            with db.session.begin_nested():
                return _take(group_buy, member, seat, at, brought_by, quantity, team)
    except (IntegrityError, SoldOut, Over):
        mine = seat_of(group_buy, member)  # perhaps taken a moment earlier, by the same fan; the claim is rolled back
        if mine is None or not mine.stands:
            raise
        return mine


def leave(group_buy: GroupBuy, member: Member, at: datetime) -> None:
    """Give the seat back while the group buy is open; what was paid goes back too. Without a seat nothing; `Over` afterwards."""
    seat = seat_of(group_buy, member)
    if seat is None or not seat.stands:
        return
    with db.session.begin_nested():
        given = give_back(seat, Why.LEFT, at)
        if given is None:
            return
        claiming.vacate(group_buy, given)
        if db.session.scalar(select(GroupBuy.id).where(*claiming.open_at(group_buy, at))) is None:
            raise Over(_("This group buy is settled; the seat can no longer be given back."))


def seat_of(group_buy: GroupBuy, member: Member) -> Seat | None:
    """The member's seat, also one given back, as it stands in the database."""
    query = select(Seat).where(_is_of(group_buy, member)).execution_options(populate_existing=True)
    return db.session.scalars(query).one_or_none()


def _check(group_buy: GroupBuy, member: Member, team: Team | None) -> None:
    if team is not None and team.group_buy_id != group_buy.id:
        raise Invalid(_("This team belongs to another group buy."))
    if group_buy.regions:
        regions.check(group_buy, member)


def _take(
    group_buy: GroupBuy,
    member: Member,
    seat: Seat | None,
    at: datetime,
    came_by: Link | None,
    quantity: int,
    team: Team | None,
) -> Seat:
    """Everything that only concerns this member first, the claim last."""
    if group_buy.kind is GroupBuyKind.TEAMS and team is None:
        team = teams.start(group_buy, member, at)
    values: dict[str, Any] = {
        "team_id": team.id if team else None,
        "quantity": quantity,
        "price_minor": group_buy.price_minor,
        "joined_at": at,
        "link_id": came_by.id if came_by else None,
    }
    seat = _sit_down(group_buy, member, seat, at, values)
    if group_buy.provider is None:
        telling.joined(seat, at)
    else:
        _ask(seat, at)
    claiming.claim(group_buy, team, Claim(quantity, 0 if group_buy.provider else 1), at)
    return seat


def _sit_down(group_buy: GroupBuy, member: Member, seat: Seat | None, at: datetime, values: dict[str, Any]) -> Seat:
    if seat is None:
        seat = Seat(group_buy=group_buy, member_id=member.id, **values)
        db.session.add(seat)
        db.session.flush()
    elif not advance(
        seat, Act.JOIN, at, **values, payment_id=None, receipt_id=None, expires_at=None, delivered_at=None, tracking=""
    ):
        raise IntegrityError("the member is back already", None, ValueError())
    return seat


def _ask(seat: Seat, at: datetime) -> None:
    """A seat is held for as long as the offer says, and never beyond its deadline."""
    offer = seat.group_buy
    seat.expires_at = min(at + timedelta(minutes=offer.hold_minutes), offer.deadline_at)
    seat.payment = asking.ask(
        PURPOSE,
        seat.public_id,
        seat.member,
        seat.price,
        offer.provider or "",
        seat.expires_at,
        offer=telling.name_of(offer),
        at=at,
    )
    db.session.flush()


def _is_of(group_buy: GroupBuy, member: Member) -> ColumnElement[bool]:
    return (Seat.group_buy_id == group_buy.id) & (Seat.member_id == member.id)
