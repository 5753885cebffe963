"""The brand's side: writing an offer, opening it, calling it off, and what happens at its deadline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import case, delete, select, update

from campaigns.groupbuys.models import GroupBuy, GroupBuyState, Seat
from campaigns.planning.models import Campaign
from commons import clock, events, jobs, zones
from commons.accounts.models import User
from commons.db import changed, db
from commons.errors import Conflict, Invalid
from commons.media.models import Picture
from commons.money import Money


class AlreadyOpen(Conflict):
    """Fans have been told a price, a number and a deadline: these no longer change."""


class TooEarly(RuntimeError):
    """A worker whose clock is behind was asked to settle before the deadline; the next try is later."""


@dataclass(frozen=True)
class Wanted:
    """What an offer is to say. `deadline` is a wall-clock time in `zone`; `picture` None keeps the one it has."""

    title: str
    description: str
    picture: Picture | None
    picture_alt: str
    price: Money
    usual_price: Money | None
    needed: int
    seats: int
    deadline: datetime
    zone: str
    campaign: Campaign | None


def write_offer(group_buy: GroupBuy | None, wanted: Wanted, *, by: User, at: datetime) -> GroupBuy:
    """Make a draft, or change one. `AlreadyOpen` once fans can see it, `Invalid` for numbers that make no offer."""
    _check(wanted)
    if group_buy is not None and group_buy.state is not GroupBuyState.DRAFT:
        raise AlreadyOpen(_("Fans have seen this offer; what it promises no longer changes."))
    if group_buy is None:
        group_buy = GroupBuy(made_by_id=by.id, created_at=at)
        db.session.add(group_buy)
    group_buy.title = wanted.title
    group_buy.description = wanted.description
    group_buy.picture = wanted.picture or group_buy.picture
    group_buy.picture_alt = wanted.picture_alt
    group_buy.price_minor, group_buy.currency = wanted.price.minor, wanted.price.currency
    group_buy.usual_price_minor = wanted.usual_price.minor if wanted.usual_price else None
    group_buy.needed, group_buy.seats = wanted.needed, wanted.seats
    group_buy.deadline_at, group_buy.zone = zones.to_utc(wanted.deadline, wanted.zone), wanted.zone
    group_buy.campaign_id = wanted.campaign.id if wanted.campaign else None
    db.session.flush()
    return group_buy


def open_offer(group_buy: GroupBuy, *, by: User, at: datetime) -> None:
    """From now on fans may join; at the deadline it settles by itself. Opening twice is opening once."""
    if group_buy.state is GroupBuyState.OPEN:
        return
    if group_buy.state is not GroupBuyState.DRAFT:
        raise AlreadyOpen(_("This group buy is over and cannot be opened again."))
    if group_buy.deadline_at <= at:
        raise Invalid(_("The deadline has passed; choose a later one."))
    group_buy.state = GroupBuyState.OPEN
    group_buy.opened_at = at
    db.session.flush()
    jobs.send(
        "groupbuys.settle",
        due=group_buy.deadline_at,
        key=f"groupbuys.settle:{group_buy.public_id}",
        group_buy_id=group_buy.id,
    )
    _tell("group_buy.opened", group_buy, at, by=by)


def discard(group_buy: GroupBuy) -> None:
    """Throw a draft away. `AlreadyOpen` once fans can see it."""
    draft = (GroupBuy.id == group_buy.id, GroupBuy.state == GroupBuyState.DRAFT)
    if changed(delete(GroupBuy).where(*draft)) == 0:
        raise AlreadyOpen(_("Fans have seen this offer; it can be called off, not discarded."))
    db.session.expunge(group_buy)


def call_off(group_buy: GroupBuy, *, by: User, at: datetime) -> None:
    """The brand ends an open offer before its deadline; everybody's seat is void. One that is over stays as it is."""
    still_open = (GroupBuy.id == group_buy.id, GroupBuy.state == GroupBuyState.OPEN)
    ended = changed(update(GroupBuy).where(*still_open).values(state=GroupBuyState.CANCELLED, settled_at=at))
    db.session.refresh(group_buy)
    if ended == 1:
        _tell("group_buy.cancelled", group_buy, at, by=by)
        _tell_members(group_buy, at)


@jobs.job("groupbuys.settle", queue="default")
def settle(group_buy_id: int) -> None:
    """At the deadline: succeeded if enough seats are taken, void otherwise. Once, however often it is called."""
    at = clock.now()
    settle_due(group_buy_id, at)
    group_buy = db.session.get_one(GroupBuy, group_buy_id, populate_existing=True)
    if group_buy.state is GroupBuyState.OPEN:
        raise TooEarly(f"group buy {group_buy.public_id} ends at {group_buy.deadline_at}, and here it is {at}")


def settle_due(group_buy_id: int, at: datetime) -> None:
    """Settle one group buy whose deadline is past at `at`; anything else is left alone."""
    reached = case((GroupBuy.taken >= GroupBuy.needed, GroupBuyState.SUCCEEDED), else_=GroupBuyState.VOID)
    due = (GroupBuy.id == group_buy_id, GroupBuy.state == GroupBuyState.OPEN, GroupBuy.deadline_at <= at)
    if changed(update(GroupBuy).where(*due).values(state=reached, settled_at=at)) == 1:
        group_buy = db.session.get_one(GroupBuy, group_buy_id, populate_existing=True)
        _tell("group_buy.settled", group_buy, at, by=None)
        _tell_members(group_buy, at)


def seats_taken(group_buy: GroupBuy) -> Sequence[Seat]:
    """The seats that are held, first come first."""
    query = select(Seat).where(Seat.group_buy_id == group_buy.id, Seat.left_at.is_(None))
    return db.session.scalars(query.order_by(Seat.joined_at, Seat.id)).all()


def _check(wanted: Wanted) -> None:
    if wanted.price.minor <= 0:
        raise Invalid(_("The price must be more than nothing."))
    if wanted.usual_price is not None and wanted.usual_price <= wanted.price:
        raise Invalid(_("The usual price must be higher than the price for the group."))
    if not 1 <= wanted.needed <= wanted.seats:
        raise Invalid(_("More people are needed than there are seats."))


def _tell(kind: str, group_buy: GroupBuy, at: datetime, *, by: User | None) -> None:
    events.track(
        kind,
        key=f"{kind}:{group_buy.public_id}",
        at=at,
        actor_id=by.id if by else None,
        subject=group_buy,
        campaign_id=group_buy.campaign_id,
        payload={"title": group_buy.title, "state": group_buy.state.value, "taken": group_buy.taken},
    )


def _tell_members(group_buy: GroupBuy, at: datetime) -> None:
    kind = "group_buy.reached" if group_buy.state is GroupBuyState.SUCCEEDED else "group_buy.voided"
    for seat in seats_taken(group_buy):
        events.track(
            kind,
            key=f"{kind}:{seat.public_id}",
            at=at,
            member_id=seat.member_id,
            subject=group_buy,
            campaign_id=group_buy.campaign_id,
            payload={"title": group_buy.title},
        )
