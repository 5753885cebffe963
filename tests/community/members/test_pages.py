"""The list and the profile of members, as staff open them."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons.permissions import Role
from community.loyalty import ledger
from community.loyalty.levels.climbing import levels
from community.loyalty.models import Currency
from tests.community.loyalty.factories import comment
from tests.factories import NOON, make_fan, make_staff, sign_in


@pytest.fixture
def staff(app: Flask, client: FlaskClient) -> FlaskClient:
    """A signed-in service agent, whose pages are in English."""
    sign_in(client, make_staff(Role.SERVICE_AGENT, language="en"))
    return client


def test_a_fan_finds_nothing_here(client: FlaskClient) -> None:
    fan = make_fan()
    sign_in(client, fan.user)

    assert client.get("/members").status_code == 404
    assert client.get(f"/members/{fan.public_id}").status_code == 404
    assert client.get("/members/members.csv").status_code == 404


def test_a_stranger_is_led_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/members").status_code == 303


def test_an_empty_list_says_how_it_fills(staff: FlaskClient) -> None:
    assert "Nobody yet" in staff.get("/members").text


def test_the_list_is_searched_by_name_and_level(staff: FlaskClient) -> None:
    shan, mu = make_fan("小山"), make_fan("阿木")
    ledger.earn(shan, Currency.GROWTH, 60, key="a", at=NOON)
    second = levels()[1].public_id

    found = staff.get("/members?name=山").text
    risen = staff.get(f"/members?level={second}").text
    lowest = staff.get(f"/members?level={levels()[0].public_id}").text

    assert shan.public_id in found
    assert mu.public_id not in found
    assert shan.public_id in risen
    assert mu.public_id not in risen
    assert mu.public_id in lowest
    assert shan.public_id not in lowest


def test_signs_in_a_search_mean_themselves(staff: FlaskClient) -> None:
    plain, percent = make_fan("小山"), make_fan("100%茶")

    found = staff.get("/members", query_string={"name": "%"}).text

    assert percent.public_id in found
    assert plain.public_id not in found
    assert "Nobody matches" in staff.get("/members", query_string={"name": "_"}).text


@pytest.mark.parametrize(
    "query", ["name=%20", "level=%27", "level=nothing", "page=x", "page=-3", "sort=%25", "page=99999999999"]
)
def test_an_address_that_makes_no_sense_breaks_nothing(staff: FlaskClient, query: str) -> None:
    assert staff.get(f"/members?{query}").status_code == 200


def test_the_list_goes_page_by_page_in_the_order_of_growth(staff: FlaskClient) -> None:
    fans = [make_fan(f"粉丝{number:02}") for number in range(27)]
    ledger.earn(fans[3], Currency.GROWTH, 10, key="a", at=NOON)

    first = staff.get("/members?sort=growth").text
    second = staff.get("/members?sort=growth&page=2").text

    assert first.index(fans[3].public_id) < min(first.index(fan.public_id) for fan in fans[:3])
    assert sum(fan.public_id in first for fan in fans) == 25
    assert sum(fan.public_id in second for fan in fans) == 2
    assert "27 members" in first


def test_htmx_gets_the_list_alone(staff: FlaskClient) -> None:
    answer = staff.get("/members", headers={"HX-Request": "true"}).text

    assert 'id="members"' in answer
    assert "<html" not in answer


def test_the_file_holds_every_member_and_no_formulas(staff: FlaskClient) -> None:
    fan = make_fan("=1+1")
    ledger.earn(fan, Currency.POINTS, 7, key="a", at=NOON)
    make_fan("阿木", at=NOON)

    answer = staff.get("/members/members.csv", buffered=True)
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))

    assert answer.mimetype == "text/csv"
    assert [row[0] for row in rows] == ["Name", "'=1+1", "阿木"]
    assert rows[1][1:4] == ["Newcomer", "0", "7"]
    assert rows[2][4] == "2026-03-01"


def test_the_profile_tells_what_happened_and_how_well_it_is_proven(staff: FlaskClient) -> None:
    fan = make_fan("小山", at=NOON)
    comment(fan, NOON)

    page = staff.get(f"/members/{fan.public_id}").text

    assert "Wrote a comment" in page
    assert "seen by the network" in page
    assert "Joined the circle" in page
    assert "Newcomer" in page


def test_the_profile_speaks_chinese_too(staff: FlaskClient) -> None:
    fan = make_fan("小山", at=NOON)
    with staff.session_transaction() as session:
        session["language"] = "zh_Hans"

    page = staff.get(f"/members/{fan.public_id}").text

    assert "初见" in page
    assert 'lang="zh-Hans"' in page


def test_an_erased_member_is_not_shown(staff: FlaskClient) -> None:
    fan = make_fan("小山")
    fan.erased_at = NOON

    assert staff.get(f"/members/{fan.public_id}").status_code == 404
    assert fan.public_id not in staff.get("/members").text
