"""Taking and giving back seats. A seat is claimed by one conditional UPDATE; one per member is a constraint."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError

from campaigns.groupbuys.models import GroupBuy, GroupBuyState, Seat
from campaigns.links.models import Link
from commons import events
from commons.db import changed, db
from commons.errors import Conflict, Gone
from community.members.models import Member


class SoldOut(Conflict):
    """Every seat is taken."""


class Over(Gone):
    """The deadline has passed, or the group buy is settled."""


def join(group_buy: GroupBuy, member: Member, at: datetime, came_by: Link | None = None) -> Seat:
    """Give `member` a seat; joining twice is joining once. `SoldOut` or `Over` when there is none to give.

    `came_by` is the tracked link that brought the member, if any; one's own brings nobody.
    """
    seat = seat_of(group_buy, member)
    if seat is not None and seat.left_at is None:
        return seat
    if came_by is not None and came_by.member_id == member.id:
        came_by = None
    try:
        with db.session.begin_nested():
            _claim(group_buy, at)
            seat = _sit_down(group_buy, member, seat, at, came_by)
    except (IntegrityError, SoldOut, Over):
        seat = seat_of(
            group_buy, member
        )  # perhaps his own, taken a moment earlier; the claim is rolled back with this one
        if seat is None or seat.left_at is not None:
            raise
        return seat
    _tell_joined(seat, group_buy, member, at, came_by)
    return seat


def leave(group_buy: GroupBuy, member: Member, at: datetime) -> None:
    """Give the seat back while the group buy is open. Leaving without a seat changes nothing; `Over` afterwards."""
    mine = (_is_of(group_buy, member), Seat.left_at.is_(None))
    with db.session.begin_nested():
        _hold(group_buy)
        if changed(update(Seat).where(*mine).values(left_at=at)) == 0:
            return
        if changed(update(GroupBuy).where(*_open_at(group_buy, at)).values(taken=GroupBuy.taken - 1)) == 0:
            raise Over(_("This group buy is settled; the seat can no longer be given back."))
    db.session.refresh(group_buy)
    _tell_left(group_buy, member, at)


def seat_of(group_buy: GroupBuy, member: Member) -> Seat | None:
    """The member's seat, also one given back, as it stands in the database."""
    query = select(Seat).where(_is_of(group_buy, member)).execution_options(populate_existing=True)
    return db.session.scalars(query).one_or_none()


def _hold(group_buy: GroupBuy) -> None:
    """Wait for one's turn at the offer before touching a seat, in the order in which joining does it."""
    db.session.execute(select(GroupBuy.id).where(GroupBuy.id == group_buy.id).with_for_update())


def _claim(group_buy: GroupBuy, at: datetime) -> None:
    free = (*_open_at(group_buy, at), GroupBuy.taken < GroupBuy.seats)
    claimed = changed(update(GroupBuy).where(*free).values(taken=GroupBuy.taken + 1))
    db.session.refresh(group_buy)
    if claimed == 1:
        return
    if group_buy.state is GroupBuyState.OPEN and group_buy.deadline_at > at:
        raise SoldOut(_("All seats are taken."), _("If somebody leaves before the deadline, a seat comes free."))
    raise Over(_("This group buy is over."), _("See which others are open."))


def _sit_down(group_buy: GroupBuy, member: Member, seat: Seat | None, at: datetime, came_by: Link | None) -> Seat:
    if seat is None:
        seat = Seat(group_buy_id=group_buy.id, member_id=member.id, joined_at=at, link_id=came_by and came_by.id)
        db.session.add(seat)
        db.session.flush()
        return seat
    back = update(Seat).where(Seat.id == seat.id, Seat.left_at.is_not(None))
    values = {"left_at": None, "joined_at": at, "link_id": came_by.id if came_by else None}
    if changed(back.values(**values)) == 0:
        raise IntegrityError("the member is back already", None, ValueError())
    db.session.refresh(seat)
    return seat


def _open_at(group_buy: GroupBuy, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return GroupBuy.id == group_buy.id, GroupBuy.state == GroupBuyState.OPEN, GroupBuy.deadline_at > at


def _is_of(group_buy: GroupBuy, member: Member) -> ColumnElement[bool]:
    return (Seat.group_buy_id == group_buy.id) & (Seat.member_id == member.id)


def _tell_joined(seat: Seat, group_buy: GroupBuy, member: Member, at: datetime, came_by: Link | None) -> None:
    events.track(
        "group_buy.joined",
        key=f"group_buy.joined:{seat.public_id}:{at.isoformat()}",
        at=at,
        member_id=member.id,
        subject=group_buy,
        campaign_id=group_buy.campaign_id,
        payload={"title": group_buy.title, "link": came_by.slug if came_by else None},
    )


def _tell_left(group_buy: GroupBuy, member: Member, at: datetime) -> None:
    joined = events.latest("group_buy.joined", member_id=member.id, subject=group_buy)
    events.track(
        "group_buy.left",
        key=f"group_buy.left:{joined.id if joined else member.public_id}",
        at=at,
        member_id=member.id,
        subject=group_buy,
        campaign_id=group_buy.campaign_id,
        payload={"title": group_buy.title, "joined_event_id": joined.id if joined else None},
    )
