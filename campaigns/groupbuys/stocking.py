"""Seats of an open offer that the brand fills itself, openly; and fewer seats than were promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Update, case, select, update

from campaigns.groupbuys import claiming, telling
from campaigns.groupbuys.claiming import Claim
from campaigns.groupbuys.giving_back import give_back
from campaigns.groupbuys.models import (
    STANDING,
    Fill,
    GroupBuy,
    GroupBuyKind,
    GroupBuyState,
    Seat,
    Team,
    TeamState,
    Why,
)
from commons import clock, jobs
from commons.accounts.models import User
from commons.db import changed, db
from commons.errors import Conflict, Invalid

AT_ONCE = 100
PROMISED = (GroupBuyState.OPEN, GroupBuyState.SUCCEEDED)


class NothingToFill(Conflict):
    """Enough people are in, the offer is over, or so many seats are not left."""


def fill(group_buy: GroupBuy, count: int, *, by: User, at: datetime, team: Team | None = None) -> Fill:
    """The brand takes `count` seats itself, at most as many as are missing. They are counted apart and labelled wherever
    numbers are shown; there is no other way to fill a group.
    """
    if (
        count < 1
        or (group_buy.kind is GroupBuyKind.TEAMS) != (team is not None)
        or group_buy.kind is GroupBuyKind.MARKET
    ):
        raise Invalid(_("Say how many seats the brand takes, in an offer with teams also in which one."))
    with db.session.begin_nested():
        if team is not None:
            of_team = (Team.taken + count <= Team.seats, Team.people + Team.filled + count <= group_buy.needed)
            values = {"taken": Team.taken + count, "filled": Team.filled + count}
            _fill(update(Team).where(Team.id == team.id, Team.state == TeamState.OPEN, *of_team).values(values))
        missing = [GroupBuy.taken + count <= GroupBuy.seats]
        if team is None:
            missing.append(GroupBuy.people + GroupBuy.filled + count <= GroupBuy.needed)
        values = {"taken": GroupBuy.taken + count, "filled": GroupBuy.filled + count}
        _fill(update(GroupBuy).where(*claiming.open_at(group_buy, at), *missing).values(values))
        filled = Fill(group_buy_id=group_buy.id, team_id=team.id if team else None, count=count, by_id=by.id, at=at)
        db.session.add(filled)
    db.session.refresh(group_buy)
    if team is not None:
        db.session.refresh(team)
    telling.acted("group_buy.filled", group_buy, at, by=by, again=f":{filled.id}", count=count)
    return filled


def lower(group_buy: GroupBuy, seats: int, reason: str, *, by: User, at: datetime) -> None:
    """Fewer seats than were promised: from now on nobody takes one beyond `seats`, and who came last is told and refunded.

    `Invalid` for a number that is no lower, or lower than the number of people needed: such an offer is called off.
    """
    if not reason.strip():
        raise Invalid(_("Say why; those who lose their seat read it."))
    if not group_buy.needed <= seats < group_buy.seats:
        raise Invalid(
            _("Choose a number below the seats in all, and not below the people needed."),
            _("With fewer than are needed, call the offer off: everybody is refunded."),
        )
    promised = (GroupBuy.id == group_buy.id, GroupBuy.state.in_(PROMISED), GroupBuy.seats > seats)
    words = reason.strip()
    values = {"stock": seats, "stock_why": words, "seats": case((GroupBuy.taken > seats, GroupBuy.taken), else_=seats)}
    lowered = changed(update(GroupBuy).where(*promised).values(values))
    db.session.refresh(group_buy)
    if lowered == 0:
        raise Conflict(_("This group buy is over, or has so few seats already."))
    telling.acted("group_buy.lowered", group_buy, at, by=by, again=f":{seats}:{at.isoformat()}", seats=seats)
    jobs.send("groupbuys.trim", group_buy_id=group_buy.id)


@jobs.job("groupbuys.trim", queue="default")
def trim(group_buy_id: int) -> None:
    """Give seats back until no more are taken than there are, some at a time."""
    if trim_some(group_buy_id, clock.now()):
        jobs.send("groupbuys.trim", group_buy_id=group_buy_id)


def trim_some(group_buy_id: int, at: datetime) -> bool:
    """Give back the seats that were taken last, the brand's own before those of fans; whether some are left to do."""
    group_buy = db.session.get_one(GroupBuy, group_buy_id, populate_existing=True)
    if group_buy.stock is None or group_buy.state not in PROMISED:
        return False
    seats = _last(group_buy, group_buy.taken - group_buy.stock)
    db.session.refresh(group_buy)  # while others gave the same seats back, these waited
    own = min(group_buy.filled, max(0, group_buy.taken - group_buy.stock)) if group_buy.kind is GroupBuyKind.OPEN else 0
    given = [Claim(own, 0, own)] if own else []
    over = group_buy.taken - group_buy.stock - own
    for seat in seats:
        claim = give_back(seat, Why.STOCK_OUT, at, group_buy.stock_why) if over > 0 else None
        if claim is not None:
            given.append(claim)
            over -= claim.quantity
    if given:
        claiming.vacate(group_buy, claiming.together(given))
    _shrink(group_buy)
    return over > 0 and bool(given)


def _last(group_buy: GroupBuy, most: int) -> Sequence[Seat]:
    """Up to `most` seats, and `AT_ONCE`, that were taken last and have not been sent out: held, the last one first."""
    standing = (Seat.group_buy_id == group_buy.id, Seat.state.in_(STANDING), Seat.delivered_at.is_(None))
    last = (Seat.joined_at.desc(), Seat.id.desc())
    some = select(Seat.id, Seat.payment_id).where(*standing).order_by(*last).limit(max(0, min(most, AT_ONCE)))
    seats = select(Seat).where(Seat.id.in_(claiming.hold_seats(some)), *standing).order_by(*last)
    return db.session.scalars(seats.execution_options(populate_existing=True)).all()


def _shrink(group_buy: GroupBuy) -> None:
    """As few seats in all as are left in stock, or still taken."""
    most = case((GroupBuy.taken > GroupBuy.stock, GroupBuy.taken), else_=GroupBuy.stock)
    changed(update(GroupBuy).where(GroupBuy.id == group_buy.id).values(seats=most))
    db.session.refresh(group_buy)


def _fill(statement: Update) -> None:
    if changed(statement) == 0:
        raise NothingToFill(_("There are not so many seats to fill: enough are in, or too few are free."))
