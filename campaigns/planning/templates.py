"""Templates of campaigns: what fills a new plan. Choosing one makes a draft in which everything can be changed.

Their words are written like all words on screen: here in English, in Chinese in the catalogue. A plan is filled in the language
of whoever chooses the template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from campaigns.planning import changing, writing
from campaigns.planning.missions.writing import WantedMission
from campaigns.planning.models import (
    PARTICIPANTS,
    BudgetLine,
    Campaign,
    CampaignKind,
    Goal,
    Grade,
    MissionKind,
    Phase,
    Risk,
    Task,
)
from campaigns.planning.writing import Wanted
from commons import zones
from commons.accounts.models import User

Words = Any
"""Lazy words."""

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class TemplatePhase:
    """From `begins` to `ends` after the beginning of the campaign. One that begins before it is the teaser."""

    name: Words
    begins: timedelta
    ends: timedelta


@dataclass(frozen=True)
class TemplateTask:
    """Due so long after the beginning; before it where that is negative."""

    title: Words
    due: timedelta


@dataclass(frozen=True)
class TemplateRisk:
    title: Words
    likelihood: Grade
    impact: Grade
    response: Words


@dataclass(frozen=True)
class Template:
    """A kind of campaign worked out: what it wants, how it goes, what is to be done, what may go wrong.

    `goals` are targets by the name of their measure, `participants` among them. One that is `real_time` begins the moment it is
    made, and lasts hours.
    """

    name: str
    kind: CampaignKind
    title: Words
    summary: Words
    goal: Words
    lasts: timedelta
    goals: Mapping[str, int]
    missions: tuple[tuple[MissionKind, Words, int], ...]
    phases: tuple[TemplatePhase, ...] = ()
    tasks: tuple[TemplateTask, ...] = ()
    budget: tuple[Words, ...] = ()
    risks: tuple[TemplateRisk, ...] = ()
    real_time: bool = False
    icon: str = field(default="target-arrow")


def set_up(template: Template, wanted: Wanted, *, by: User, at: datetime) -> Campaign:
    """A draft as `wanted`, and all of the template that fits into its period. Who sets it up owns tasks and risks at first.

    Where nothing is said of missions it has those of the template.
    """
    meant = wanted if wanted.missions else replace(wanted, missions=_missions(template))
    campaign = writing.set_up(meant, by=by, at=at)
    fill(template, campaign, by=by, at=at)
    return campaign


def wanted(template: Template, starts: datetime, zone: str) -> Wanted:
    """The template as it stands, from a wall-clock time on."""
    return Wanted(
        title=str(template.title),
        summary=str(template.summary),
        kind=template.kind,
        goal=str(template.goal),
        goal_participants=template.goals[PARTICIPANTS],
        starts=starts,
        ends=starts + template.lasts,
        zone=zone,
        missions=_missions(template),
    )


def fill(template: Template, campaign: Campaign, *, by: User, at: datetime) -> None:
    """Goals beside that for participants, phases, tasks, budget and risks, relative to the beginning of the campaign.

    A task that should have been done already is due tomorrow.
    """
    for measure, target in template.goals.items():
        if measure != PARTICIPANTS:
            changing.add(Goal, campaign, {"measure": measure, "target": target}, by=by, at=at)
    for phase in template.phases:
        _add_phase(phase, campaign, by, at)
    for task in template.tasks:
        due = _after(campaign, task.due)
        values = {"title": str(task.title), "owner_id": by.id, "due_at": due if due > at else at + A_DAY}
        changing.add(Task, campaign, values, by=by, at=at)
    for title in template.budget:
        changing.add(BudgetLine, campaign, {"title": str(title), "planned_minor": 0}, by=by, at=at)
    for risk in template.risks:
        said = {"title": str(risk.title), "response": str(risk.response), "owner_id": by.id}
        changing.add(Risk, campaign, {**said, "likelihood": risk.likelihood, "impact": risk.impact}, by=by, at=at)


def _missions(template: Template) -> list[WantedMission]:
    return [WantedMission(kind, str(title), needed) for kind, title, needed in template.missions]


def _add_phase(phase: TemplatePhase, campaign: Campaign, by: User, at: datetime) -> None:
    """What is longer than the campaign ends with it; what would begin after its end is left out."""
    is_teaser = phase.begins < timedelta()
    begins, last = _after(campaign, phase.begins), campaign.starts_at if is_teaser else campaign.ends_at
    ends = min(_after(campaign, phase.ends), last)
    if begins < ends:
        values = {"name": str(phase.name), "is_teaser": is_teaser, "starts_at": begins, "ends_at": ends}
        changing.add(Phase, campaign, values, by=by, at=at)


def _after(campaign: Campaign, offset: timedelta) -> datetime:
    """So long after the beginning on the clock of the campaign's zone; exactly so long where it is a matter of hours."""
    if abs(offset) < A_DAY:
        return campaign.starts_at + offset
    return zones.to_utc(zones.to_local(campaign.starts_at, campaign.zone) + offset, campaign.zone)
