"""A campaign on screen: for the lead, and for fans."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns.planning import writing
from campaigns.planning.models import MissionKind
from commons import clock, zones
from community.circle.checking_in import check_in
from tests.campaigns.factories import SHANGHAI, make_campaign, make_offer, mission, signed_in_fan
from tests.campaigns.planning.factories import a_phase
from tests.factories import make_fan

IN_ENGLISH = {"Accept-Language": "en"}


def test_old_addresses_of_the_board_lead_to_the_control_room(lead: FlaskClient) -> None:
    campaign = make_campaign()
    answer = lead.get(f"/participation/{campaign.public_id}/board")
    assert (answer.status_code, answer.location) == (308, f"/control/{campaign.public_id}")


@pytest.mark.slow
def test_participants_go_on_where_the_page_stopped(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN))
    fans = [make_fan(f"粉丝{number:02}") for number in range(52)]
    for fan in fans:
        check_in(fan, at)
    first = lead.get(f"/participation/{campaign.public_id}/participants").text
    assert "粉丝49" in first
    assert "粉丝50" not in first
    more = first.partition("after=")[2].partition('"')[0]
    assert "粉丝51" in lead.get(f"/participation/{campaign.public_id}/participants?after={more}").text


@pytest.mark.parametrize("after", ["x", "-1", "9" * 40, "%FF"])
def test_nonsense_in_the_address_shows_the_first_page(lead: FlaskClient, at: datetime, after: str) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN))
    check_in(make_fan("小满"), at)
    assert "小满" in lead.get(f"/participation/{campaign.public_id}/participants?after={after}").text


def test_the_table_of_participants_holds_no_formula(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN))
    fan = make_fan('=cmd|"/c calc"!A1')
    check_in(fan, at)
    answer = lead.get(f"/participation/{campaign.public_id}/participants.csv", buffered=True)
    heading, line = answer.text.lstrip("\ufeff").splitlines()
    assert heading == "member,name,joined_at,facts,missions_fulfilled"
    assert "'=cmd" in line
    assert line.startswith(fan.public_id)
    assert line.endswith(f"{at.isoformat()},1,1")


def test_a_fan_sees_missions_and_how_far_he_is(client: FlaskClient, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN, 2), mission(MissionKind.COMMENT))
    fan = signed_in_fan(client)
    check_in(fan, at)
    page = client.get(f"/participation/{campaign.public_id}").text
    assert "1/2" in page
    assert "1 fan takes part" in page


def test_a_campaign_in_its_teaser_is_announced_beside_the_feed(client: FlaskClient, at: datetime) -> None:
    begins = zones.to_local(at + timedelta(days=3), SHANGHAI)
    campaign = make_campaign(title="秋茶会", starts=begins, ends=begins + timedelta(days=5))
    assert "秋茶会" not in client.get("/circle", headers=IN_ENGLISH).text
    a_phase(campaign, -2, 0, "预告", is_teaser=True)
    clock.set_to(at + timedelta(days=1))
    page = client.get("/circle", headers=IN_ENGLISH).text
    assert f"/participation/{campaign.public_id}" in page
    assert "Coming soon" in page
    writing.call_off(campaign, by=campaign.lead, at=clock.now())
    assert "秋茶会" not in client.get("/circle", headers=IN_ENGLISH).text


def test_a_stranger_is_invited(client: FlaskClient, at: datetime) -> None:
    campaign = make_campaign()
    page = client.get(f"/participation/{campaign.public_id}", headers=IN_ENGLISH).text
    assert campaign.title in page
    assert "Sign in to take part" in page
    assert campaign.title in client.get("/participation", headers=IN_ENGLISH).text


def test_what_has_not_begun_or_was_called_off_is_no_fans_business(client: FlaskClient, at: datetime) -> None:
    begin = zones.to_local(at, SHANGHAI) + timedelta(days=1)
    to_come = make_campaign(title="还没开始", starts=begin, ends=begin + timedelta(days=2))
    off = make_campaign(title="取消了")
    writing.call_off(off, by=off.lead, at=at)
    assert client.get(f"/participation/{to_come.public_id}").status_code == 404
    assert client.get(f"/participation/{off.public_id}").status_code == 404
    assert "还没开始" not in client.get("/participation").text


def test_participants_of_a_step_and_of_a_stretch_of_time(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN), mission(MissionKind.COMMENT))
    check_in(make_fan("小满"), at - timedelta(hours=2))
    check_in(make_fan("谷雨"), at)
    address = f"/participation/{campaign.public_id}/participants"
    early = {"until": (at - timedelta(hours=1)).isoformat()}
    shown = [lead.get(address, query_string=asked).text for asked in ({"step": "started"}, {"step": "finished"}, early)]
    assert [("小满" in page, "谷雨" in page) for page in shown] == [(True, True), (False, False), (True, False)]
    assert "小满" in lead.get(address, query_string={"step": "x", "since": "y", "until": "2026-03-01"}).text


@pytest.mark.parametrize("address", ["board", "participants", "participants.csv"])
def test_the_boards_are_for_staff(app: Flask, client: FlaskClient, at: datetime, address: str) -> None:
    campaign = make_campaign()
    signed_in_fan(client)
    assert client.get(f"/participation/{campaign.public_id}/{address}").status_code == 404


def test_a_members_profile_shows_his_campaigns(lead: FlaskClient, at: datetime) -> None:
    campaign, fan = make_campaign(mission(MissionKind.CHECK_IN), title="一起签到"), make_fan()
    check_in(fan, at)
    page = lead.get(f"/members/{fan.public_id}").text
    assert f"/control/{campaign.public_id}" in page
    assert "一起签到" in page


def test_the_start_page_of_the_team_shows_what_runs(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign(title="一起签到")
    offer = make_offer(title="龙井团购")
    page = lead.get("/staff").text
    assert f"/control/{campaign.public_id}" in page
    assert f"/groupbuys/{offer.public_id}" in page


def test_the_feed_and_the_status_page_show_what_runs(client: FlaskClient, at: datetime) -> None:
    make_campaign(mission(MissionKind.CHECK_IN), title="一起签到")
    signed_in_fan(client)
    assert "一起签到" in client.get("/circle").text
    assert "一起签到" in client.get("/circle/me").text
