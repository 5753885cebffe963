"""The control room on screen."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns.control import counted_views
from campaigns.links.counting import write_visits
from campaigns.planning import writing
from campaigns.planning.models import MissionKind
from commons import events
from community.circle.checking_in import check_in
from tests.campaigns.control.factories import a_campaign, comment
from tests.campaigns.factories import a_link, make_campaign, make_offer, make_plan, mission, signed_in_fan, visit
from tests.campaigns.planning.factories import a_goal
from tests.factories import make_circle_post, make_fan

HTMX = {"HX-Request": "true"}


def test_the_page_shows_who_takes_part_and_what_brought_them(lead: FlaskClient, at: datetime) -> None:
    campaign = a_campaign()
    make_circle_post("第一泡", campaign_id=campaign.id)
    make_offer(campaign=campaign, title="龙井团购")
    link = a_link(campaign=campaign, title="海报")
    write_visits([visit(link), visit(link)])
    check_in(make_fan("小满"), at)
    page = lead.get(f"/control/{campaign.public_id}").text
    for words in ("小满", "第一泡", "龙井团购", "海报", "Content-led", f"/control/{campaign.public_id}/curve.json"):
        assert words in page


def test_what_a_fan_does_is_on_the_screen_within_two_seconds(lead: FlaskClient, at: datetime) -> None:
    campaign = a_campaign()
    address = f"/control/{campaign.public_id}/live"
    before = lead.get(address, headers=HTMX).text
    assert 'hx-trigger="every 1500ms"' in before
    assert "小满" not in before
    check_in(make_fan("小满"), at)
    after = lead.get(address, headers=HTMX).text
    assert '<div id="control-live"' in after
    assert "小满" in after
    assert "new here" in after


def test_a_campaign_that_is_over_stops_asking(lead: FlaskClient, at: datetime) -> None:
    campaign = a_campaign()
    writing.call_off(campaign, by=campaign.lead, at=at)
    for part in ("live", "aside", "top"):
        assert "hx-trigger" not in lead.get(f"/control/{campaign.public_id}/{part}").text
    assert "data-curve-every" not in lead.get(f"/control/{campaign.public_id}").text


@pytest.mark.parametrize("by", ["minute", "hour", "day", "nonsense"])
def test_the_curve_comes_as_the_script_wants_it(lead: FlaskClient, at: datetime, by: str) -> None:
    campaign = a_campaign()
    check_in(make_fan(), at)
    curve = lead.get(f"/control/{campaign.public_id}/curve.json?by={by}").json
    assert curve is not None
    assert set(curve) == {"x", "series", "unit", "zone"}
    assert all(len(one["values"]) == len(curve["x"]) for one in curve["series"])
    assert [sum(one["values"]) for one in curve["series"][:2]] == [1, 1]


def test_one_mission_is_looked_at_alone(lead: FlaskClient, at: datetime) -> None:
    campaign = a_campaign()
    busy, quiet = make_fan("小满"), make_fan("谷雨")
    check_in(busy, at)
    comment(quiet, campaign, at, "c")
    only = campaign.missions[1].public_id
    live = lead.get(f"/control/{campaign.public_id}/live?mission={only}", headers=HTMX).text
    assert "谷雨" in live
    assert "小满" not in live
    assert f"mission={only}" in live
    assert "小满" in lead.get(f"/control/{campaign.public_id}/live?mission=nonsense", headers=HTMX).text


def test_the_most_active_go_on_where_the_page_stopped(lead: FlaskClient, at: datetime) -> None:
    campaign = a_campaign()
    for number in range(12):
        check_in(make_fan(f"粉丝{number:02}"), at)
    first = lead.get(f"/control/{campaign.public_id}/top", headers=HTMX).text
    following = first.partition("top=")[2].partition('"')[0]
    second = lead.get(f"/control/{campaign.public_id}/top?top={following}", headers=HTMX).text
    names = {f"粉丝{number:02}" for number in range(12)}
    shown = [{name for name in names if name in page} for page in (first, second)]
    assert [len(found) for found in shown] == [10, 2]
    assert shown[0] | shown[1] == names
    assert "hx-trigger" not in second
    assert ">11<" in second


@pytest.mark.parametrize("top", ["x", "1.2.3", "-1.0.0.0", "9" * 60, "1.1.1.一"])
def test_nonsense_in_the_address_shows_the_first_page(lead: FlaskClient, at: datetime, top: str) -> None:
    campaign = a_campaign()
    check_in(make_fan("小满"), at)
    assert "小满" in lead.get(f"/control/{campaign.public_id}/top", query_string={"top": top}, headers=HTMX).text


def test_a_number_opens_its_rows_and_they_go_on(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.COMMENT, 60))
    fan = make_fan("小满")
    for number in range(52):
        comment(fan, campaign, at + timedelta(seconds=number), f"c{number}")
    first = lead.get(f"/control/{campaign.public_id}/acts").text
    assert first.count("<tr>") == 51
    older = first.partition("before=")[2].partition('"')[0]
    assert lead.get(f"/control/{campaign.public_id}/acts?before={older}").text.count("<tr>") == 3


@pytest.mark.parametrize("name", ["comments", "missions_fulfilled", "orders"])
def test_the_number_of_a_goal_opens_what_counts(lead: FlaskClient, at: datetime, name: str) -> None:
    campaign = a_campaign()
    if name == "missions_fulfilled":
        check_in(make_fan("小满"), at)
    else:
        events.track({"comments": "interaction.comment", "orders": "link.ordered"}[name], key="one", at=at,
                     member_id=make_fan("小满").id, campaign_id=campaign.id)  # fmt: skip
    a_goal(campaign, name)
    address = f"/control/{campaign.public_id}/counted/{name}"
    assert address in lead.get(f"/control/{campaign.public_id}").text
    assert address in lead.get(f"/planning/{campaign.public_id}/goals").text
    assert address in lead.get(f"/debrief/{campaign.public_id}").text
    assert lead.get(address).text.count("小满") == 1
    assert len(lead.get(f"{address}.csv", buffered=True).text.splitlines()) == 2


def test_rows_of_a_goal_go_on_and_a_measure_that_there_is_not_has_none(
    lead: FlaskClient, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counted_views, "PAGE", 2)
    campaign = a_campaign()
    for number in range(3):
        comment(make_fan(f"茶友{number}"), campaign, at, f"c{number}")
    address = f"/control/{campaign.public_id}/counted/comments"
    first = lead.get(address).text
    second = lead.get(f"{address}?before=" + first.split("before=")[1].split('"')[0]).text
    assert ["茶友0" in page for page in (first, second)] == [False, True]
    for nothing in ("nothing", "participants"):
        assert lead.get(f"/control/{campaign.public_id}/counted/{nothing}").status_code == 404
    assert "Nothing counts yet" in lead.get(f"/control/{campaign.public_id}/counted/orders").text


def test_everything_shown_is_a_table_too(lead: FlaskClient, at: datetime) -> None:
    campaign = a_campaign()
    make_circle_post("第一泡", campaign_id=campaign.id)
    write_visits([visit(a_link(campaign=campaign, title="海报"))])
    check_in(make_fan('=cmd|"/c calc"!A1'), at)
    text = lead.get(f"/control/{campaign.public_id}/export.csv", buffered=True).text.lstrip("\ufeff")
    lines = text.splitlines()
    assert lines[0] == "part,name,at,number,of,planned,more"
    parts = {line.partition(",")[0] for line in lines[1:]}
    assert parts == {
        "goal", "number", "funnel", "mission", "curve by minute", "curve by hour", "curve by day", "post", "link",
        "participant", "act",
    }  # fmt: skip
    assert "'=cmd" in text
    assert "funnel,visits,,1,,," in lines


def test_without_a_mission_the_lead_learns_what_to_do(lead: FlaskClient, at: datetime) -> None:
    campaign = make_plan(missions=[])
    assert "Without a mission nothing counts." in lead.get(f"/control/{campaign.public_id}").text


@pytest.mark.parametrize("address", ["", "/live", "/aside", "/top", "/curve.json", "/acts", "/export.csv"])
def test_it_is_for_staff(app: Flask, client: FlaskClient, at: datetime, address: str) -> None:
    campaign = a_campaign()
    signed_in_fan(client)
    assert client.get(f"/control/{campaign.public_id}{address}").status_code == 404
