"""Phases turn by themselves, and a campaign ends by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from flask import Flask

from campaigns.planning import changing, launching, phasing, writing
from campaigns.planning.jobs import resume
from campaigns.planning.models import Campaign
from campaigns.planning.reading import running
from commons import events, jobs
from commons.accounts.models import User
from commons.db import db
from tests.campaigns.factories import a_lead
from tests.campaigns.planning.factories import a_phase, a_plan, day


@pytest.fixture
def lead(app: Flask, at: datetime) -> User:
    return a_lead()


@pytest.fixture
def plan(lead: User) -> Campaign:
    return a_plan(lead)


def began(campaign: Campaign) -> Sequence[tuple[str, datetime]]:
    facts = [fact for fact in events.of_subject(campaign) if fact.kind == "campaign.phase_began"]
    return [(fact.payload["phase"], fact.occurred_at) for fact in facts]


def test_each_phase_begins_at_its_moment(plan: Campaign, lead: User, at: datetime) -> None:
    a_phase(plan, -0.5, 0, "预告", is_teaser=True)
    a_phase(plan, 0, 5, "主阶段")
    a_phase(plan, 5, 10, "收尾")
    launching.launch(plan, by=lead, at=at)
    jobs.drain(day(plan, -0.5) - timedelta(seconds=1))
    assert began(plan) == []
    jobs.drain(day(plan, -0.5))
    assert began(plan) == [("预告", day(plan, -0.5))]
    jobs.drain(day(plan, 5) + timedelta(seconds=20))
    assert began(plan) == [("预告", day(plan, -0.5)), ("主阶段", plan.starts_at), ("收尾", day(plan, 5))]


def test_turns_that_were_missed_while_no_worker_ran_are_written_down_in_order_with_their_times(
    plan: Campaign, lead: User, at: datetime
) -> None:
    a_phase(plan, 5, 10, "收尾")
    a_phase(plan, 0, 2, "开场")
    a_phase(plan, 2, 5, "主阶段")
    launching.launch(plan, by=lead, at=at)
    wanted = [("开场", plan.starts_at), ("主阶段", day(plan, 2)), ("收尾", day(plan, 5))]
    resume(day(plan, 6))
    resume(day(plan, 7))
    assert began(plan) == wanted
    jobs.drain(day(plan, 8))
    assert began(plan) == wanted


def test_when_the_campaign_is_over_too_by_then_its_phases_have_been_before_its_end(
    plan: Campaign, lead: User, at: datetime
) -> None:
    for first, name in ((0, "开场"), (5, "收尾")):
        a_phase(plan, first, first + 5, name)
    launching.launch(plan, by=lead, at=at)
    resume(day(plan, 30))
    told = [(fact.kind, fact.occurred_at) for fact in events.of_subject(plan)][-3:]
    assert told == [
        ("campaign.phase_began", plan.starts_at),
        ("campaign.phase_began", day(plan, 5)),
        ("campaign.ended", plan.ends_at),
    ]


def test_what_was_due_before_a_campaign_was_called_off_has_been(plan: Campaign, lead: User, at: datetime) -> None:
    for first, name in ((0, "开场"), (5, "收尾")):
        a_phase(plan, first, first + 5, name)
    launching.launch(plan, by=lead, at=at)
    writing.call_off(plan, by=lead, at=day(plan, 1))
    assert began(plan) == [("开场", plan.starts_at)]


def test_a_clock_that_jumps_ahead_misses_no_turn_and_one_that_is_set_back_repeats_none(
    plan: Campaign, lead: User, at: datetime
) -> None:
    first, second, third = a_phase(plan, 0, 2, "开场"), a_phase(plan, 2, 5, "主阶段"), a_phase(plan, 5, 10, "收尾")
    launching.launch(plan, by=lead, at=at)
    jobs.drain(day(plan, 3))
    wanted = [("开场", plan.starts_at), ("主阶段", day(plan, 2))]
    assert began(plan) == wanted
    for number in (1, 2.5):
        jobs.drain(day(plan, number))
        resume(day(plan, number))
        assert began(plan) == wanted
    assert phasing.current(plan.phases, day(plan, 1)) is first
    assert phasing.current(plan.phases, day(plan, 2.5)) is second
    jobs.drain(day(plan, 5))
    assert began(plan) == [*wanted, ("收尾", day(plan, 5))]
    assert third.begun_at == day(plan, 5)


def test_a_campaign_that_ended_by_a_clock_that_ran_ahead_goes_on_when_it_is_set_right(
    plan: Campaign, lead: User, at: datetime
) -> None:
    launching.launch(plan, by=lead, at=at)
    jobs.drain(day(plan, 11))
    assert plan.is_over(day(plan, 11))
    assert not plan.is_over(day(plan, 3))
    assert plan in running(day(plan, 3))
    jobs.drain(day(plan, 12))
    assert [fact.kind for fact in events.of_subject(plan)].count("campaign.ended") == 1


def test_a_draft_turns_nothing(plan: Campaign) -> None:
    phase = a_phase(plan, 0, 5)
    jobs.drain(day(plan, 1))
    assert not phasing.turn(phase, day(plan, 1))
    assert began(plan) == []


def test_a_phase_that_was_moved_begins_at_its_new_moment_only(plan: Campaign, lead: User, at: datetime) -> None:
    phase = a_phase(plan, 1, 3)
    launching.launch(plan, by=lead, at=at)
    changing.change(phase, {"starts_at": day(plan, 2)}, by=lead, at=at)
    jobs.drain(day(plan, 1))
    assert began(plan) == []
    jobs.drain(day(plan, 2))
    assert began(plan) == [("主阶段", day(plan, 2))]


def test_a_phase_that_was_moved_there_and_back_begins(plan: Campaign, lead: User, at: datetime) -> None:
    phase = a_phase(plan, 1, 3)
    launching.launch(plan, by=lead, at=at)
    for start in (2, 1):
        changing.change(phase, {"starts_at": day(plan, start)}, by=lead, at=at)
    jobs.drain(day(plan, 1))
    assert began(plan) == [("主阶段", day(plan, 1))]


def test_a_phase_that_was_removed_never_begins(plan: Campaign, lead: User, at: datetime) -> None:
    phase = a_phase(plan, 1, 3)
    launching.launch(plan, by=lead, at=at)
    changing.remove(phase, by=lead, at=at)
    assert jobs.drain(day(plan, 1)) > 0
    assert began(plan) == []


def test_turning_twice_is_turning_once(plan: Campaign, lead: User, at: datetime) -> None:
    phase = a_phase(plan, 0, 3)
    launching.launch(plan, by=lead, at=at)
    assert phasing.turn(phase, day(plan, 1))
    assert not phasing.turn(phase, day(plan, 1))
    assert phase.begun_at == plan.starts_at
    assert len(began(plan)) == 1


def test_none_begins_in_a_campaign_that_is_over(plan: Campaign, lead: User, at: datetime) -> None:
    a_phase(plan, 1, 3)
    launching.launch(plan, by=lead, at=at)
    writing.call_off(plan, by=lead, at=at)
    jobs.drain(day(plan, 2))
    assert began(plan) == []


def test_the_end_is_a_fact(plan: Campaign, lead: User, at: datetime) -> None:
    launching.launch(plan, by=lead, at=at)
    jobs.drain(plan.ends_at - timedelta(seconds=1))
    assert plan.ended_at is None
    end = plan.ends_at
    jobs.drain(end)
    db.session.refresh(plan)
    assert plan.ended_at == end
    assert [fact.kind for fact in events.of_subject(plan)][-1] == "campaign.ended"
    assert not writing.end(plan, end)


def test_steps_that_lost_their_row_of_work_are_taken(plan: Campaign, lead: User, at: datetime) -> None:
    phase = a_phase(plan, 9, 10)
    launching.launch(plan, by=lead, at=at)
    resume(day(plan, 9.5))
    assert phase.begun_at == day(plan, 9)
    resume(day(plan, 11))
    assert plan.ended_at == plan.ends_at


def test_what_runs_and_what_comes_next_follow_from_the_clock(plan: Campaign, lead: User, at: datetime) -> None:
    first, second = a_phase(plan, 0, 3, "一"), a_phase(plan, 4, 6, "二")
    launching.launch(plan, by=lead, at=at)
    assert phasing.current(plan.phases, day(plan, 1)) is first
    assert phasing.current(plan.phases, day(plan, 3)) is None
    assert phasing.upcoming(plan.phases, day(plan, 3)) is second
    assert phasing.upcoming(plan.phases, day(plan, 4)) is None
    states = [phasing.standing(plan, first, day(plan, number)) for number in (-1, 1, 3)]
    assert states == ["planned", "under_way", "ended"]
    writing.end_early(plan, by=lead, at=day(plan, 2))
    assert phasing.standing(plan, second, day(plan, 5)) == "void"
    assert phasing.standing(plan, first, day(plan, 2.5)) == "ended"
