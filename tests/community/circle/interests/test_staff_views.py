"""Setting circles up, for staff."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons import clock
from commons.db import db
from commons.permissions import Role
from community.circle.interests import circles
from community.circle.interests.models import InterestCircle
from tests.community.circle.interests.factories import make_circle, make_joined
from tests.factories import NOON, make_staff, sign_in

WORDS = {
    "name_zh": "茶友", "name_en": "Tea friends", "about_zh": "一起喝茶", "about_en": "Tea together",
    "rules_zh": "好好说话\n\n不发广告", "rules_en": "Speak kindly\nNo advertising", "symbol": "mug",
}  # fmt: skip


@pytest.fixture
def browser(app: Flask, client: FlaskClient) -> FlaskClient:
    clock.set_to(NOON)
    sign_in(client, make_staff(Role.SOCIAL_MANAGER))
    return client


def test_a_circle_is_opened_in_a_form(browser: FlaskClient) -> None:
    assert browser.get("/interests").status_code == 200
    assert browser.get("/interests/new").status_code == 200
    answer = browser.post("/interests/new", data=WORDS)
    circle = db.session.scalars(select(InterestCircle)).one()
    assert answer.location == f"/interests/{circle.public_id}"
    assert (circle.name.en, circle.rules.zh) == ("Tea friends", "好好说话\n不发广告")
    assert "茶友" in browser.get("/interests").text


@pytest.mark.parametrize("wrong", [{"name_en": ""}, {"rules_en": "Speak kindly"}, {"symbol": "skull"}])
def test_what_is_missing_or_does_not_match_is_said(browser: FlaskClient, wrong: dict[str, str]) -> None:
    assert browser.post("/interests/new", data=WORDS | wrong).status_code == 422
    assert db.session.scalars(select(InterestCircle)).all() == []


def test_words_and_rules_are_changed(browser: FlaskClient) -> None:
    circle = make_circle()
    page = f"/interests/{circle.public_id}"
    assert browser.get(page).status_code == 200
    assert browser.post(page, data=WORDS | {"name_zh": "老茶友"}).status_code == 303
    assert circle.name.zh == "老茶友"


def test_a_host_is_named_and_released(browser: FlaskClient) -> None:
    circle = make_circle()
    fan = make_joined(circle, "老周")
    page = f"/interests/{circle.public_id}"
    browser.post(f"{page}/hosts", data={"member": fan.public_id, "on": "1"})
    assert circles.hosts_of(circle) == [fan]
    assert "老周" in browser.get(page).text
    browser.post(f"{page}/hosts", data={"member": fan.public_id, "on": "0"})
    assert circles.hosts_of(circle) == []


def test_a_circle_is_closed_and_opened_again(browser: FlaskClient) -> None:
    circle = make_circle()
    browser.post(f"/interests/{circle.public_id}/standing", data={"open": "0"})
    assert circle.closed_at == NOON
    assert browser.get(f"/circle/interests/{circle.public_id}").status_code == 200
    browser.post(f"/interests/{circle.public_id}/standing", data={"open": "1"})
    assert circle.closed_at is None


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.CAMPAIGN_LEAD])
def test_only_who_sets_circles_up_comes_in(app: Flask, client: FlaskClient, role: Role) -> None:
    circle = make_circle()
    sign_in(client, make_staff(role))
    for page in ("/interests", "/interests/new", f"/interests/{circle.public_id}"):
        assert client.get(page).status_code == 404
