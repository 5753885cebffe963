"""Tasks: who does them, who may tick them off, and the letter of the day before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns.planning import changing, reminding, tasks, writing
from campaigns.planning.models import Campaign
from commons import events, jobs
from commons.accounts.models import User
from commons.db import db
from commons.errors import NotAllowed
from commons.permissions import Role
from tests.campaigns.factories import a_lead
from tests.campaigns.planning.factories import a_plan, a_task
from tests.factories import make_staff, sign_in
from tests.servers.smtp import Smtp

A_DAY = timedelta(days=1)


@pytest.fixture
def boss(app: Flask, at: datetime) -> User:
    return a_lead()


@pytest.fixture
def plan(boss: User) -> Campaign:
    return a_plan(boss)


def test_the_owner_ticks_it_off_once(plan: Campaign, at: datetime) -> None:
    owner = make_staff(Role.SOCIAL_MANAGER)
    task = a_task(plan, at + A_DAY, owner)
    tasks.finish(task, by=owner, at=at)
    tasks.finish(task, by=owner, at=at + A_DAY)
    assert (task.done_at, task.done_by_id) == (at, owner.id)
    tasks.reopen(task, by=owner, at=at)
    tasks.reopen(task, by=owner, at=at)
    assert (task.done_at, task.done_by_id) == (None, None)
    kinds = [fact.kind for fact in events.of_subject(task)]
    assert kinds == ["plan.task_added", "plan.task_done", "plan.task_reopened"]


def test_who_neither_owns_it_nor_runs_campaigns_may_not(plan: Campaign, at: datetime) -> None:
    task = a_task(plan, at + A_DAY)
    with pytest.raises(NotAllowed):
        tasks.finish(task, by=make_staff(Role.SOCIAL_MANAGER), at=at)
    tasks.finish(task, by=a_lead(), at=at)
    assert task.done_at == at


def test_what_waits_for_somebody_is_overdue_or_due_within_a_week(plan: Campaign, boss: User, at: datetime) -> None:
    owner = make_staff(Role.SOCIAL_MANAGER)
    overdue, soon = a_task(plan, at - A_DAY, owner), a_task(plan, at + 6 * A_DAY, owner)
    a_task(plan, at + 8 * A_DAY, owner)
    a_task(plan, at)
    tasks.finish(a_task(plan, at, owner), by=owner, at=at)
    assert list(tasks.waiting_for(owner, at)) == [overdue, soon]
    assert [overdue.is_overdue(at), soon.is_overdue(at)] == [True, False]
    writing.call_off(plan, by=boss, at=at)
    assert list(tasks.waiting_for(owner, at)) == []


def test_the_home_page_of_the_owner_shows_them_and_ticks_them_off(
    plan: Campaign, client: FlaskClient, at: datetime
) -> None:
    owner = make_staff(Role.SOCIAL_MANAGER, language="en")
    task = a_task(plan, at - A_DAY, owner, title="写海报")
    sign_in(client, owner)
    page = client.get("/staff").text
    assert "写海报" in page
    assert "Overdue" in page
    answer = client.post(f"/planning/{plan.public_id}/tasks/{task.public_id}/done", data={"from": "home"})
    assert answer.location == "/staff"
    assert "写海报" not in client.get("/staff").text


def test_nobody_else_is_shown_them(plan: Campaign, client: FlaskClient, at: datetime) -> None:
    a_task(plan, at - A_DAY, title="写海报")
    sign_in(client, make_staff(Role.SOCIAL_MANAGER))
    assert "写海报" not in client.get("/staff").text


def test_the_day_before_the_owner_gets_one_letter(plan: Campaign, at: datetime, smtp: Smtp) -> None:
    owner = make_staff(Role.SOCIAL_MANAGER, language="en", zone="Europe/Berlin")
    task = a_task(plan, at + 3 * A_DAY, owner, title="写海报", note="A2，竖的")
    address = str(owner.email)
    for hours in (47, 48, 49, 60):
        jobs.drain(at + timedelta(hours=hours))
    (letter,) = smtp.to(address)
    assert letter["Subject"] == "Due tomorrow: 写海报"
    text = letter.get_content()
    assert "2026-03-04 13:00, Europe/Berlin" in text
    assert "A2，竖的" in text
    assert f"/planning/{plan.public_id}/tasks" in text
    db.session.refresh(task)
    assert task.reminded_at == at + timedelta(hours=48)


def test_whoever_was_asked_within_the_last_day_knows_it(plan: Campaign, at: datetime) -> None:
    a_task(plan, at + timedelta(hours=20))
    assert reminding.remind(at) == 0


def test_another_owner_is_reminded_anew_and_what_is_done_never(plan: Campaign, boss: User, at: datetime) -> None:
    task = a_task(plan, at + 3 * A_DAY)
    assert reminding.remind(at + 2 * A_DAY) == 1
    db.session.refresh(task)
    changing.change(task, {"due_at": at + 6 * A_DAY}, by=boss, at=at + 2 * A_DAY)
    assert reminding.remind(at + 5 * A_DAY) == 1
    db.session.refresh(task)
    changing.change(task, {"due_at": at + 9 * A_DAY}, by=boss, at=at + 5 * A_DAY)
    tasks.finish(task, by=boss, at=at + 5 * A_DAY)
    assert reminding.remind(at + 8 * A_DAY) == 0
