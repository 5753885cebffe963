"""Seats of group buys that came about, as the orders that insights reads."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, String, cast, func, literal, null, select

from campaigns.groupbuys.models import GroupBuy, Seat, SeatState, Team
from campaigns.insights.slots import ORDER_COLUMNS
from campaigns.payments.models import Payment


def for_insights() -> Select[Any]:
    """Confirmed seats only: neither waiting nor given back. Ordered is when it was paid, else when the seat was taken; the price
    is the one that was frozen at the end.
    """
    price = func.coalesce(Team.final_price_minor, GroupBuy.final_price_minor, Seat.price_minor)
    values: tuple[Any, ...] = (
        literal("group_buy"), Seat.id, GroupBuy.title, Seat.member_id, cast(null(), String(32)),
        func.coalesce(Payment.paid_at, Seat.joined_at), price * Seat.quantity, GroupBuy.currency, Seat.link_id,
        GroupBuy.campaign_id,
    )  # fmt: skip
    columns: list[Any] = [value.label(name) for value, name in zip(values, ORDER_COLUMNS, strict=True)]
    return (
        select(*columns)
        .join_from(Seat, GroupBuy, GroupBuy.id == Seat.group_buy_id)
        .outerjoin(Team, Team.id == Seat.team_id)
        .outerjoin(Payment, Payment.id == Seat.payment_id)
        .where(Seat.state == SeatState.CONFIRMED)
    )
