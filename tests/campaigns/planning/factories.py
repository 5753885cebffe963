"""Parts of plans for the tests, made through the real verbs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from campaigns.planning import changing
from campaigns.planning.models import BudgetLine, Campaign, Goal, Grade, Phase, Risk, Task
from commons import clock, zones
from commons.accounts.models import User
from tests.campaigns.factories import SHANGHAI, make_plan


def a_plan(lead: User, begins_in: timedelta = timedelta(days=1), **changes: Any) -> Campaign:
    """A draft that begins tomorrow at the hour that it is now, and lasts ten days."""
    begin = zones.to_local(clock.now() + begins_in, SHANGHAI).replace(second=0, microsecond=0)
    return make_plan(by=lead, **{"starts": begin, "ends": begin + timedelta(days=10), **changes})


def a_goal(campaign: Campaign, measure: str = "comments", target: int = 100) -> Goal:
    return changing.add(Goal, campaign, {"measure": measure, "target": target}, by=campaign.lead, at=clock.now())


def a_phase(campaign: Campaign, first: float, last: float, name: str = "主阶段", **changes: Any) -> Phase:
    """A phase from `first` to `last`, in days after the campaign's beginning."""
    values = {"name": name, "is_teaser": False, "starts_at": day(campaign, first), "ends_at": day(campaign, last)}
    return changing.add(Phase, campaign, {**values, **changes}, by=campaign.lead, at=clock.now())


def a_task(campaign: Campaign, due_at: datetime, owner: User | None = None, **changes: Any) -> Task:
    values = {"title": "写邀请", "owner_id": (owner or campaign.lead).id, "due_at": due_at, **changes}
    return changing.add(Task, campaign, values, by=campaign.lead, at=clock.now())


def a_line(campaign: Campaign, planned: int = 10000, spent: int = 0, title: str = "茶点") -> BudgetLine:
    values = {"title": title, "planned_minor": planned, "spent_minor": spent}
    return changing.add(BudgetLine, campaign, values, by=campaign.lead, at=clock.now())


def a_risk(campaign: Campaign, **changes: Any) -> Risk:
    usual = {"title": "没人来", "likelihood": Grade.HIGH, "impact": Grade.HIGH, "owner_id": campaign.lead_id}
    return changing.add(Risk, campaign, {**usual, **changes}, by=campaign.lead, at=clock.now())


def day(campaign: Campaign, number: float) -> datetime:
    """So many days after the beginning."""
    return campaign.starts_at + timedelta(days=number)
