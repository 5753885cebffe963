"""Launching in the browser: templates to begin from, findings, a campaign from now on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.planning import launching, slots, wording
from campaigns.planning.models import Campaign, CampaignKind
from campaigns.planning.slots import Finding
from campaigns.planning.template_list import LONG
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Role
from commons.slots import Slot
from tests.campaigns.factories import a_lead, make_campaign
from tests.campaigns.planning.factories import a_phase, a_plan, day
from tests.campaigns.planning.test_views import filled
from tests.factories import make_fan, make_staff, sign_in


@pytest.fixture
def boss(app: Flask, at: datetime) -> User:
    return a_lead()


def campaigns() -> list[Campaign]:
    return list(db.session.scalars(select(Campaign)))


def now_form(**changes: Any) -> dict[str, Any]:
    return {"template": "moment", "title": "初雪", "summary": "", "hours": "12", "participants": "40", **changes}


@pytest.fixture
def objecting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another room keeps every campaign back."""
    room = Slot[Any]("a room")
    room.plug(lambda _campaign, _at: [Finding("奖品超过上限", True, "反不正当竞争法 第十一条", "/draws")])
    monkeypatch.setattr(slots, "before_launch", room)


def test_a_new_campaign_begins_from_a_template(lead: FlaskClient) -> None:
    page = lead.get("/planning/new").text
    for template in LONG:
        assert f"/planning/new?template={template.name}" in page
    form = lead.get("/planning/new?template=meeting").text
    assert "Meet at our table" in form
    assert form.count(" checked") == 1, "the kind; missions are written when the draft is made"


def test_a_template_fills_the_draft(lead: FlaskClient) -> None:
    changes = {"starts": "2026-04-05T09:00", "ends": "2026-05-03T09:00", "kind": "content"}
    answer = lead.post("/planning/new?template=photo_call", data=filled(**changes))
    (campaign,) = campaigns()
    assert answer.location == f"/planning/{campaign.public_id}"
    assert (campaign.kind, campaign.title) == (CampaignKind.CONTENT, "春茶第一泡")
    assert len(campaign.phases) == 4
    assert {goal.measure for goal in campaign.goals} == {"participants", "comments", "opened_shares", "posts"}
    assert campaign.tasks[0].title == "Write the brief: what is shown, what is not"


def test_the_launch_page_shows_when_and_what(lead: FlaskClient, boss: User) -> None:
    plan = a_plan(boss)
    page = lead.get(f"/planning/{plan.public_id}/launch").text
    assert "Nothing stands in its way" in page
    answer = lead.post(f"/planning/{plan.public_id}/launch")
    assert answer.status_code == 303
    assert plan.launched_at is not None
    assert "launched already" in lead.get(f"/planning/{plan.public_id}/launch").text


def test_a_blocking_finding_is_shown_with_its_rule_and_keeps_it_back(
    lead: FlaskClient, boss: User, objecting: None
) -> None:
    plan = a_plan(boss)
    page = lead.get(f"/planning/{plan.public_id}/launch").text
    for words in ("奖品超过上限", "反不正当竞争法 第十一条", 'href="/draws"', "Keeps it back"):
        assert words in page
    assert f'action="/planning/{plan.public_id}/launch"' not in page
    answer = lead.post(f"/planning/{plan.public_id}/launch")
    assert answer.status_code == 409
    assert "奖品超过上限" in answer.text
    assert plan.launched_at is None


def test_one_form_launches_a_campaign_from_now_on(lead: FlaskClient, at: datetime) -> None:
    assert 'value="初雪"' in lead.get("/planning/now?title=初雪").text
    answer = lead.post("/planning/now", data=now_form())
    (campaign,) = campaigns()
    assert answer.location == f"/planning/{campaign.public_id}"
    assert wording.state_of(campaign, at) == "under_way"
    assert campaign.ends_at == at + timedelta(hours=12)


@pytest.mark.parametrize(
    "changes", [{"title": " "}, {"hours": "0"}, {"hours": "100"}, {"template": "photo_call"}, {"participants": "x"}]
)
def test_what_is_wrong_with_it_is_said(lead: FlaskClient, changes: dict[str, str]) -> None:
    assert lead.post("/planning/now", data=now_form(**changes)).status_code == 422
    assert campaigns() == []


def test_a_finding_keeps_it_back_and_nothing_is_left(lead: FlaskClient, objecting: None) -> None:
    answer = lead.post("/planning/now", data=now_form())
    assert answer.status_code == 409
    assert "奖品超过上限" in answer.text
    assert campaigns() == []


def test_the_calendar_and_a_hot_topic_lead_there(lead: FlaskClient) -> None:
    assert "/planning/now" in lead.get("/posts/calendar").text
    assert "/planning/now" in lead.get("/planning").text


def test_only_who_runs_campaigns_launches(client: FlaskClient, boss: User) -> None:
    plan = a_plan(boss)
    sign_in(client, make_staff(Role.SOCIAL_MANAGER))
    for address in (f"/planning/{plan.public_id}/launch", "/planning/now"):
        assert client.get(address).status_code == 404
        assert client.post(address, data=now_form()).status_code == 404
    assert "/planning/now" not in client.get("/planning").text
    assert plan.launched_at is None


def test_drafts_and_past_ones_have_lists_of_their_own(lead: FlaskClient, boss: User, at: datetime) -> None:
    make_campaign(title="在跑的")
    a_plan(boss, title="草稿的")
    make_campaign(title="过去的", starts=datetime(2026, 1, 1), ends=datetime(2026, 1, 9))
    lists = {part: lead.get(f"/planning?part={part}").text for part in ("open", "drafts", "past")}
    for part, title in (("open", "在跑的"), ("drafts", "草稿的"), ("past", "过去的")):
        assert [name for name, page in lists.items() if title in page] == [part]


def test_fans_find_a_draft_nowhere_and_a_teaser_with_its_day(client: FlaskClient, boss: User, at: datetime) -> None:
    plan = a_plan(boss, title="周末茶桌")
    a_phase(plan, -1, 0, is_teaser=True)
    sign_in(client, make_fan(language="en").user)  # type: ignore[arg-type]
    assert client.get(f"/participation/{plan.public_id}").status_code == 404
    launching.launch(plan, by=boss, at=at)
    db.session.flush()
    assert "周末茶桌" in client.get("/participation").text
    page = client.get(f"/participation/{plan.public_id}").text
    assert "It begins on" in page
    assert day(plan, 0) > at
