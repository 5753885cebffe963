"""The last one, and many hands: nothing is given twice, and who goes away empty-handed keeps the points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons import clock
from commons.accounts.models import User
from commons.db import db
from community.loyalty.accounts import balance
from community.loyalty.books.reconciling import reconcile
from community.loyalty.ledger import NotEnough
from community.loyalty.models import Currency
from community.members.models import Member
from community.rewards.shop import handing
from community.rewards.shop.models import Handing, Redemption, Reward
from community.rewards.shop.redeeming import NotForYou, SoldOut, redeem
from tests.at_once import at_once
from tests.community.rewards.factories import make_reward, rich_fan, take

pytestmark = pytest.mark.slow


def taking(reward_id: int, fan_id: int, token: str) -> Callable[[], object]:
    def act() -> object:
        reward, fan = db.session.get_one(Reward, reward_id), db.session.get_one(Member, fan_id)
        return redeem(reward, fan, cost=80, token=token, at=clock.now())

    return act


def committed(fans: int, points: int = 100, **changes: Any) -> tuple[int, list[int]]:
    reward_id = make_reward(**changes).id
    ids = [rich_fan(points, f"粉丝{number}").id for number in range(fans)]
    db.session.commit()
    return reward_id, ids


def points_of(fan_id: int) -> int:
    return balance(db.session.get_one(Member, fan_id), Currency.POINTS)


def test_two_fans_at_once_for_the_last_one(committed_app: Flask) -> None:
    reward_id, fans = committed(2, stock=1)

    failed = at_once(committed_app, *(taking(reward_id, fan, "t") for fan in fans))

    assert [type(error) for error in failed] == [SoldOut]
    assert sorted(points_of(fan) for fan in fans) == [20, 100]
    assert db.session.get_one(Reward, reward_id, populate_existing=True).taken == 1
    assert reconcile() == []


def test_thirty_fans_at_once_for_ten_codes_get_ten_different_ones(committed_app: Flask) -> None:
    reward_id, fans = committed(30, handing=Handing.CODE, codes=tuple(f"TEA-{number}" for number in range(10)))

    failed = at_once(committed_app, *(taking(reward_id, fan, "t") for fan in fans))

    codes = db.session.scalars(select(Redemption.code)).all()
    assert [type(error) for error in failed] == [SoldOut] * 20
    assert len(codes) == len(set(codes)) == 10
    assert sorted(points_of(fan) for fan in fans) == [20] * 10 + [100] * 20


def test_one_fan_ten_times_at_once_spends_no_more_than_there_is(committed_app: Flask) -> None:
    reward_id, (fan,) = committed(1, 170, stock=50)

    failed = at_once(committed_app, *(taking(reward_id, fan, f"t{turn}") for turn in range(10)))

    assert [type(error) for error in failed] == [NotEnough] * 8
    assert points_of(fan) == 10
    assert db.session.get_one(Reward, reward_id, populate_existing=True).taken == 2


def test_one_fan_ten_times_at_once_gets_one_where_one_is_the_limit(committed_app: Flask) -> None:
    reward_id, (fan,) = committed(1, 1000, stock=50, per_fan=1)

    failed = at_once(committed_app, *(taking(reward_id, fan, f"t{turn}") for turn in range(10)))

    assert [type(error) for error in failed] == [NotForYou] * 9
    assert points_of(fan) == 920


def test_the_same_form_ten_times_at_once_is_one_redemption(committed_app: Flask) -> None:
    reward_id, (fan,) = committed(1, 1000)

    assert at_once(committed_app, *(taking(reward_id, fan, "same") for _turn in range(10))) == []

    assert points_of(fan) == 920
    assert db.session.scalar(select(func.count()).select_from(Redemption)) == 1


def test_handing_over_and_cancelling_at_once_never_both(committed_app: Flask) -> None:
    reward = make_reward()
    fan, lead_id = rich_fan(), reward.made_by_id
    redemption_id, fan_id = take(reward, fan).id, fan.id
    db.session.commit()

    def cancel() -> None:
        handing.cancel(db.session.get_one(Redemption, redemption_id), at=clock.now())

    def hand() -> None:
        found = db.session.get_one(Redemption, redemption_id)
        handing.hand_over(found, by=db.session.get_one(User, lead_id), at=clock.now())

    failed = at_once(committed_app, *[cancel, hand] * 4)

    found = db.session.get_one(Redemption, redemption_id, populate_existing=True)
    assert {type(error) for error in failed} == {handing.TooLate}
    assert (found.handed_at is None) != (found.refunded_at is None)
    assert points_of(fan_id) == (100 if found.refunded_at else 20)
    assert reconcile() == []
