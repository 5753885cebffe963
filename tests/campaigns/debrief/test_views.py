"""The review of a campaign: read, written on, taken along."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from campaigns.control import troubles
from campaigns.debrief import people, reviewing, writing
from campaigns.debrief.models import Lesson, NextTime
from campaigns.links.counting import write_visits
from campaigns.planning import tasks
from campaigns.planning.models import MissionKind, RiskState
from campaigns.publishing import holding
from campaigns.publishing.holding import Scope
from commons.db import db, random_id
from commons.permissions import Role
from community.circle.checking_in import check_in
from tests.campaigns.factories import a_lead, a_link, make_campaign, make_plan, mission, signed_in_fan, visit
from tests.campaigns.planning.factories import a_risk, a_task
from tests.factories import make_circle_post, make_fan, make_staff, sign_in


def test_a_review_says_what_was_planned_and_what_became_of_it(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN), title="一起签到", goal_participants=40)
    make_circle_post("第一泡", campaign_id=campaign.id)
    write_visits([visit(a_link(campaign=campaign, title="海报"), referrer="https://www.weibo.com/x")])
    check_in(make_fan("小满"), at)
    holding.begin(Scope.CAMPAIGN, "先等等", by=a_lead(), at=at, campaign=campaign)
    page = lead.get(f"/debrief/{campaign.public_id}").text
    for words in ("一起签到", "第一泡", "海报", "weibo.com", "小满", "Holds while it ran", '<svg class="review-chart"'):
        assert words in page
    assert "The campaign is not over yet" in page


def test_tasks_that_were_late_and_risks_that_came_true_stand_under_what_went_wrong(
    lead: FlaskClient, at: datetime
) -> None:
    campaign = make_campaign()
    for hours, done in ((1, False), (2, True), (9, False)):
        task = a_task(campaign, at + timedelta(hours=hours))
        if done:
            tasks.finish(task, by=campaign.lead, at=at + timedelta(hours=1))
    a_risk(campaign, state=RiskState.OCCURRED)
    a_risk(campaign)
    found = troubles.troubles(campaign, campaign.lead, at + timedelta(hours=3))
    numbers = {trouble.url.rpartition("/")[2]: trouble.number for trouble in found}
    assert numbers == {"tasks": 1, "risks": 1}
    assert "Risks that came true" in lead.get(f"/debrief/{campaign.public_id}").text


def test_a_campaign_that_nobody_took_part_in_has_a_review_too(lead: FlaskClient, at: datetime) -> None:
    page = lead.get(f"/debrief/{make_plan(missions=[]).public_id}").text
    assert "Nobody took part." in page
    assert "There was no mission." in page
    assert "no hold, no lost post" in page


def test_who_is_new_and_who_came_back(app: Flask, at: datetime) -> None:
    earlier = make_campaign(mission(MissionKind.CHECK_IN), starts=datetime(2026, 2, 1), ends=datetime(2026, 2, 20))
    old, new = make_fan("小满", at - timedelta(days=60)), make_fan("谷雨", at - timedelta(hours=1))
    check_in(old, datetime.fromisoformat("2026-02-10T12:00:00+00:00"))
    campaign = make_campaign(mission(MissionKind.CHECK_IN))
    for fan in (old, new):
        check_in(fan, at)
    found = people.people(campaign)
    assert (found.participants, found.new, found.returning, found.finished) == (2, 1, 1, 2)
    assert people.people(earlier).returning == 0
    assert [(source.key, source.number) for source in people.first_facts(campaign)] == [("circle.checked_in", 2)]


def test_hours_are_those_of_the_campaigns_zone(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN))
    check_in(make_fan(), at)
    hours = reviewing.review(campaign, a_lead(), at).hours
    assert (len(hours), hours[20], sum(hours)) == (24, 1, 1)


def test_a_lesson_is_kept_with_its_author_and_once(lead: FlaskClient, at: datetime) -> None:
    campaign, chosen = make_campaign(), random_id()
    for _time in range(2):
        lead.post(f"/debrief/{campaign.public_id}/lessons", data={"lesson": " 早一天发 ", "public_id": chosen})
    (lesson,) = db.session.scalars(select(Lesson)).all()
    assert (lesson.text, lesson.author.role, lesson.written_at) == ("早一天发", Role.CAMPAIGN_LEAD, at)
    assert "早一天发" in lead.get(f"/debrief/{campaign.public_id}").text
    refused = lead.post(f"/debrief/{campaign.public_id}/lessons", data={"lesson": " ", "public_id": random_id()})
    assert refused.status_code == 422
    assert "Please check these points" in refused.text


def test_a_decision_stands_on_the_list_until_it_is_seen_to(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign()
    lead.post(f"/debrief/{campaign.public_id}/next-time", data={"decision": "先试样", "public_id": random_id()})
    lead.post(f"/debrief/{campaign.public_id}/next-time", data={"decision": "", "public_id": random_id()})
    (decision,) = db.session.scalars(select(NextTime)).all()
    for _time in range(2):
        lead.post(f"/debrief/next-time/{decision.public_id}/done")
    assert (decision.done_at, decision.done_by_id is not None) == (at, True)
    assert "seen to by" in lead.get(f"/debrief/{campaign.public_id}").text
    assert [one.text for one in writing.decisions(campaign)] == ["先试样"]


def test_the_review_is_a_table_and_a_workbook(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN), goal_participants=40)
    check_in(make_fan('=cmd|"/c calc"!A1'), at)
    writing.learn(campaign, "早一天发", by=a_lead(), at=at, public_id=random_id())
    text = lead.get(f"/debrief/{campaign.public_id}.csv", buffered=True).text
    assert "Participants,40,1,4" in text
    assert "'=cmd" in text
    answer = lead.get(f"/debrief/{campaign.public_id}.xlsx", buffered=True)
    book = load_workbook(io.BytesIO(answer.data), read_only=True)
    assert {"Goals", "Missions", "Links", "Hours (Asia Shanghai)", "Who took part", "Lessons", "Next time"} <= set(
        book.sheetnames
    )
    assert [row[2] for row in book["Goals"].iter_rows(values_only=True)] == ["Reached so far", 1]
    assert book["Lessons"]["A2"].value == "早一天发"


def test_who_may_only_read_writes_nothing(client: FlaskClient, at: datetime) -> None:
    campaign = make_campaign()
    sign_in(client, make_staff(Role.EXECUTIVE, language="en"))
    assert "Keep the lesson" not in client.get(f"/debrief/{campaign.public_id}").text
    given = {"lesson": "x", "public_id": random_id()}
    assert client.post(f"/debrief/{campaign.public_id}/lessons", data=given).status_code == 404


def test_it_is_for_staff(client: FlaskClient, at: datetime) -> None:
    campaign = make_campaign()
    signed_in_fan(client)
    for address in ("", ".csv", ".xlsx"):
        assert client.get(f"/debrief/{campaign.public_id}{address}").status_code == 404
