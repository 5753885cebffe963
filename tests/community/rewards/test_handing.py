"""From the shelf to the fan, or back with all its points."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from commons.accounts import leaving
from commons.db import db
from commons.errors import Invalid
from community.loyalty import ledger
from community.loyalty.accounts import balance
from community.loyalty.books.reconciling import reconcile
from community.loyalty.models import Currency, Lot
from community.notices.models import Notice
from community.rewards.shop import handing, jobs, reading
from community.rewards.shop.handing import TooLate
from community.rewards.shop.models import Handing
from tests.community.rewards.factories import ADDRESS, a_lead, make_reward, rich_fan, take
from tests.factories import make_fan


def notices() -> list[str]:
    return [notice.kind for notice in db.session.scalars(select(Notice).order_by(Notice.id))]


def test_a_parcel_that_leaves_is_told_with_its_number_once(app: Flask, at: datetime) -> None:
    lead, redemption = a_lead(), take(make_reward(handing=Handing.PARCEL), rich_fan())

    handing.hand_over(redemption, by=lead, at=at, tracking=" SF1234 ")
    handing.hand_over(redemption, by=lead, at=at + timedelta(hours=1), tracking="other")

    notice = db.session.scalars(select(Notice)).one()
    assert (redemption.handed_at, redemption.tracking) == (at, "SF1234")
    assert (notice.kind, notice.details["tracking"]) == ("reward.sent", "SF1234")
    assert notice.url == f"/me/shop/mine/{redemption.public_id}"


def test_a_fan_who_cancels_has_every_point_back_in_its_own_lot(app: Flask, at: datetime) -> None:
    reward, fan = make_reward(), make_fan()
    soon, later = at + timedelta(days=9), at + timedelta(days=99)
    ledger.earn(fan, Currency.POINTS, 50, key="a", at=at, expires_at=soon)
    ledger.earn(fan, Currency.POINTS, 50, key="b", at=at, expires_at=later)
    redemption = take(reward, fan)

    handing.cancel(redemption, at=at)
    handing.cancel(redemption, at=at)

    left = {lot.expires_at: lot.remaining for lot in db.session.scalars(select(Lot))}
    assert left == {soon: 50, later: 50}
    assert (balance(fan, Currency.POINTS), reward.left) == (100, 5)
    assert reconcile() == []


def test_what_is_handed_over_cannot_be_cancelled(app: Flask, at: datetime) -> None:
    fan = rich_fan()
    redemption = take(make_reward(), fan)
    handing.hand_over(redemption, by=a_lead(), at=at)

    with pytest.raises(TooLate):
        handing.cancel(redemption, at=at)

    assert balance(fan, Currency.POINTS) == 20


def test_a_code_that_was_shown_cannot_be_cancelled(app: Flask, at: datetime) -> None:
    redemption = take(make_reward(handing=Handing.CODE, codes=("TEA-1",)), rich_fan())

    with pytest.raises(TooLate):
        handing.cancel(redemption, at=at)


def test_what_was_given_back_cannot_be_handed_over(app: Flask, at: datetime) -> None:
    redemption = take(make_reward(), rich_fan())
    handing.cancel(redemption, at=at)

    with pytest.raises(TooLate):
        handing.hand_over(redemption, by=a_lead(), at=at)


def test_the_team_refunds_a_broken_cup_without_putting_it_back(app: Flask, at: datetime) -> None:
    lead, reward, fan = a_lead(), make_reward(handing=Handing.PARCEL), rich_fan()
    redemption = take(reward, fan)
    handing.hand_over(redemption, by=lead, at=at)

    handing.refund(redemption, by=lead, at=at, note="杯子碎了")
    handing.refund(redemption, by=lead, at=at, note="again")

    assert (balance(fan, Currency.POINTS), reward.left, redemption.refund_note) == (100, 4, "杯子碎了")
    assert notices() == ["reward.sent_untracked", "reward.refunded"]
    assert reconcile() == []


def test_a_refund_before_handing_over_goes_back_on_the_shelf(app: Flask, at: datetime) -> None:
    reward = make_reward()
    handing.refund(take(reward, rich_fan()), by=a_lead(), at=at, note="活动取消")

    assert reward.left == 5


def test_points_that_expired_while_the_team_had_them_come_back_and_last_as_much_longer(
    app: Flask, at: datetime
) -> None:
    fan, day = make_fan(), timedelta(days=1)
    ledger.earn(fan, Currency.POINTS, 80, key="a", at=at, expires_at=at + 3 * day)
    redemption = take(make_reward(), fan)

    handing.refund(redemption, by=a_lead(), at=at + 10 * day, note="活动取消")
    ledger.expire_due(at + 12 * day)

    assert balance(fan, Currency.POINTS) == 80
    ledger.expire_due(at + 13 * day)
    assert balance(fan, Currency.POINTS) == 0


def test_who_cancels_late_is_told_what_has_expired_meanwhile(app: Flask, at: datetime) -> None:
    fan, day = make_fan(), timedelta(days=1)
    ledger.earn(fan, Currency.POINTS, 30, key="a", at=at, expires_at=at + 3 * day)
    ledger.earn(fan, Currency.POINTS, 50, key="b", at=at)
    redemption = take(make_reward(), fan)

    assert [reading.lapsed(redemption, at + days * day) for days in (2, 3)] == [0, 30]

    handing.cancel(redemption, at=at + 3 * day)
    ledger.expire_due(at + 3 * day)
    assert balance(fan, Currency.POINTS) == 50


def test_a_refund_needs_a_reason(app: Flask, at: datetime) -> None:
    fan = rich_fan()
    redemption = take(make_reward(), fan)

    with pytest.raises(Invalid):
        handing.refund(redemption, by=a_lead(), at=at, note="  ")

    assert balance(fan, Currency.POINTS) == 20


def test_addresses_are_erased_ninety_days_after_the_parcel_left(app: Flask, at: datetime) -> None:
    reward = make_reward(handing=Handing.PARCEL)
    sent, waiting = take(reward, rich_fan()), take(reward, rich_fan(name="谷雨"))
    handing.hand_over(sent, by=a_lead(), at=at)

    assert jobs.forget_old(at + timedelta(days=90)) == 0
    assert jobs.forget_old(at + timedelta(days=91)) == 1

    db.session.expire_all()
    assert (sent.address, waiting.address) == (None, ADDRESS)


def test_who_leaves_takes_the_address_along(app: Flask, at: datetime) -> None:
    fan = rich_fan()
    redemption = take(make_reward(handing=Handing.PARCEL), fan)
    user = fan.user
    assert user is not None
    assert leaving.export(user, at)["rewards"][0]["address"] == ADDRESS

    leaving.erase(user, at)

    db.session.refresh(redemption)
    assert redemption.address is None
