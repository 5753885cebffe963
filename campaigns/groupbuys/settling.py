"""The end of an offer: its numbers and its price are frozen in one statement, then each seat follows by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Case, ColumnElement, case, exists, select, update

from campaigns.groupbuys import claiming, market, teams, telling, wording
from campaigns.groupbuys.claiming import Claim
from campaigns.groupbuys.giving_back import give_back
from campaigns.groupbuys.machine import Act, advance
from campaigns.groupbuys.models import GroupBuy, GroupBuyKind, GroupBuyState, Seat, SeatState, Team, TeamState, Why
from campaigns.payments import refunding, rows
from commons import clock, jobs
from commons.db import changed, db
from commons.money import Money

AT_ONCE = 100
UNDECIDED = (SeatState.HELD, SeatState.PAID, SeatState.LATE_PAID)


class TooEarly(RuntimeError):
    """A worker whose clock is behind was asked to settle before the deadline; the next try is later."""


@jobs.job("groupbuys.settle", queue="default")
def settle(group_buy_id: int) -> None:
    """At the deadline: succeeded if enough people are in, void otherwise. Once, however often it is called."""
    at = clock.now()
    settle_due(group_buy_id, at)
    group_buy = db.session.get_one(GroupBuy, group_buy_id, populate_existing=True)
    if group_buy.state is GroupBuyState.OPEN:
        raise TooEarly(f"group buy {group_buy.public_id} ends at {group_buy.deadline_at}, and here it is {at}")


@jobs.job("groupbuys.conclude", queue="default")
def conclude(group_buy_id: int) -> None:
    """After the end: seats are confirmed or given back, some at a time."""
    if conclude_some(group_buy_id, clock.now()) == AT_ONCE:
        jobs.send("groupbuys.conclude", group_buy_id=group_buy_id)


def settle_due(group_buy_id: int, at: datetime) -> None:
    """Freeze one group buy whose deadline is past at `at`; anything else is left alone. Its seats follow by a job."""
    group_buy = db.session.get_one(GroupBuy, group_buy_id)
    if group_buy.kind is GroupBuyKind.MARKET:
        market.count(group_buy)
    due = (GroupBuy.id == group_buy_id, GroupBuy.state == GroupBuyState.OPEN, GroupBuy.deadline_at <= at)
    verdict = case((_reached(group_buy), GroupBuyState.SUCCEEDED), else_=GroupBuyState.VOID)
    values = {"state": verdict, "settled_at": at, "final_price_minor": _price(group_buy)}
    if changed(update(GroupBuy).where(*due).values(values)) == 1:
        db.session.refresh(group_buy)
        telling.acted("group_buy.settled", group_buy, at, by=None)
        jobs.send("groupbuys.conclude", group_buy_id=group_buy.id)


def conclude_some(group_buy_id: int, at: datetime) -> int:
    """Let up to `AT_ONCE` seats of an offer that is over follow it; how many there were. Its row is touched last."""
    group_buy = db.session.get_one(GroupBuy, group_buy_id, populate_existing=True)
    if group_buy.state in (GroupBuyState.DRAFT, GroupBuyState.OPEN):
        return 0
    waiting = select(Seat.id, Seat.payment_id).where(Seat.group_buy_id == group_buy_id, Seat.state.in_(UNDECIDED))
    batch = claiming.hold_seats(waiting.order_by(Seat.id).limit(AT_ONCE))
    teams.close(group_buy, at)
    undecided = select(Seat).where(Seat.id.in_(batch), Seat.state.in_(UNDECIDED)).order_by(Seat.id)
    seats = db.session.scalars(undecided).all()
    given = [claim for seat in seats if (claim := conclude_seat(seat, at)) is not None]
    if given:
        claiming.vacate(group_buy, claiming.together(given))
    return len(batch)


def conclude_seat(seat: Seat, at: datetime) -> Claim | None:
    """Confirm a seat whose group came about, give back one whose group did not. What the offer gets back is returned."""
    fate = fate_of(seat)
    if fate is GroupBuyState.OPEN:
        return None
    if fate is GroupBuyState.SUCCEEDED and (seat.receipt_id is not None or seat.payment_id is None):
        confirm(seat, at)
        return None
    why = Why.EXPIRED if fate is GroupBuyState.SUCCEEDED else telling.why_over(seat.group_buy)
    return give_back(seat, why, at)


def confirm(seat: Seat, at: datetime) -> None:
    """The seat is certain, at the price that was reached and never at more than was agreed; the difference goes back."""
    if seat.payment_id is not None:
        rows.locked(seat.payment_id)
    group = seat.team or seat.group_buy
    price = min(seat.price_minor, group.final_price_minor or seat.price_minor)
    if not advance(seat, Act.CONFIRM, at, price_minor=price):
        return
    back = _difference(seat)
    if back is not None and seat.receipt is not None:
        refunding.refund(
            seat.receipt,
            back,
            wording.CHEAPER,
            key=f"difference:{seat.receipt.public_id}",
            at=at,
        )
    telling.came_about(seat, back, at)


def fate_of(seat: Seat) -> GroupBuyState:
    """What became of the group that the seat is in: in an offer with teams, of its team."""
    offer, team = seat.group_buy, seat.team
    if team is None or offer.state is not GroupBuyState.SUCCEEDED:
        return offer.state
    if team.state is TeamState.OPEN:
        return GroupBuyState.OPEN
    return GroupBuyState.SUCCEEDED if team.state is TeamState.SUCCEEDED else GroupBuyState.VOID


def _reached(group_buy: GroupBuy) -> ColumnElement[bool]:
    """Whether enough people are in: of an offer with teams, in any of its teams."""
    if group_buy.kind is not GroupBuyKind.TEAMS:
        return GroupBuy.people + GroupBuy.filled >= GroupBuy.needed
    alive = (Team.group_buy_id == group_buy.id, Team.state == TeamState.OPEN)
    return exists(select(Team.id).where(*alive, Team.people + Team.filled >= group_buy.needed))


def _price(group_buy: GroupBuy) -> Case[int]:
    """The price of the number that was reached."""
    reached = GroupBuy.people + GroupBuy.filled
    steps = [(reached >= step.reached, step.price_minor) for step in reversed(group_buy.steps)]
    return case(*steps, else_=group_buy.price_minor)


def _difference(seat: Seat) -> Money | None:
    """What was paid above the price that was reached."""
    if seat.receipt is None:
        return None
    db.session.refresh(seat.receipt)
    over = seat.receipt.left.minor - seat.price.minor
    return Money(over, seat.receipt.currency) if over > 0 else None
