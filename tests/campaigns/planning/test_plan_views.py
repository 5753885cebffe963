"""The plan page: sections that are edited in their place, with htmx and without, by one person at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns.planning import changing, launching, writing
from campaigns.planning.models import BudgetLine, Campaign, Grade
from campaigns.planning.sections import SECTIONS
from commons import clock, zones
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Role
from tests.campaigns.factories import SHANGHAI, a_lead, make_campaign
from tests.campaigns.planning.factories import a_goal, a_line, a_phase, a_plan, a_risk, a_task, day
from tests.factories import make_fan, make_staff, sign_in

HTMX = {"HX-Request": "true"}


@pytest.fixture
def boss(app: Flask, at: datetime) -> User:
    return a_lead()


@pytest.fixture
def plan(boss: User) -> Campaign:
    return a_plan(boss)


def typed(plan: Campaign, section: str, boss: User) -> dict[str, Any]:
    """What somebody types into the form of a section."""
    begins = zones.to_local(plan.starts_at, SHANGHAI)
    forms: dict[str, dict[str, Any]] = {
        "goals": {"measure": "comments", "target": "250"},
        "phases": {
            "name": "主阶段",
            "starts": f"{begins:%Y-%m-%dT%H:%M}",
            "ends": f"{begins + timedelta(days=2):%Y-%m-%dT%H:%M}",
        },
        "tasks": {"title": "写邀请", "owner": boss.public_id, "due": f"{begins:%Y-%m-%dT%H:%M}", "note": ""},
        "budget": {"title": "茶点", "planned": "120.50", "spent": "0"},
        "risks": {
            "title": "没人来",
            "likelihood": "low",
            "impact": "high",
            "response": "打电话",
            "owner": boss.public_id,
            "state": "watched",
        },
    }
    return forms[section]


def words_of(section: str) -> str:
    return {"goals": "250", "phases": "主阶段", "tasks": "写邀请", "budget": "120.50", "risks": "没人来"}[section]


@pytest.mark.parametrize("section", SECTIONS)
def test_a_part_is_added_shown_and_exported(lead: FlaskClient, plan: Campaign, boss: User, section: str) -> None:
    address = f"/planning/{plan.public_id}/{section}"
    answer = lead.post(address, data=typed(plan, section, boss))
    assert (answer.status_code, answer.location) == (303, address)
    page = lead.get(address)
    assert words_of(section) in page.text
    table = lead.get(f"{address}.csv", buffered=True)
    assert table.mimetype == "text/csv"
    assert words_of(section) in table.text


@pytest.mark.parametrize("section", SECTIONS)
def test_htmx_gets_the_region_back(lead: FlaskClient, plan: Campaign, boss: User, section: str) -> None:
    answer = lead.post(f"/planning/{plan.public_id}/{section}", data=typed(plan, section, boss), headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="plan-section"')
    assert words_of(section) in answer.text


@pytest.mark.parametrize("section", SECTIONS)
def test_an_empty_section_says_what_to_do_next(lead: FlaskClient, plan: Campaign, section: str) -> None:
    page = lead.get(f"/planning/{plan.public_id}/{section}").text
    assert "empty-state" in page or section == "goals"  # how many people are wanted is always a goal
    assert f'action="/planning/{plan.public_id}/{section}"' in page


@pytest.mark.parametrize(
    ("section", "changes", "words"),
    [
        ("goals", {"measure": "applause"}, "Not a valid choice"),
        ("goals", {"measure": "participants"}, "Not a valid choice"),
        ("goals", {"target": "0"}, "between 1"),
        ("phases", {"name": " "}, "Please fill this in"),
        ("phases", {"ends": "2026-01-01T09:00"}, "It must end after it begins"),
        ("phases", {"starts": "2026-02-20T09:00"}, "within the period"),
        ("phases", {"is_teaser": "y"}, "A teaser ends when"),
        ("tasks", {"owner": "nobody"}, "Not a valid choice"),
        ("tasks", {"due": "someday"}, "Due"),
        ("budget", {"planned": "a lot"}, "Enter an amount"),
        ("budget", {"planned": "-5"}, "must not be negative"),
        ("risks", {"likelihood": "certain"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_added(
    lead: FlaskClient, plan: Campaign, boss: User, section: str, changes: dict[str, str], words: str
) -> None:
    before = len(SECTIONS[section].parts(plan))
    answer = lead.post(f"/planning/{plan.public_id}/{section}", data={**typed(plan, section, boss), **changes})
    assert answer.status_code == 422
    assert words in answer.text
    assert len(SECTIONS[section].parts(plan)) == before


def test_a_part_is_changed_in_its_place(lead: FlaskClient, plan: Campaign) -> None:
    line = a_line(plan, planned=10000)
    address = f"/planning/{plan.public_id}/budget/{line.public_id}"
    form = lead.get(address, headers=HTMX).text
    assert 'value="100.00"' in form
    assert 'name="revision" type="hidden" value="0"' in form
    data = {"title": "茶点", "planned": "100.00", "spent": "130.00", "revision": "0"}
    assert lead.post(address, data=data).status_code == 303
    assert (line.spent_minor, line.revision) == (13000, 1)
    page = lead.get(f"/planning/{plan.public_id}/budget").text
    assert "Over budget" in page


def test_a_stale_form_is_refused_with_what_changed_and_may_be_sent_again(
    lead: FlaskClient, plan: Campaign, boss: User, at: datetime
) -> None:
    other = make_staff(Role.CAMPAIGN_LEAD, "周澜")
    risk = a_risk(plan, title="没人来")
    changing.change(risk, {"impact": Grade.LOW}, by=other, at=at)
    data = {**typed(plan, "risks", boss), "title": "来的人太少", "revision": "0"}
    address = f"/planning/{plan.public_id}/risks/{risk.public_id}"
    answer = lead.post(address, data=data)
    assert answer.status_code == 409
    assert "周澜" in answer.text
    assert "How bad: High → Low" in answer.text
    assert 'value="来的人太少"' in answer.text
    assert risk.title == "没人来"
    assert 'name="revision" type="hidden" value="1"' in answer.text
    assert lead.post(address, data={**data, "revision": "1"}).status_code == 303
    assert risk.title == "来的人太少"


def test_a_part_that_somebody_removed_meanwhile_is_named_gone(lead: FlaskClient, plan: Campaign, boss: User) -> None:
    line = a_line(plan)
    address = f"/planning/{plan.public_id}/budget/{line.public_id}"
    assert lead.post(f"{address}/remove", data={"revision": "0"}).status_code == 303
    assert db.session.query(BudgetLine).count() == 0
    answer = lead.post(address, data=typed(plan, "budget", boss))
    assert "Somebody else has removed this meanwhile" in lead.get(str(answer.location)).text
    assert lead.post(f"{address}/remove", data={"revision": "0"}).status_code == 303


def test_a_stale_removal_is_refused(lead: FlaskClient, plan: Campaign, boss: User, at: datetime) -> None:
    line = a_line(plan)
    changing.change(line, {"spent_minor": 5}, by=boss, at=at)
    answer = lead.post(f"/planning/{plan.public_id}/budget/{line.public_id}/remove", data={"revision": "0"})
    assert answer.status_code == 409
    assert db.session.query(BudgetLine).count() == 1


def test_a_form_that_is_sent_twice_adds_one(lead: FlaskClient, plan: Campaign, boss: User) -> None:
    data = {**typed(plan, "budget", boss), "key": "abcdefgh2345"}
    for _time in range(2):
        assert lead.post(f"/planning/{plan.public_id}/budget", data=data).status_code == 303
    assert [line.public_id for line in plan.budget] == ["abcdefgh2345"]


def test_the_budget_is_in_the_currency_of_the_campaign(lead: FlaskClient, boss: User) -> None:
    plan = a_plan(boss, currency="JPY")
    address = f"/planning/{plan.public_id}/budget"
    assert lead.post(address, data={"title": "茶", "planned": "12.50", "spent": "0"}).status_code == 422
    lead.post(address, data={"title": "茶", "planned": "1200", "spent": "0"})
    (line,) = plan.budget
    assert (line.planned.minor, line.planned.currency) == (1200, "JPY")


def test_the_overview_shows_where_it_stands(lead: FlaskClient, plan: Campaign, boss: User, at: datetime) -> None:
    a_goal(plan, "orders", 77)
    a_phase(plan, 0, 4, "先认识")
    a_task(plan, day(plan, 2), title="写海报")
    a_risk(plan, title="下雨")
    a_line(plan, planned=100, spent=200)
    draft = lead.get(f"/planning/{plan.public_id}").text
    for words in ("This is a draft", "0 of 77", "写海报", "下雨", "Over budget", "/launch"):
        assert words in draft
    launching.launch(plan, by=boss, at=at)
    clock.set_to(day(plan, 1))
    running = lead.get(f"/planning/{plan.public_id}").text
    assert "Now: 先认识" in running
    assert "End early" in running
    assert "This is a draft" not in running


def test_ending_early_ends_it(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign()
    assert lead.post(f"/planning/{campaign.public_id}/end-early").status_code == 303
    assert campaign.ended_at == at
    page = lead.get(f"/planning/{campaign.public_id}").text
    assert "ended early" in page


def test_a_plan_that_was_called_off_is_only_read(lead: FlaskClient, plan: Campaign, boss: User, at: datetime) -> None:
    a_line(plan)
    writing.call_off(plan, by=boss, at=at)
    page = lead.get(f"/planning/{plan.public_id}/budget").text
    assert "茶点" in page
    assert "Add a line" not in page
    assert lead.post(f"/planning/{plan.public_id}/budget", data=typed(plan, "budget", boss)).status_code == 409


def test_who_reads_campaigns_reads_plans_and_changes_nothing(client: FlaskClient, plan: Campaign, boss: User) -> None:
    line = a_line(plan)
    sign_in(client, make_staff(Role.EXECUTIVE, language="en"))
    page = client.get(f"/planning/{plan.public_id}/budget")
    assert "茶点" in page.text
    assert "Add a line" not in page.text
    for address in ("budget", f"budget/{line.public_id}", f"budget/{line.public_id}/remove", "launch", "end-early"):
        assert client.post(f"/planning/{plan.public_id}/{address}", data={}).status_code == 404
    assert client.get(f"/planning/{plan.public_id}/budget/{line.public_id}").status_code == 404


def test_fans_find_no_plan(client: FlaskClient, plan: Campaign) -> None:
    sign_in(client, make_fan().user)  # type: ignore[arg-type]
    for address in ("", "/goals", "/budget.csv", "/launch"):
        assert client.get(f"/planning/{plan.public_id}{address}").status_code == 404


def test_what_is_no_section_is_not_found(lead: FlaskClient, plan: Campaign) -> None:
    assert lead.get(f"/planning/{plan.public_id}/feelings").status_code == 404
