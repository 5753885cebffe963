"""Points become things: at the cost that was shown, once, and only while there are any."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from commons import clock
from commons.db import db
from commons.errors import Invalid
from commons.events import Event
from community.loyalty import ledger, why
from community.loyalty.accounts import balance
from community.loyalty.books.reconciling import reconcile
from community.loyalty.ledger import NotEnough
from community.loyalty.levels.climbing import levels
from community.loyalty.models import Currency
from community.rewards.shop import offering
from community.rewards.shop.models import Handing, Redemption, RewardState
from community.rewards.shop.redeeming import NotForYou, NotInShop, OtherPrice, SoldOut
from tests.community.rewards.factories import ADDRESS, a_lead, make_reward, rich_fan, take, wanted


def test_the_points_go_and_the_stock_shrinks(app: Flask, at: datetime) -> None:
    reward, fan = make_reward(), rich_fan(100)

    redemption = take(reward, fan)

    assert (balance(fan, Currency.POINTS), reward.left) == (20, 4)
    assert (redemption.cost, redemption.waits, len(redemption.code or "")) == (80, True, 10)
    assert redemption.entry.event is not None
    assert redemption.entry.event.kind == "reward.redeemed"
    assert reconcile() == []


def test_the_history_says_what_the_points_went_for(app: Flask, at: datetime) -> None:
    fan = rich_fan()
    clock.set_to(at + timedelta(minutes=1))
    take(make_reward(), fan)

    line = why.history(fan).lines[0]

    assert (line.points, line.reasons) == (-80, [])
    assert "手作茶杯" in line.words
    assert why.earned(why.history(fan).lines)[1] == 100


def test_the_same_form_sent_twice_is_one_redemption(app: Flask, at: datetime) -> None:
    reward, fan = make_reward(), rich_fan(200)

    assert take(reward, fan, "once") == take(reward, fan, "once")

    assert (balance(fan, Currency.POINTS), reward.taken) == (120, 1)


def test_who_has_too_few_points_leaves_the_stock_as_it_was(app: Flask, at: datetime) -> None:
    reward, fan = make_reward(), rich_fan(79)

    with pytest.raises(NotEnough):
        take(reward, fan)

    db.session.refresh(reward)
    assert (balance(fan, Currency.POINTS), reward.taken) == (79, 0)
    assert db.session.scalars(select(Event).where(Event.kind == "reward.redeemed")).all() == []


def test_the_last_one_goes_once(app: Flask, at: datetime) -> None:
    reward, late = make_reward(stock=1), rich_fan(name="谷雨")
    take(reward, rich_fan())

    with pytest.raises(SoldOut):
        take(reward, late)

    assert balance(late, Currency.POINTS) == 100


def test_a_cost_that_changed_meanwhile_is_not_taken(app: Flask, at: datetime) -> None:
    reward, fan = make_reward(), rich_fan()
    offering.write(reward, wanted(cost=90), by=a_lead(), at=at)

    with pytest.raises(OtherPrice) as refusal:
        take(reward, fan, cost=80)

    assert "90" in str(refusal.value.message)
    assert (balance(fan, Currency.POINTS), reward.taken) == (100, 0)


def test_what_was_taken_out_of_the_shop_cannot_be_had(app: Flask, at: datetime) -> None:
    reward, fan = make_reward(), rich_fan()
    offering.take_out(reward, by=a_lead(), at=at)

    with pytest.raises(NotInShop):
        take(reward, fan)

    assert balance(fan, Currency.POINTS) == 100


def test_a_level_can_be_asked_for(app: Flask, at: datetime) -> None:
    second = levels()[1]
    reward, fan = make_reward(level=second), rich_fan()

    with pytest.raises(NotForYou):
        take(reward, fan)
    ledger.earn(fan, Currency.GROWTH, second.threshold, key="growth", at=at)

    assert take(reward, fan).cost == 80


def test_one_fan_gets_no_more_than_everybody_may_have(app: Flask, at: datetime) -> None:
    reward, fan = make_reward(per_fan=1), rich_fan(300)
    take(reward, fan)

    with pytest.raises(NotForYou):
        take(reward, fan)

    assert (balance(fan, Currency.POINTS), reward.taken) == (220, 1)


def test_a_parcel_needs_an_address_and_keeps_it_unreadable(app: Flask, at: datetime) -> None:
    reward, fan = make_reward(handing=Handing.PARCEL), rich_fan(200)
    with pytest.raises(Invalid):
        take(reward, fan, address={"name": "林小满"})

    redemption = take(reward, fan)

    kept = db.session.connection().exec_driver_sql("SELECT address FROM redemption").scalar_one()
    assert redemption.address == ADDRESS
    assert "林小满" not in kept


def test_codes_are_given_in_order_each_to_one_fan(app: Flask, at: datetime) -> None:
    reward = make_reward(handing=Handing.CODE, codes=("TEA-1", "TEA-2"))
    first, second = take(reward, rich_fan()), take(reward, rich_fan(name="谷雨"))

    assert (first.code, second.code) == ("TEA-1", "TEA-2")
    assert (first.handed_at, reward.left) == (at, 0)


def test_codes_that_are_there_already_are_left_out(app: Flask, at: datetime) -> None:
    lead, reward = a_lead(), make_reward(handing=Handing.CODE, codes=("TEA-1", "TEA-2"))

    assert offering.add_codes(reward, ["TEA-2", " TEA-3 ", "", "TEA-3"], by=lead, at=at) == 1
    assert reward.stock == 3


def test_nothing_is_put_into_the_shop_without_a_piece_of_it(app: Flask, at: datetime) -> None:
    lead = a_lead()
    reward = offering.write(None, wanted(stock=0), by=lead, at=at)

    with pytest.raises(Invalid):
        offering.put_in(reward, by=lead, at=at)

    assert reward.state is RewardState.DRAFT


def test_the_stock_never_falls_below_what_is_taken(app: Flask, at: datetime) -> None:
    lead, reward = a_lead(), make_reward()
    take(reward, rich_fan())
    take(reward, rich_fan(name="谷雨"))

    with pytest.raises(offering.FewerThanTaken):
        offering.write(reward, wanted(stock=1), by=lead, at=at)


def test_out_of_the_shop_and_back_in_is_on_record(app: Flask, at: datetime) -> None:
    lead, reward = a_lead(), make_reward()
    offering.take_out(reward, by=lead, at=at)
    offering.take_out(reward, by=lead, at=at)
    assert reward.state is RewardState.CLOSED
    offering.put_in(reward, by=lead, at=at + timedelta(hours=1))

    kinds = [
        event.kind
        for event in db.session.scalars(select(Event).where(Event.subject_id == reward.id).order_by(Event.id))
    ]
    assert reward.state is RewardState.OPEN
    assert kinds == ["reward.offered", "reward.withdrawn", "reward.offered"]
    assert db.session.scalars(select(Redemption)).all() == []
