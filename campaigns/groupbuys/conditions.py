"""Buying as a condition of a segment: how often, and for how much."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, func, literal, select

from campaigns.groupbuys.models import GroupBuy, Seat, SeatState
from commons.forms import MoneyField, required
from commons.i18n import money_words
from commons.money import Money
from community.members.models import Member
from community.members.segments import periods
from community.members.segments.conditions import Condition, Values, so_many
from community.members.segments.periods import PeriodForm, TimesForm

CHANGED_BY = ("group_buy.reached", "group_buy.voided")
"""A seat becomes a purchase when its group comes about, and is none any more when there is less than was promised."""


class _Buying(Condition):
    def follows(self, values: Values) -> Collection[str]:
        return CHANGED_BY

    def drifts(self, values: Values) -> bool:
        return periods.drifts(values)


class Purchases(_Buying):
    """Seats in group buys that came about, so often in a period."""

    name = "purchases"
    label = _l("How often they bought")
    form = TimesForm

    def holds(self, values: Values, day: date) -> ColumnElement[bool]:
        return so_many(_bought(select(literal(1)), values, day), values["how"], values["times"])

    def words(self, values: Values) -> str:
        return str(_("Bought: %(times)s", times=periods.times_words(values)))


class SpentForm(PeriodForm):
    amount = MoneyField(_l("At least for"), validators=[required()])


class Spent(_Buying):
    """What the seats of a period cost together."""

    name = "spent"
    label = _l("For how much they bought")
    form = SpentForm

    def holds(self, values: Values, day: date) -> ColumnElement[bool]:
        paid = _bought(select(func.coalesce(func.sum(Seat.price_minor * Seat.quantity), 0)), values, day)
        wanted = Money.parse(values["amount"])
        in_currency = paid.where(GroupBuy.currency == wanted.currency)
        return in_currency.correlate(Member).scalar_subquery() >= wanted.minor

    def words(self, values: Values) -> str:
        amount = money_words(Money.parse(values["amount"]))
        return str(_("Bought for at least %(amount)s, %(period)s", amount=amount, period=periods.period_words(values)))


def conditions() -> Sequence[Condition]:
    return Purchases(), Spent()


def _bought(query: Select[Any], values: Values, day: date) -> Select[Any]:
    """The seats of `Member` in group buys that came about in the period."""
    return (
        query.select_from(Seat)
        .join(GroupBuy, GroupBuy.id == Seat.group_buy_id)
        .where(Seat.member_id == Member.id, Seat.state == SeatState.CONFIRMED)
        .where(*periods.within(GroupBuy.settled_at, values, day))
    )
