"""Posts on the plan of their campaign, the way from there to a new one, and phases in the calendar."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns.planning.models import Campaign
from campaigns.posts.of_campaign import lines
from campaigns.publishing import scheduling
from commons.accounts.models import User
from commons.permissions import Role
from tests.campaigns.factories import a_lead, make_campaign
from tests.campaigns.planning.factories import a_phase, a_plan, day
from tests.campaigns.posts.planner.factories import planned
from tests.factories import make_staff, sign_in


@pytest.fixture
def author(app: Flask, at: datetime) -> User:
    return make_staff(language="en")


@pytest.fixture
def plan(author: User) -> Campaign:
    return a_plan(a_lead(), title="周末茶桌")


def test_a_plan_shows_its_posts_in_the_order_in_which_they_go(
    client: FlaskClient, author: User, plan: Campaign, at: datetime
) -> None:
    sign_in(client, author)
    planned(author, at, "第二条", day(plan, 3), campaign=plan)
    planned(author, at, "第一条", day(plan, 1), campaign=plan)
    planned(author, at, "别的活动", day(plan, 1), campaign=make_campaign())
    planned(author, at, "结束以后", day(plan, 12), campaign=plan)
    assert [line.post.text for line in lines(plan)] == ["第一条", "第二条"]
    page = client.get(f"/planning/{plan.public_id}").text
    assert "第一条" in page
    assert f"campaign={plan.public_id}&amp;month=2026-03" in page


def test_a_post_of_the_teaser_is_among_them(author: User, plan: Campaign, at: datetime) -> None:
    planned(author, at, "预告", day(plan, -0.5), campaign=plan)
    assert lines(plan) == []
    a_phase(plan, -0.9, 0, is_teaser=True)
    assert [line.post.text for line in lines(plan)] == ["预告"]


def test_drafts_without_a_time_are_counted(client: FlaskClient, author: User, plan: Campaign, at: datetime) -> None:
    sign_in(client, author)
    scheduling.take_back(planned(author, at, "草稿", day(plan, 1), campaign=plan), by=author, at=at)
    assert lines(plan) == []
    assert "1 draft has no time yet" in client.get(f"/planning/{plan.public_id}").text


def test_a_post_for_a_campaign_has_it_filled_in(client: FlaskClient, author: User, plan: Campaign) -> None:
    sign_in(client, author)
    begun = client.get(f"/posts/new?campaign={plan.public_id}&day=2026-03-05")
    page = client.get(str(begun.location)).text
    assert re.search(rf'<option selected value="{plan.public_id}">周末茶桌', page)
    assert "2026-03-05T10:00" in page


def test_a_campaign_that_there_is_not_fills_in_none(client: FlaskClient, author: User) -> None:
    sign_in(client, author)
    begun = client.get("/posts/new?campaign=nothere")
    assert client.get(str(begun.location)).status_code == 200


def test_the_calendar_shows_phases_of_the_campaigns_that_are_chosen(
    client: FlaskClient, author: User, plan: Campaign
) -> None:
    sign_in(client, author)
    a_phase(plan, 0, 3, "先认识")
    a_phase(plan, 3, 10, "坐下来")
    everything = client.get("/posts/calendar?month=2026-03").text
    assert "周末茶桌" in everything
    assert "先认识" not in everything
    for view in ("month", "list", "week"):
        page = client.get(f"/posts/calendar?month=2026-03&day=2026-03-03&view={view}&campaign={plan.public_id}").text
        bars = re.findall(rf'is-phase[^"]*" href="/planning/{plan.public_id}/phases">([^<]+)', page)
        assert {bar.strip() for bar in bars} == {"先认识", "坐下来"}


def test_who_does_not_write_posts_is_offered_none(client: FlaskClient, plan: Campaign) -> None:
    sign_in(client, make_staff(Role.EXECUTIVE, language="en"))
    page = client.get(f"/planning/{plan.public_id}").text
    assert "No post is planned yet" in page
    assert "/posts/new" not in page
    assert plan.starts_at + timedelta(days=10) == plan.ends_at
