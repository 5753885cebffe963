"""Parts of a plan: added, changed and removed, one person at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from campaigns.planning import changing, launching, writing
from campaigns.planning.models import PARTICIPANTS, Campaign, Goal, Phase
from campaigns.planning.revising import Stale
from campaigns.planning.writing import AlreadyBegun, AlreadyOver
from commons import clock, events
from commons.accounts.models import User
from commons.db import db, random_id
from commons.errors import Conflict, Invalid
from commons.permissions import Role
from tests.campaigns.factories import a_lead
from tests.campaigns.planning.factories import a_goal, a_line, a_phase, a_plan, a_risk, a_task, day
from tests.factories import make_staff


@pytest.fixture
def lead(app: Flask, at: datetime) -> User:
    return a_lead()


@pytest.fixture
def plan(lead: User) -> Campaign:
    return a_plan(lead)


def test_how_many_people_are_wanted_is_the_first_goal(plan: Campaign) -> None:
    assert [(goal.measure, goal.target) for goal in plan.goals] == [(PARTICIPANTS, 100)]


def test_every_change_is_a_fact_that_says_what_was_before(plan: Campaign, lead: User, at: datetime) -> None:
    line = a_line(plan, planned=10000)
    changing.change(line, {"spent_minor": 2550}, by=lead, at=at)
    changing.remove(line, by=lead, at=at)
    told = events.of_subject(line)
    assert [fact.kind for fact in told] == [
        "plan.budget_line_added",
        "plan.budget_line_changed",
        "plan.budget_line_removed",
    ]
    assert told[1].payload["changes"] == [["spent_minor", "0.00 CNY", "25.50 CNY"]]
    assert {fact.actor_id for fact in told} == {lead.id}
    assert plan.budget == []


def test_who_read_an_older_state_is_refused_and_told_what_has_changed(plan: Campaign, lead: User, at: datetime) -> None:
    other = make_staff(Role.CAMPAIGN_LEAD, "周澜")
    task = a_task(plan, day(plan, 2))
    seen = task.revision
    changing.change(task, {"title": "写邀请，一句话", "owner_id": other.id}, revision=seen, by=other, at=at)
    with pytest.raises(Stale) as refusal:
        changing.change(task, {"title": "写海报"}, revision=seen, by=lead, at=at)
    assert task.title == "写邀请，一句话"
    (change,) = refusal.value.changes
    assert change.who == "周澜"
    assert sorted(change.differences) == [("owner_id", lead.name, "周澜"), ("title", "写邀请", "写邀请，一句话")]


def test_who_has_read_the_newest_state_may_go_on(plan: Campaign, lead: User, at: datetime) -> None:
    task = a_task(plan, day(plan, 2))
    changing.change(task, {"title": "一"}, revision=0, by=lead, at=at)
    assert changing.change(task, {"title": "二"}, revision=1, by=lead, at=at)
    assert (task.title, task.revision) == ("二", 2)


def test_saving_the_same_again_changes_nothing_whatever_was_read(plan: Campaign, lead: User, at: datetime) -> None:
    task = a_task(plan, day(plan, 2))
    changing.change(task, {"title": "新"}, revision=0, by=lead, at=at)
    assert not changing.change(task, {"title": "新"}, revision=0, by=lead, at=at)
    assert task.revision == 1


def test_a_form_that_is_sent_twice_makes_one(plan: Campaign, lead: User, at: datetime) -> None:
    key, values = random_id(), {"title": "场地", "planned_minor": 100}
    kind = type(a_line(plan))
    first = changing.add(kind, plan, values, public_id=key, by=lead, at=at)
    assert changing.add(kind, plan, values, public_id=key, by=lead, at=at) is first
    assert len(plan.budget) == 2


def test_a_stale_removal_is_refused(plan: Campaign, lead: User, at: datetime) -> None:
    risk = a_risk(plan)
    changing.change(risk, {"response": "打电话"}, by=lead, at=at)
    with pytest.raises(Stale):
        changing.remove(risk, revision=0, by=lead, at=at)
    assert plan.risks == [risk]


def test_a_measure_has_one_goal(plan: Campaign, lead: User, at: datetime) -> None:
    goal = a_goal(plan, "comments")
    with pytest.raises(Conflict):
        a_goal(plan, "comments", 5)
    with pytest.raises(Invalid):
        a_goal(plan, "applause")
    with pytest.raises(Invalid):
        changing.change(goal, {"measure": "orders"}, by=lead, at=at)


def test_the_goal_for_participants_stays(plan: Campaign, lead: User, at: datetime) -> None:
    (goal,) = plan.goals
    with pytest.raises(Invalid):
        changing.remove(goal, by=lead, at=at)
    changing.change(goal, {"target": 30}, by=lead, at=at)
    assert plan.goal_participants == 30


def test_goals_no_longer_move_once_it_is_over(plan: Campaign, lead: User, at: datetime) -> None:
    goal = a_goal(plan)
    launching.launch(plan, by=lead, at=at)
    clock.set_to(plan.ends_at)
    with pytest.raises(AlreadyOver):
        changing.change(goal, {"target": 1}, by=lead, at=plan.ends_at)
    with pytest.raises(AlreadyOver):
        a_goal(plan, "orders")


@pytest.mark.parametrize(
    ("first", "last"), [(-1, 1), (9, 11), (3, 3), (4, 3), (2, 4), (1, 6), (4.5, 4.9)], ids=lambda value: str(value)
)
def test_phases_lie_within_the_campaign_and_apart(plan: Campaign, first: float, last: float) -> None:
    a_phase(plan, 3, 5)
    with pytest.raises((Invalid, Conflict)):
        a_phase(plan, first, last)


def test_phases_may_touch(plan: Campaign) -> None:
    a_phase(plan, 3, 5)
    a_phase(plan, 5, 10)
    a_phase(plan, 0, 3)
    assert [(phase.starts_at, phase.ends_at) for phase in plan.phases] == [
        (day(plan, first), day(plan, last)) for first, last in ((0, 3), (3, 5), (5, 10))
    ]


def test_a_teaser_lies_before_the_beginning_and_there_is_one(plan: Campaign) -> None:
    with pytest.raises(Invalid):
        a_phase(plan, -0.5, 0.5, is_teaser=True)
    a_phase(plan, -0.5, 0, is_teaser=True)
    with pytest.raises(Conflict):
        a_phase(plan, -0.9, -0.6, is_teaser=True)


def test_what_was_past_stays(plan: Campaign, lead: User, at: datetime) -> None:
    first, second = a_phase(plan, 0, 3), a_phase(plan, 3, 6)
    launching.launch(plan, by=lead, at=at)
    now = day(plan, 4)
    refused = [
        (first, {"ends_at": day(plan, 2)}),
        (first, {"starts_at": day(plan, 1)}),
        (second, {"starts_at": day(plan, 3.5)}),
        (second, {"ends_at": day(plan, 3.5)}),
    ]
    for phase, values in refused:
        with pytest.raises(AlreadyBegun):
            changing.change(phase, values, by=lead, at=now)
    changing.change(second, {"ends_at": day(plan, 8), "name": "更长"}, by=lead, at=now)
    assert (second.name, second.ends_at) == ("更长", day(plan, 8))
    with pytest.raises(AlreadyBegun):
        changing.add(
            Phase,
            plan,
            {"name": "倒回去", "is_teaser": False, "starts_at": day(plan, 3.2), "ends_at": day(plan, 3.4)},
            by=lead,
            at=now,
        )


def test_a_plan_that_was_called_off_no_longer_changes(plan: Campaign, lead: User, at: datetime) -> None:
    task = a_task(plan, day(plan, 1))
    writing.call_off(plan, by=lead, at=at)
    with pytest.raises(AlreadyOver):
        changing.change(task, {"title": "x"}, by=lead, at=at)
    with pytest.raises(AlreadyOver):
        changing.add(Goal, plan, {"measure": "orders", "target": 1}, by=lead, at=at)


def test_tasks_and_budget_go_on_after_the_end(plan: Campaign, lead: User, at: datetime) -> None:
    line = a_line(plan)
    launching.launch(plan, by=lead, at=at)
    later = plan.ends_at + timedelta(days=3)
    changing.change(line, {"spent_minor": 9000}, by=lead, at=later)
    db.session.refresh(line)
    assert line.spent_minor == 9000
