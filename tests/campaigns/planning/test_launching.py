"""A draft becomes a campaign: what is to be known first, and who sees it from when on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from campaigns.participation.models import Participant
from campaigns.planning import launching, reading, slots, wording, writing
from campaigns.planning.launching import NotReady
from campaigns.planning.models import Campaign, MissionKind
from campaigns.planning.slots import Finding
from campaigns.planning.writing import AlreadyOver
from commons import events
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict
from commons.slots import Slot
from community.circle.checking_in import check_in
from tests.campaigns.factories import a_lead, mission
from tests.campaigns.planning.factories import a_line, a_phase, a_plan, a_risk, a_task, day
from tests.factories import make_fan


@pytest.fixture
def lead(app: Flask, at: datetime) -> User:
    return a_lead()


@pytest.fixture
def plan(lead: User) -> Campaign:
    return a_plan(lead)


@pytest.fixture
def objection(monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """Another room that has something to say."""
    said: list[Finding] = []
    room = Slot[Any]("a room")
    for plug in slots.before_launch:
        room.plug(plug)
    room.plug(lambda _campaign, _at: said)
    monkeypatch.setattr(slots, "before_launch", room)
    return said


def blocking(found: Sequence[Finding]) -> list[bool]:
    return [finding.blocks for finding in found]


def test_a_draft_is_seen_by_the_team_alone_and_counts_nothing(lead: User, at: datetime) -> None:
    fan = make_fan()
    draft = a_plan(lead, timedelta(days=-1), missions=[mission(MissionKind.CHECK_IN)])
    check_in(fan, at)
    assert wording.state_of(draft, at) == "draft"
    assert list(reading.running(at)) == []
    assert list(reading.listed(fan.user, at)) == []  # type: ignore[arg-type]
    assert list(reading.listed(lead, at)) == [draft]
    assert db.session.query(Participant).count() == 0


def test_launched_it_begins_by_itself(plan: Campaign, lead: User, at: datetime) -> None:
    fan = make_fan()
    assert launching.launch(plan, by=lead, at=at) == []
    assert plan.launched_at == at
    assert wording.state_of(plan, at) == "planned"
    assert list(reading.listed(fan.user, at)) == []  # type: ignore[arg-type]
    assert list(reading.listed(fan.user, plan.starts_at)) == [plan]  # type: ignore[arg-type]
    assert list(reading.running(plan.starts_at)) == [plan]


def test_in_the_teaser_fans_see_it_though_it_has_not_begun(plan: Campaign, lead: User, at: datetime) -> None:
    fan = make_fan()
    a_phase(plan, -0.5, 0, is_teaser=True)
    launching.launch(plan, by=lead, at=at)
    before, during = day(plan, -0.6), day(plan, -0.4)
    assert [plan.is_shown(moment) for moment in (before, during)] == [False, True]
    assert list(reading.listed(fan.user, before)) == []  # type: ignore[arg-type]
    assert list(reading.listed(fan.user, during)) == [plan]  # type: ignore[arg-type]
    assert list(reading.running(during)) == []


def test_launching_twice_is_launching_once(plan: Campaign, lead: User, at: datetime) -> None:
    launching.launch(plan, by=lead, at=at)
    launching.launch(plan, by=lead, at=at + timedelta(hours=1))
    assert plan.launched_at == at
    assert [fact.kind for fact in events.of_subject(plan)].count("campaign.launched") == 1


def test_a_finding_that_blocks_keeps_it_a_draft(
    plan: Campaign, lead: User, at: datetime, objection: list[Finding]
) -> None:
    objection += [Finding("请写上主办方"), Finding("奖品超过上限", blocks=True, reference="第三条")]
    with pytest.raises(NotReady) as refusal:
        launching.launch(plan, by=lead, at=at)
    assert [finding.words for finding in refusal.value.findings] == ["奖品超过上限", "请写上主办方"]
    assert plan.launched_at is None
    assert "campaign.launched" not in [fact.kind for fact in events.of_subject(plan)]


def test_warnings_are_kept_with_the_launch(plan: Campaign, lead: User, at: datetime, objection: list[Finding]) -> None:
    objection.append(Finding("请写上主办方"))
    assert launching.launch(plan, by=lead, at=at) == objection
    assert events.of_subject(plan)[-1].payload["warnings"] == ["请写上主办方"]


def test_without_a_mission_or_after_its_end_it_is_not_launched(lead: User, at: datetime) -> None:
    assert blocking(launching.findings(a_plan(lead, missions=[]), at)) == [True]
    assert blocking(launching.findings(a_plan(lead, timedelta(days=-20)), at)) == [True]


def test_what_was_forgotten_is_said(plan: Campaign, at: datetime) -> None:
    assert launching.findings(plan, at) == []
    a_task(plan, at - timedelta(hours=1))
    a_risk(plan)
    a_line(plan, planned=100, spent=101)
    found = launching.findings(plan, at)
    assert blocking(found) == [False, False, False]
    assert [finding.mend_url.rsplit("/", 1)[1] for finding in found] == ["tasks", "risks", "budget"]


def test_a_beginning_that_has_passed_is_the_moment_of_the_launch(lead: User, at: datetime) -> None:
    late = a_plan(lead, timedelta(days=-1))
    phase = a_phase(late, 0, 3)
    found = launching.launch(late, by=lead, at=at)
    assert blocking(found) == [False]
    assert late.starts_at == phase.starts_at == phase.begun_at == at
    assert wording.state_of(late, at) == "under_way"


def test_a_phase_that_would_be_over_already_keeps_it_back(lead: User, at: datetime) -> None:
    late = a_plan(lead, timedelta(days=-5))
    a_phase(late, 0, 3)
    with pytest.raises(NotReady):
        launching.launch(late, by=lead, at=at)


def test_what_was_called_off_is_not_launched(plan: Campaign, lead: User, at: datetime) -> None:
    writing.call_off(plan, by=lead, at=at)
    with pytest.raises(AlreadyOver):
        launching.launch(plan, by=lead, at=at)


def test_ending_early_ends_it_now_and_keeps_what_was_planned(plan: Campaign, lead: User, at: datetime) -> None:
    launching.launch(plan, by=lead, at=at)
    planned, now = plan.ends_at, day(plan, 4)
    writing.end_early(plan, by=lead, at=now)
    writing.end_early(plan, by=lead, at=now + timedelta(hours=1))
    assert (plan.ends_at, plan.ended_at, plan.planned_end_at) == (now, now, planned)
    assert wording.state_of(plan, now) == "ended"
    kinds = [fact.kind for fact in events.of_subject(plan)]
    assert kinds[-2:] == ["campaign.ended_early", "campaign.ended"]


def test_what_has_not_begun_is_called_off_and_not_ended(plan: Campaign, lead: User, at: datetime) -> None:
    launching.launch(plan, by=lead, at=at)
    with pytest.raises(Conflict):
        writing.end_early(plan, by=lead, at=at)
