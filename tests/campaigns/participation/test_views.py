"""A campaign on screen: for the lead, and for fans."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns.planning import writing
from campaigns.planning.models import MissionKind
from commons import zones
from community.circle.checking_in import check_in
from tests.campaigns.factories import SHANGHAI, make_campaign, make_offer, mission, signed_in_fan
from tests.factories import make_circle_post, make_fan

IN_ENGLISH = {"Accept-Language": "en"}


def test_the_board_shows_who_takes_part(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN))
    make_circle_post("第一泡", campaign_id=campaign.id)
    make_offer(campaign=campaign, title="龙井团购")
    check_in(make_fan("小满"), at)
    page = lead.get(f"/participation/{campaign.public_id}/board").text
    for words in ("小满", "第一泡", "龙井团购", "Content-led", f"/participation/{campaign.public_id}/curve.json"):
        assert words in page


def test_the_live_region_asks_again_in_less_than_two_seconds_and_shows_what_is_new(
    lead: FlaskClient, at: datetime
) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN))
    address = f"/participation/{campaign.public_id}/board/live"
    before = lead.get(address, headers={"HX-Request": "true"}).text
    assert 'hx-trigger="every 1500ms"' in before
    assert "小满" not in before
    check_in(make_fan("小满"), at)
    after = lead.get(address, headers={"HX-Request": "true"}).text
    assert after.lstrip().startswith('<div id="campaign-live"')
    assert "小满" in after


def test_a_campaign_that_is_over_stops_asking(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign()
    writing.call_off(campaign, by=campaign.lead, at=at)
    assert "hx-trigger" not in lead.get(f"/participation/{campaign.public_id}/board/live").text


def test_the_curve_comes_as_the_script_wants_it(lead: FlaskClient) -> None:
    curve = lead.get(f"/participation/{make_campaign().public_id}/curve.json").json
    assert curve is not None
    assert set(curve) == {"x", "series", "unit", "zone"}
    assert all(len(one["values"]) == len(curve["x"]) for one in curve["series"])


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


@pytest.mark.parametrize("address", ["board", "board/live", "curve.json", "participants", "participants.csv"])
def test_the_boards_are_for_staff(app: Flask, client: FlaskClient, at: datetime, address: str) -> None:
    campaign = make_campaign()
    signed_in_fan(client)
    assert client.get(f"/participation/{campaign.public_id}/{address}").status_code == 404


def test_a_members_profile_shows_his_campaigns(lead: FlaskClient, at: datetime) -> None:
    campaign, fan = make_campaign(mission(MissionKind.CHECK_IN), title="一起签到"), make_fan()
    check_in(fan, at)
    page = lead.get(f"/members/{fan.public_id}").text
    assert f"/participation/{campaign.public_id}/board" in page
    assert "一起签到" in page


def test_the_start_page_of_the_team_shows_what_runs(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign(title="一起签到")
    offer = make_offer(title="龙井团购")
    page = lead.get("/staff").text
    assert f"/participation/{campaign.public_id}/board" in page
    assert f"/groupbuys/{offer.public_id}" in page


def test_the_feed_and_the_status_page_show_what_runs(client: FlaskClient, at: datetime) -> None:
    make_campaign(mission(MissionKind.CHECK_IN), title="一起签到")
    signed_in_fan(client)
    assert "一起签到" in client.get("/circle").text
    assert "一起签到" in client.get("/circle/me").text
