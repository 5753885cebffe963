"""When the beginning moves, the plan moves along."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from campaigns.planning import launching, tasks, writing
from campaigns.planning.models import Campaign
from campaigns.planning.revising import Stale
from commons import events, jobs, zones
from commons.accounts.models import User
from commons.errors import Conflict, Invalid
from tests.campaigns.factories import SHANGHAI, a_lead
from tests.campaigns.planning.factories import a_line, a_phase, a_plan, a_task, day
from tests.campaigns.planning.test_writing import as_it_is


@pytest.fixture
def lead(app: Flask, at: datetime) -> User:
    return a_lead()


def moved(campaign: Campaign, days: float, end_too: bool = True) -> writing.Wanted:
    starts, ends = (zones.to_local(moment, campaign.zone) for moment in (campaign.starts_at, campaign.ends_at))
    by = timedelta(days=days)
    return replace(as_it_is(campaign), starts=starts + by, ends=ends + by if end_too else ends)


def test_phases_and_open_tasks_move_with_the_beginning(lead: User, at: datetime) -> None:
    plan = a_plan(lead)
    phase, open_task, done = a_phase(plan, 0, 3), a_task(plan, day(plan, -0.5)), a_task(plan, day(plan, 1))
    tasks.finish(done, by=lead, at=at)
    before = plan.starts_at
    writing.change(plan, moved(plan, 7), by=lead, at=at)
    assert plan.starts_at == before + timedelta(days=7)
    assert (phase.starts_at, phase.ends_at) == (day(plan, 0), day(plan, 3))
    assert open_task.due_at == day(plan, -0.5)
    assert done.due_at == before + timedelta(days=1)


def test_they_keep_their_hour_over_summer_time(app: Flask, at: datetime, lead: User) -> None:
    plan = a_plan(lead, starts=datetime(2026, 3, 25, 9), ends=datetime(2026, 4, 8, 9), zone="Europe/Berlin")
    phase = a_phase(plan, 0, 1)
    writing.change(plan, moved(plan, 7), by=lead, at=at)
    assert phase.starts_at == plan.starts_at == datetime(2026, 4, 1, 7, tzinfo=UTC)


def test_a_launched_plan_turns_at_its_new_moments(lead: User, at: datetime) -> None:
    plan = a_plan(lead)
    phase = a_phase(plan, 0, 3)
    launching.launch(plan, by=lead, at=at)
    writing.change(plan, moved(plan, 2), by=lead, at=at)
    jobs.drain(day(plan, -1))
    assert phase.begun_at is None
    jobs.drain(day(plan, 0))
    assert phase.begun_at == plan.starts_at
    jobs.drain(plan.ends_at)
    assert [fact.kind for fact in events.of_subject(plan)][-1] == "campaign.ended"


def test_a_period_that_leaves_a_phase_out_is_refused(lead: User, at: datetime) -> None:
    plan = a_plan(lead)
    a_phase(plan, 8, 10, "收尾")
    shorter = replace(as_it_is(plan), ends=zones.to_local(day(plan, 9), SHANGHAI))
    with pytest.raises(Conflict, match="收尾"):
        writing.change(plan, shorter, by=lead, at=at)


def test_a_launched_campaign_cannot_be_moved_into_the_past(lead: User, at: datetime) -> None:
    plan = a_plan(lead)
    launching.launch(plan, by=lead, at=at)
    with pytest.raises(Invalid):
        writing.change(plan, moved(plan, -2), by=lead, at=at)


def test_who_read_an_older_campaign_is_told_what_has_changed(lead: User, at: datetime) -> None:
    plan, other = a_plan(lead), a_lead()
    writing.change(plan, as_it_is(plan, title="新的名字", goal_participants=60), revision=0, by=other, at=at)
    with pytest.raises(Stale) as refusal:
        writing.change(plan, as_it_is(plan, title="我的名字"), revision=0, by=lead, at=at)
    (change,) = refusal.value.changes
    assert sorted(change.differences) == [("goal_participants", "100", "60"), ("title", "春茶第一泡", "新的名字")]


def test_the_currency_stays_while_the_budget_has_lines(lead: User, at: datetime) -> None:
    plan = a_plan(lead)
    writing.change(plan, as_it_is(plan, currency="EUR"), by=lead, at=at)
    a_line(plan)
    with pytest.raises(Conflict):
        writing.change(plan, as_it_is(plan, currency="USD"), by=lead, at=at)
