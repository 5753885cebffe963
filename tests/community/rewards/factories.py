"""Rewards and fans with points, made through the real verbs."""

from __future__ import annotations

from itertools import count
from typing import Any

from commons import clock
from commons.accounts.models import User
from commons.i18n import Words
from commons.permissions import Role
from community.loyalty import ledger
from community.loyalty.models import Currency
from community.members.models import Member
from community.rewards.shop import offering
from community.rewards.shop.models import Handing, Redemption, Reward
from community.rewards.shop.redeeming import redeem
from tests.factories import make_fan, make_staff

ADDRESS = {"name": "林小满", "phone": "13800000000", "place": "杭州市西湖区云脚路 8 号"}

_numbers = count(1)


def a_lead() -> User:
    return make_staff(Role.CAMPAIGN_LEAD, "许乔")


def wanted(**changes: Any) -> offering.Wanted:
    """A cup for 80 points, five of them, collected at the counter."""
    usual: dict[str, Any] = {
        "name": Words("手作茶杯", "Handmade cup"),
        "about": Words("每一只都不一样。", "No two are alike."),
        "picture": None,
        "picture_alt": "",
        "handing": Handing.COUNTER,
        "cost": 80,
        "stock": 5,
        "per_fan": None,
        "level": None,
    }
    return offering.Wanted(**{**usual, **changes})


def make_reward(*, by: User | None = None, codes: tuple[str, ...] = (), **changes: Any) -> Reward:
    """A reward that stands in the shop."""
    lead = by or a_lead()
    reward = offering.write(None, wanted(**changes), by=lead, at=clock.now())
    if codes:
        offering.add_codes(reward, codes, by=lead, at=clock.now())
    offering.put_in(reward, by=lead, at=clock.now())
    return reward


def rich_fan(points: int = 100, name: str = "小满", **changes: Any) -> Member:
    """A fan who has points."""
    fan = make_fan(name, **changes)
    ledger.earn(fan, Currency.POINTS, points, key=f"rich:{next(_numbers)}", at=clock.now())
    return fan


def take(reward: Reward, fan: Member, token: str = "", **changes: Any) -> Redemption:
    """The fan redeems it at its cost."""
    address = ADDRESS if reward.handing is Handing.PARCEL else None
    given: dict[str, Any] = {"cost": reward.cost, "address": address, "at": clock.now()}
    return redeem(reward, fan, token=token or f"t{next(_numbers)}", **{**given, **changes})
