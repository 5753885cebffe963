"""The points shop on screen: for fans, and for those who run it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from commons import clock
from commons.db import db
from commons.permissions import Role
from community.loyalty import ledger
from community.loyalty.accounts import balance
from community.loyalty.models import Currency
from community.members.models import Member
from community.rewards.shop import offering
from community.rewards.shop.models import Handing, Redemption, Reward, RewardState
from tests.community.rewards.factories import ADDRESS, a_lead, make_reward, rich_fan, take, wanted
from tests.factories import make_staff, sign_in


def a_shopper(client: FlaskClient, points: int = 100) -> Member:
    """A fan with points who reads English, at `client`."""
    fan = rich_fan(points, language="en")
    assert fan.user is not None
    sign_in(client, fan.user)
    return fan


def the_lead(client: FlaskClient, role: Role = Role.CAMPAIGN_LEAD) -> None:
    sign_in(client, make_staff(role, language="en"))


def filled(**changes: Any) -> dict[str, Any]:
    usual = {
        "name_zh": "手作茶杯", "name_en": "Handmade cup", "about_zh": "", "about_en": "", "picture_alt": "",
        "handing": "counter", "cost": "80", "stock": "5", "per_fan": "", "level": "",
    }  # fmt: skip
    return {**usual, **changes}


def agreed(**changes: Any) -> dict[str, Any]:
    return {"token": "once", "cost": "80", **changes}


def test_the_shop_says_what_is_within_reach(client: FlaskClient, at: datetime) -> None:
    a_shopper(client)
    make_reward()
    make_reward(cost=150)

    page = client.get("/me/shop").text

    assert "You have 100 points." in page
    assert "Within reach" in page
    assert "50 points to go" in page


def test_an_empty_shop_says_what_is_next(client: FlaskClient, at: datetime) -> None:
    a_shopper(client)

    assert "The shop is empty at the moment" in client.get("/me/shop").text


def test_a_fan_redeems_and_finds_the_code(client: FlaskClient, at: datetime) -> None:
    fan, reward = a_shopper(client), make_reward()
    assert "Redeem for 80 points" in client.get(f"/me/shop/{reward.public_id}").text

    answer = client.post(f"/me/shop/{reward.public_id}", data=agreed())

    redemption = db.session.scalars(select(Redemption)).one()
    assert answer.location == f"/me/shop/mine/{redemption.public_id}"
    assert str(redemption.code) in client.get(answer.location).text
    assert balance(fan, Currency.POINTS) == 20
    assert "Ready to collect" in client.get("/me/shop/mine").text
    assert "Handmade cup" in client.get("/circle/me").text


def test_a_parcel_asks_for_the_address_and_keeps_what_was_written(client: FlaskClient, at: datetime) -> None:
    a_shopper(client)
    reward = make_reward(handing=Handing.PARCEL)

    half = client.post(f"/me/shop/{reward.public_id}", data=agreed(name="林小满"))
    whole = client.post(f"/me/shop/{reward.public_id}", data=agreed(**ADDRESS))

    assert half.status_code == 422
    assert "林小满" in half.text
    assert whole.status_code == 303
    assert db.session.scalars(select(Redemption)).one().address == ADDRESS


def test_that_the_last_one_is_gone_is_said_on_the_page(client: FlaskClient, at: datetime) -> None:
    fan, reward = a_shopper(client), make_reward(stock=1)
    take(reward, rich_fan(name="谷雨"))

    answer = client.post(f"/me/shop/{reward.public_id}", data=agreed())

    assert answer.status_code == 409
    assert "Somebody else got the last one." in answer.text
    assert balance(fan, Currency.POINTS) == 100


def test_another_cost_is_shown_before_it_is_taken(client: FlaskClient, at: datetime) -> None:
    fan, reward = a_shopper(client), make_reward()
    offering.write(reward, wanted(cost=90), by=a_lead(), at=at)

    answer = client.post(f"/me/shop/{reward.public_id}", data=agreed())

    assert answer.status_code == 409
    assert "it is 90 points now" in answer.text
    assert 'value="90"' in answer.text
    assert balance(fan, Currency.POINTS) == 100


def test_who_lacks_points_or_a_level_is_told_how_far_it_is(client: FlaskClient, at: datetime) -> None:
    a_shopper(client, 30)
    reward = make_reward()

    page = client.get(f"/me/shop/{reward.public_id}").text
    answer = client.post(f"/me/shop/{reward.public_id}", data=agreed())

    assert "50 points are still missing." in page
    assert "Redeem for" not in page
    assert answer.status_code == 409
    assert "There are not enough points" in answer.text


def test_a_fan_cancels_in_time(client: FlaskClient, at: datetime) -> None:
    fan, reward = a_shopper(client), make_reward()
    redemption = take(reward, fan)

    client.post(f"/me/shop/mine/{redemption.public_id}/cancel")

    assert balance(fan, Currency.POINTS) == 100
    assert "Points given back" in client.get("/me/shop/mine").text


def test_nobody_sees_what_another_fan_redeemed(client: FlaskClient, at: datetime) -> None:
    other = take(make_reward(handing=Handing.PARCEL), rich_fan(name="谷雨"))
    a_shopper(client)

    assert client.get(f"/me/shop/mine/{other.public_id}").status_code == 404
    assert client.post(f"/me/shop/mine/{other.public_id}/cancel").status_code == 404
    assert client.get("/rewards/redemptions").status_code == 404
    assert client.get("/rewards").status_code == 404
    assert other.refunded_at is None


def test_a_draft_is_hidden_from_fans(client: FlaskClient, at: datetime) -> None:
    draft = offering.write(None, wanted(), by=a_lead(), at=at)
    a_shopper(client)

    assert client.get(f"/me/shop/{draft.public_id}").status_code == 404


def test_the_team_sets_a_reward_up_and_puts_it_in(client: FlaskClient, at: datetime) -> None:
    the_lead(client)
    assert client.get("/rewards/new").status_code == 200

    answer = client.post("/rewards/new", data=filled())
    reward = db.session.scalars(select(Reward)).one()
    client.post(f"/rewards/{reward.public_id}/put-in")

    assert answer.location == f"/rewards/{reward.public_id}"
    assert (reward.state, reward.stock, reward.name.en) == (RewardState.OPEN, 5, "Handmade cup")
    assert "In the shop" in client.get("/rewards").text


@pytest.mark.parametrize("changes", [{"cost": "0"}, {"name_en": ""}, {"stock": "-1"}, {"handing": "pigeon"}])
def test_a_form_that_makes_no_reward_comes_back(client: FlaskClient, at: datetime, changes: dict[str, str]) -> None:
    the_lead(client)

    answer = client.post("/rewards/new", data=filled(**changes))

    assert answer.status_code == 422
    assert db.session.scalars(select(Reward)).all() == []


def test_too_small_a_stock_is_refused_on_the_form(client: FlaskClient, at: datetime) -> None:
    reward = make_reward()
    take(reward, rich_fan())
    the_lead(client)

    answer = client.post(f"/rewards/{reward.public_id}/edit", data=filled(stock="0"))

    assert answer.status_code == 409
    assert "the stock cannot be less" in answer.text


def test_codes_are_added_on_the_page(client: FlaskClient, at: datetime) -> None:
    the_lead(client)
    client.post("/rewards/new", data=filled(handing="code", stock=""))
    reward = db.session.scalars(select(Reward)).one()

    client.post(f"/rewards/{reward.public_id}/codes", data={"codes": "TEA-1\nTEA-2\n\nTEA-1"})

    assert reward.stock == 2
    assert "2 of 2" in client.get(f"/rewards/{reward.public_id}").text


def test_the_counter_looks_a_code_up_and_hands_over(client: FlaskClient, at: datetime) -> None:
    redemption = take(make_reward(), rich_fan())
    take(make_reward(), rich_fan(name="谷雨"))
    the_lead(client)

    found = client.get(f"/rewards/redemptions?sought={redemption.code}").text
    client.post(f"/rewards/redemptions/{redemption.public_id}/hand-over", data={"tracking": ""})

    assert "小满" in found
    assert "谷雨" not in found
    assert redemption.handed_at == at
    assert "Collected" in client.get("/rewards/redemptions?stage=handed").text


def test_parcels_go_out_as_a_table_that_is_not_kept(client: FlaskClient, at: datetime) -> None:
    take(make_reward(handing=Handing.PARCEL), rich_fan())
    take(make_reward(), rich_fan(name="谷雨"))
    the_lead(client)

    answer = client.get("/rewards/redemptions/parcels.csv", buffered=True)

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.count("\r\n") == 2
    assert ADDRESS["place"] in answer.text


def test_the_team_refunds_with_a_reason(client: FlaskClient, at: datetime) -> None:
    fan = rich_fan()
    redemption = take(make_reward(), fan)
    the_lead(client)
    page = f"/rewards/redemptions/{redemption.public_id}"
    assert client.post(f"{page}/refund", data={"note": ""}).status_code == 422

    client.post(f"{page}/refund", data={"note": "活动取消"})

    assert balance(fan, Currency.POINTS) == 100
    assert "活动取消" in client.get(page).text


def test_who_only_reads_sees_the_shelf_but_no_addresses(client: FlaskClient, at: datetime) -> None:
    reward = make_reward()
    redemption = take(reward, rich_fan())
    the_lead(client, Role.EXECUTIVE)

    assert client.get("/rewards").status_code == 200
    assert client.get(f"/rewards/{reward.public_id}").status_code == 200
    assert client.get(f"/rewards/redemptions/{redemption.public_id}").status_code == 404
    assert client.post(f"/rewards/{reward.public_id}/take-out").status_code == 404


def test_a_code_out_of_a_list_is_found_however_it_is_capitalised(client: FlaskClient, at: datetime) -> None:
    take(make_reward(handing=Handing.CODE, codes=("TEA-001",)), rich_fan())
    the_lead(client)

    for sought in ("TEA-001", "tea-0", "Tea"):
        assert "小满" in client.get(f"/rewards/redemptions?stage=handed&sought={sought}").text


def test_what_was_redeemed_goes_page_by_page_and_as_a_table(client: FlaskClient, at: datetime) -> None:
    reward, fan = make_reward(cost=1, stock=40), a_shopper(client)
    for _number in range(31):
        take(reward, fan)

    assert "?page=2" in client.get("/me/shop/mine").text
    assert client.get("/me/shop/mine?page=2").text.count("Handmade cup") == 1
    assert "Nothing further back" in client.get("/me/shop/mine?page=3").text

    the_lead(client)
    rows = client.get("/rewards/redemptions.csv", buffered=True).text.splitlines()
    assert (len(rows), rows[1].split(",")[:3]) == (32, ["小满", "Handmade cup", "1"])
    assert len(client.get("/rewards/redemptions.csv?stage=handed", buffered=True).text.splitlines()) == 1


def test_a_fan_who_cancels_late_is_asked_with_what_has_expired(client: FlaskClient, at: datetime) -> None:
    fan = a_shopper(client, 50)
    ledger.earn(fan, Currency.POINTS, 30, key="soon", at=at, expires_at=at + timedelta(days=3))
    address = f"/me/shop/mine/{take(make_reward(), fan).public_id}"
    clock.set_to(at + timedelta(days=4))
    assert fan.user is not None
    sign_in(client, fan.user)

    assert "30 of the points have expired meanwhile and do not come back." in client.get(address).text
    client.post(f"{address}/cancel")

    assert "30 points had expired meanwhile, the others are back." in client.get(address).text
