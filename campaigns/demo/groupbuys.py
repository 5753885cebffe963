"""What the demo shows of group buys beside the two of the setting: falling prices, teams, a marketplace, and one with less than promised."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from campaigns.demo.stage import Cast, wall_clock
from campaigns.demo.story import ZONE
from campaigns.groupbuys import delivering, joining, offering, settling, stocking
from campaigns.groupbuys.models import GroupBuy, Seat, Team
from campaigns.groupbuys.pricing import Step as PriceStep
from campaigns.links.conversions import recording
from campaigns.links.conversions.models import Source
from campaigns.links.conversions.recording import Order
from campaigns.payments import manual, sending
from campaigns.payments.models import Refund
from campaigns.payments.slots import open_providers
from commons import clock
from commons.db import db
from commons.money import Money

Step = Callable[[], object]
SPRING, TRIOS, MARKET, TINS = "spring", "trios", "market", "tins"
SHOP = "https://shop.example.com/cloudfoot/groups/8812"


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """The steps with their moments, in no order."""
    yield from _tins(cast)
    yield from _spring(cast)
    yield from _trios(cast)
    yield cast.day(-6, "10:00"), partial(_offer_market, cast)
    for number in range(9):
        yield cast.day(-5, "09:20") + timedelta(hours=11 * number), partial(_order, cast, number)


def _tins(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """Over: cheaper than agreed, one too few in stock, and most of it has arrived."""
    yield cast.day(-17, "10:00"), partial(_offer_tins, cast)
    buyers = (0, 7, 12, 19, 23, 28, 34)
    for number, fan in enumerate(buyers):
        yield cast.day(-16, "12:10") + timedelta(hours=9 * number), partial(_buy, cast, TINS, fan)
    yield cast.day(-11, "20:00"), partial(_settle, cast, TINS)
    yield cast.day(-10, "09:40"), partial(_one_too_few, cast)
    yield cast.day(-9, "10:15"), partial(_send_back, cast)
    yield cast.day(-7, "15:00"), partial(_deliver, cast, 4)


def _spring(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """Under way: each further fan brings the next price nearer; some have not paid yet."""
    yield cast.day(-3, "09:00"), partial(_offer_spring, cast)
    for number, fan in enumerate((2, 5, 9, 0, 14, 21, 26, 31, 40)):
        yield cast.day(-3, "11:30") + timedelta(hours=6 * number), partial(_buy, cast, SPRING, fan)
    yield cast.now - timedelta(minutes=12), partial(_join, cast, SPRING, 33)


def _trios(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """Under way: three teams, one of them with a new leader, one that the brand completed."""
    yield cast.day(-2, "10:00"), partial(_offer_trios, cast)
    moment = cast.day(-2, "12:00")
    for number, (leader, others) in enumerate(((4, (8, 0)), (11, (3, 27)), (36, (22,)))):
        yield moment + timedelta(hours=number), partial(_team_up, cast, leader, others)
    yield moment + timedelta(hours=8), partial(_leave, cast, 11)
    yield moment + timedelta(hours=9), partial(_fill, cast, 36)


def _offer_tins(cast: Cast) -> None:
    _offer(
        cast, TINS, title="手绘茶罐 · 两只一组", description="去年的画，今年的罐。人多就便宜，多付的退回来。",
        picture=cast.picture("cup-amber"), picture_alt="从上往下看，一杯琥珀色的茶", price=Money(9800),
        usual_price=Money(12800), needed=4, seats=7, deadline=wall_clock(cast.day(-11, "20:00")),
        tiers=[PriceStep(6, 8800)], provider=manual.NAME, most_each=2,
    )  # fmt: skip


def _offer_spring(cast: Cast) -> None:
    usable = [provider.name for provider in open_providers()]
    _offer(
        cast, SPRING, title="头采春尖 50 克", description="今年第一批。五个人起做，人越多越便宜；多付的在截止后退回。",
        picture=cast.picture("hills-dusk"), picture_alt="傍晚的山脊，一个人站在上面", price=Money(13800),
        usual_price=Money(16800), needed=5, seats=40, deadline=wall_clock(cast.day(5, "21:00")), most_each=2,
        tiers=[PriceStep(12, 11800), PriceStep(25, 9800)],
        provider="sandbox" if "sandbox" in usable else manual.NAME, hold_minutes=60,
    )  # fmt: skip


def _offer_trios(cast: Cast) -> None:
    _offer(
        cast, TRIOS, title="三人成席 · 白瓷盖碗", description="三个人一队，每队单独成团。把队伍的地址发给想一起喝茶的人。",
        picture=cast.picture("solo"), picture_alt="窗边的茶盘上放着盖碗、茶杯和一根树枝", price=Money(6900),
        usual_price=Money(8900), needed=3, seats=60, team_seats=4, deadline=wall_clock(cast.day(6, "20:00")),
    )  # fmt: skip


def _offer_market(cast: Cast) -> None:
    _offer(
        cast, MARKET, title="旅行茶具 · 在商城拼团", description="这一团开在商城里，在那边加入和付款；这里的人数跟着商城的订单走。",
        picture=cast.picture("rain"), picture_alt="雨中的巷子，一只碗，一只走开的猫", price=Money(15900),
        usual_price=Money(19900), needed=20, seats=200, deadline=wall_clock(cast.day(8, "22:00")), market_address=SHOP,
    )  # fmt: skip


def _offer(cast: Cast, name: str, **wanted: Any) -> None:
    offer = offering.write_offer(
        None, offering.Wanted(**wanted, zone=ZONE, campaign=None), by=cast.lead, at=clock.now()
    )
    offering.open_offer(offer, by=cast.lead, at=clock.now())
    cast.offers[name] = offer


def _join(cast: Cast, name: str, fan: int) -> Seat:
    return joining.join(cast.offers[name], cast.fans[fan], clock.now())


def _buy(cast: Cast, name: str, fan: int) -> None:
    """Join and pay; the team has seen the money."""
    seat = _join(cast, name, fan)
    if seat.payment is not None and seat.payment.is_waiting:
        at = clock.now()
        manual.mark_paid(seat.payment, f"{name}-{fan:02d}", seat.payment.amount, at, picture=None, by=cast.lead, at=at)


def _settle(cast: Cast, name: str) -> None:
    offer = cast.offers[name]
    settling.settle_due(offer.id, clock.now())
    settling.conclude_some(offer.id, clock.now())


def _one_too_few(cast: Cast) -> None:
    offer = cast.offers[TINS]
    stocking.lower(offer, 6, "一组茶罐在路上碎了", by=cast.lead, at=clock.now())
    stocking.trim_some(offer.id, clock.now())


def _send_back(cast: Cast) -> None:
    """What was paid too much, and for the broken one, is transferred by hand and written down."""
    offer, at = cast.offers[TINS], clock.now()
    paid = select(Seat.payment_id).where(Seat.group_buy_id == offer.id)
    for refund in db.session.scalars(select(Refund).where(Refund.payment_id.in_(paid)).order_by(Refund.id)).all():
        sending.send_refund(refund.id)
        sending.done_by_hand(refund, f"{TINS}-{refund.id:02d}", by=cast.lead, at=at)


def _deliver(cast: Cast, count: int) -> None:
    offer = cast.offers[TINS]
    first = select(Seat.public_id).where(Seat.group_buy_id == offer.id).order_by(Seat.id).limit(count)
    delivering.deliver(offer, db.session.scalars(first).all(), by=cast.lead, at=clock.now())


def _team_up(cast: Cast, leader: int, others: Sequence[int]) -> None:
    team = _join(cast, TRIOS, leader).team
    for fan in others:
        joining.join(cast.offers[TRIOS], cast.fans[fan], clock.now(), team=team)


def _leave(cast: Cast, fan: int) -> None:
    joining.leave(cast.offers[TRIOS], cast.fans[fan], clock.now())


def _fill(cast: Cast, leader: int) -> None:
    team = db.session.scalars(select(Team).where(Team.leader_id == cast.fans[leader].id)).one()
    stocking.fill(cast.offers[TRIOS], 1, by=cast.lead, at=clock.now(), team=team)


def _order(cast: Cast, number: int) -> None:
    """The shop tells of an order by the link of the offer."""
    offer: GroupBuy = cast.offers[MARKET]
    assert offer.market_link is not None
    order = Order(f"TB2026{number:04d}", offer.market_link, Money(15900), clock.now())
    recording.record(order, Source.TABLE, clock.now())
