"""Who sees which variant: always the same one, by chance, and nobody of ours."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.links.choosing import deal
from campaigns.pages.experiments.models import Experiment, Visitor
from campaigns.planning.models import Campaign, MissionKind
from commons.db import db
from community.circle.checking_in import check_in
from tests.campaigns.factories import PHONE, make_campaign, mission, signed_in_fan
from tests.campaigns.pages.experiments.factories import a_test
from tests.factories import make_fan, make_staff, sign_in

HUMAN = {"User-Agent": PHONE}


@pytest.fixture
def campaign(app: Flask, at: datetime) -> Campaign:
    return make_campaign(mission(MissionKind.CHECK_IN))


@pytest.fixture
def experiment(campaign: Campaign) -> Experiment:
    return a_test(campaign)


def look(client: FlaskClient, campaign: Campaign, **headers: str) -> str:
    """Which of the pages is shown: 甲, 乙, or nothing for the usual one."""
    page = client.get(f"/participation/{campaign.public_id}", headers={**HUMAN, **headers}).text
    return next((name for name in "甲乙" if f"{name}页" in page), "")


def visitors() -> list[Visitor]:
    return list(db.session.scalars(select(Visitor)))


def test_a_visitor_sees_the_same_variant_every_time_and_is_counted_once(
    client: FlaskClient, campaign: Campaign, experiment: Experiment
) -> None:
    assert len({look(client, campaign) for _time in range(5)}) == 1
    assert len(visitors()) == 1


def test_the_cookie_says_nothing_about_anybody(app: Flask, campaign: Campaign, experiment: Experiment) -> None:
    client = app.test_client()
    look(client, campaign)
    cookie = client.get_cookie("variants")
    assert cookie is not None
    assert cookie.http_only
    assert len(cookie.value) == 12
    assert cookie.value == visitors()[0].mark


def test_different_people_see_both(app: Flask, campaign: Campaign, experiment: Experiment) -> None:
    assert {look(app.test_client(), campaign) for _person in range(16)} == {"甲", "乙"}


def test_people_are_dealt_by_share() -> None:
    dealt = Counter(deal([3, 1], key="test", mark=f"person {number}") for number in range(8000))
    assert dealt[0] / 8000 == pytest.approx(0.75, abs=0.02)


@pytest.mark.parametrize("browser", ["Googlebot/2.1", "curl/8", "", "facebookexternalhit/1.1"])
def test_machines_are_not_counted(
    client: FlaskClient, campaign: Campaign, experiment: Experiment, browser: str
) -> None:
    assert look(client, campaign, **{"User-Agent": browser}) == ""
    assert visitors() == []


def test_what_a_browser_fetches_ahead_is_not_counted(
    client: FlaskClient, campaign: Campaign, experiment: Experiment
) -> None:
    look(client, campaign, **{"Sec-Purpose": "prefetch"})
    assert visitors() == []


def test_our_own_team_is_not_counted(client: FlaskClient, campaign: Campaign, experiment: Experiment) -> None:
    sign_in(client, make_staff())
    assert look(client, campaign) == ""
    assert visitors() == []


def test_who_was_dealt_as_a_stranger_keeps_the_variant_as_a_fan(
    client: FlaskClient, campaign: Campaign, experiment: Experiment
) -> None:
    seen = look(client, campaign)
    fan = signed_in_fan(client)
    assert look(client, campaign) == seen
    assert [one.member_id for one in visitors()] == [fan.id]


def test_a_fan_keeps_the_variant_on_another_device(app: Flask, campaign: Campaign, experiment: Experiment) -> None:
    fan = make_fan()
    assert fan.user is not None
    seen = set()
    for _device in range(4):
        client = app.test_client()
        sign_in(client, fan.user)
        seen.add(look(client, campaign))
    assert len(seen) == 1
    assert len(visitors()) == 1


def test_the_next_person_at_the_same_browser_is_another(
    client: FlaskClient, campaign: Campaign, experiment: Experiment
) -> None:
    look(client, campaign)
    first = signed_in_fan(client, "小满")
    look(client, campaign)
    second = signed_in_fan(client, "阿树")
    look(client, campaign)
    assert {one.member_id for one in visitors()} == {first.id, second.id}


def test_who_acts_in_the_browser_is_who_was_shown_it(
    client: FlaskClient, campaign: Campaign, experiment: Experiment
) -> None:
    look(client, campaign)
    fan = signed_in_fan(client)
    client.post("/circle/check-in", headers=HUMAN)
    assert [one.member_id for one in visitors()] == [fan.id]


def test_who_is_in_already_is_shown_a_page_and_not_counted(
    client: FlaskClient, campaign: Campaign, experiment: Experiment, at: datetime
) -> None:
    check_in(signed_in_fan(client), at)
    assert look(client, campaign) in {"甲", "乙"}
    assert visitors() == []
