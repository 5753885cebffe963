"""Templates fill a draft with all that a campaign of their kind needs; short ones begin at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask

from campaigns.planning import launching, measures, real_time, slots, template_list, templates, wording
from campaigns.planning.launching import NotReady
from campaigns.planning.models import PARTICIPANTS, Campaign, CampaignKind
from campaigns.planning.real_time import WantedNow
from campaigns.planning.template_list import LONG, REAL_TIME
from campaigns.planning.templates import Template
from commons import clock, zones
from commons.accounts.models import User
from commons.db import db
from commons.slots import Slot
from tests.campaigns.factories import SHANGHAI, a_lead

ALL = (*LONG, *REAL_TIME)


@pytest.fixture
def lead(app: Flask, at: datetime) -> User:
    return a_lead()


def filled(template: Template, by: User, at: datetime, days_ahead: int = 20) -> Campaign:
    starts = zones.to_local(at, SHANGHAI) + timedelta(days=days_ahead)
    return templates.set_up(template, templates.wanted(template, starts, SHANGHAI), by=by, at=at)


def test_each_kind_has_a_long_one_and_a_short_one() -> None:
    for some in (LONG, REAL_TIME):
        assert {template.kind for template in some} == set(CampaignKind)
    assert len({template.name for template in ALL}) == len(ALL)
    assert [template.real_time for template in ALL] == [False] * len(LONG) + [True] * len(REAL_TIME)


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.name)
def test_it_makes_a_draft_that_can_be_launched(lead: User, at: datetime, template: Template) -> None:
    draft = filled(template, lead, at)
    assert draft.is_draft
    assert {goal.measure: goal.target for goal in draft.goals} == template.goals
    assert PARTICIPANTS in template.goals
    assert template.goals.keys() <= measures.known().keys()
    assert [mission.kind for mission in draft.missions] == [kind for kind, _title, _needed in template.missions]
    assert [len(draft.phases), len(draft.tasks), len(draft.budget), len(draft.risks)] == [
        len(template.phases),
        len(template.tasks),
        len(template.budget),
        len(template.risks),
    ]
    assert not [finding for finding in launching.findings(draft, at) if finding.blocks]


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.name)
def test_its_phases_fill_the_period_without_a_gap(lead: User, at: datetime, template: Template) -> None:
    draft = filled(template, lead, at)
    inside = [phase for phase in draft.phases if not phase.is_teaser]
    assert inside[0].starts_at == draft.starts_at
    assert inside[-1].ends_at == draft.ends_at
    assert all(one.ends_at == next_one.starts_at for one, next_one in pairwise(inside))


def test_it_brings_its_missions_where_nothing_is_said_of_any(lead: User, at: datetime) -> None:
    template = LONG[1]
    starts = zones.to_local(at, SHANGHAI) + timedelta(days=20)
    said = templates.wanted(template, starts, SHANGHAI)
    silent = templates.set_up(template, replace(said, missions=[]), by=lead, at=at)
    assert [one.kind for one in silent.missions] == [kind for kind, _title, _needed in template.missions]
    other = templates.set_up(template, replace(said, missions=said.missions[:1]), by=lead, at=at)
    assert len(other.missions) == 1


def test_what_does_not_fit_into_a_shorter_period_is_left_out(lead: User, at: datetime) -> None:
    template = LONG[0]
    starts = zones.to_local(at, SHANGHAI) + timedelta(days=20)
    short = replace(templates.wanted(template, starts, SHANGHAI), ends=starts + timedelta(days=10))
    draft = templates.set_up(template, short, by=lead, at=at)
    assert len([phase for phase in draft.phases if not phase.is_teaser]) == 2
    assert draft.phases[-1].ends_at == draft.ends_at


def test_what_should_be_done_already_is_due_tomorrow(lead: User, at: datetime) -> None:
    draft = filled(LONG[0], lead, at, days_ahead=5)
    assert min(task.due_at for task in draft.tasks) == at + timedelta(days=1)


def test_a_campaign_from_now_on_runs_at_once(lead: User, at: datetime) -> None:
    clock.set_to(at + timedelta(microseconds=1234))
    now = clock.now()
    wanted = WantedNow(REAL_TIME[0], "停电的晚上", "说说你点的灯", participants=30, hours=6)
    campaign = real_time.launch_now(wanted, zone=SHANGHAI, by=lead, at=now)
    assert wording.state_of(campaign, now) == "under_way"
    assert (campaign.starts_at, campaign.launched_at, campaign.ends_at) == (now, now, now + timedelta(hours=6))
    assert (campaign.title, campaign.goal_participants) == ("停电的晚上", 30)
    (phase,) = campaign.phases  # the last hours would begin after its end
    assert (phase.begun_at, phase.ends_at) == (now, campaign.ends_at)


def test_a_campaign_from_now_on_that_is_kept_back_leaves_nothing(
    lead: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Slot[Any]("a room")
    room.plug(lambda _campaign, _at: [slots.Finding("不行", blocks=True)])
    monkeypatch.setattr(slots, "before_launch", room)
    with pytest.raises(NotReady), db.session.begin_nested():
        real_time.launch_now(WantedNow(REAL_TIME[0], "x", "", 5, 5), zone=SHANGHAI, by=lead, at=at)
    assert db.session.query(Campaign).count() == 0


def test_a_name_that_there_is_not_is_no_template() -> None:
    assert template_list.named("none") is None
    assert template_list.named(None) is None
