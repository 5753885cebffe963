"""What can be on its way to a fan: prizes of draws, rewards of the points shop, seats in group buys. Each room sends its own."""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from campaigns.draws import sending
from campaigns.draws.models import DrawAward, DrawPrize
from campaigns.groupbuys import delivering
from campaigns.groupbuys.models import Seat, SeatState
from commons import bulk
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Permission
from community.rewards.shop import handing
from community.rewards.shop.models import Handing, Redemption
from community.rewards.shop.reading import STAGES, Stage


class Kind(enum.StrEnum):
    PRIZE = "prize"
    REWARD = "reward"
    SEAT = "seat"


@dataclass(frozen=True)
class Parcel:
    """Something for one fan, known by its `number`. `is_ready`: it can be sent now; `sent_at`: it was.

    `to` is the recipient, telephone and address where we know them; `until` is when it has to be on its way.
    """

    number: str
    kind: Kind
    what: str
    thing: Any
    is_ready: bool
    sent_at: datetime | None = None
    tracking: str = ""
    to: Mapping[str, str] = field(default_factory=dict)
    until: datetime | None = None


@dataclass(frozen=True)
class Goods:
    """How one kind is found and sent, and who may. `waits` is the rule for what is ready, `thing` the table."""

    permission: Permission
    query: Select[Any]
    thing: Any
    waits: ColumnElement[bool]
    parcel: Callable[[Any], Parcel]
    send: Callable[[Any, str, User, datetime], object]


def waiting(user: User) -> Iterator[Parcel]:
    """Every parcel that waits to be sent, as far as `user` may send it; of each kind the oldest first."""
    for goods in _of(user):
        query = goods.query.where(goods.waits).order_by(goods.thing.id)
        yield from (goods.parcel(thing) for thing in db.session.scalars(query))


def counts(user: User) -> Mapping[Kind, int]:
    """How many wait of each kind that `user` may send."""
    allowed = {kind: goods for kind, goods in GOODS.items() if user.can(goods.permission)}
    waits = {kind: select(func.count()).select_from(goods.thing).where(goods.waits) for kind, goods in allowed.items()}
    return {kind: db.session.scalar(query) or 0 for kind, query in waits.items()}


def named(numbers: Collection[str], user: User) -> Mapping[str, Parcel]:
    """The parcels of these numbers that `user` may send, also those that were sent."""
    found: dict[str, Parcel] = {}
    for goods in _of(user):
        query = goods.query.where(bulk.among(goods.thing.public_id, numbers))
        found |= {thing.public_id: goods.parcel(thing) for thing in db.session.scalars(query)}
    return found


def send(parcel: Parcel, tracking: str, *, by: User, at: datetime) -> None:
    """It is on its way; the fan is told. What the room of its kind refuses is raised."""
    GOODS[parcel.kind].send(parcel.thing, tracking, by, at)


def _of(user: User) -> Iterator[Goods]:
    return (goods for goods in GOODS.values() if user.can(goods.permission))


def _prize(award: DrawAward) -> Parcel:
    return Parcel(
        award.public_id,
        Kind.PRIZE,
        f"{award.prize.name} · {award.draw.title}",
        award,
        is_ready=award.state == "to_send",
        sent_at=award.sent_at,
        tracking=award.tracking,
        to=award.address or {},
        until=award.send_until,
    )


def _reward(redemption: Redemption) -> Parcel:
    return Parcel(
        redemption.public_id,
        Kind.REWARD,
        str(redemption.reward.name),
        redemption,
        is_ready=redemption.waits and redemption.reward.handing is Handing.PARCEL,
        sent_at=redemption.handed_at,
        tracking=redemption.tracking,
        to=redemption.address or {},
    )


def _seat(seat: Seat) -> Parcel:
    return Parcel(
        seat.public_id,
        Kind.SEAT,
        f"{seat.quantity} × {seat.group_buy.title}",
        seat,
        is_ready=seat.state is SeatState.CONFIRMED and seat.delivered_at is None,
        sent_at=seat.delivered_at,
        tracking=seat.tracking,
        to={"name": seat.member.name},
    )


_BY_POST = select(DrawPrize.id).where(DrawPrize.by_post)
GOODS: Mapping[Kind, Goods] = {
    Kind.PRIZE: Goods(
        Permission.PRIZE_SEND,
        select(DrawAward).options(joinedload(DrawAward.prize), joinedload(DrawAward.draw)),
        DrawAward,
        DrawAward.address_at.is_not(None)
        & DrawAward.ended_at.is_(None)
        & DrawAward.sent_at.is_(None)
        & DrawAward.prize_id.in_(_BY_POST),
        _prize,
        lambda award, tracking, by, at: sending.send(award, tracking=tracking, by=by, at=at),
    ),
    Kind.REWARD: Goods(
        Permission.REWARD_WRITE,
        select(Redemption).options(joinedload(Redemption.reward)),
        Redemption,
        STAGES[Stage.WAITING] & Redemption.address.is_not(None),
        _reward,
        lambda redemption, tracking, by, at: handing.hand_over(redemption, tracking=tracking, by=by, at=at),
    ),
    Kind.SEAT: Goods(
        Permission.GROUP_BUY_WRITE,
        select(Seat).options(joinedload(Seat.group_buy), joinedload(Seat.member)),
        Seat,
        (Seat.state == SeatState.CONFIRMED) & Seat.delivered_at.is_(None),
        _seat,
        lambda seat, tracking, by, at: delivering.deliver(
            seat.group_buy, [seat.public_id], tracking=tracking, by=by, at=at
        ),
    ),
}
