"""What a plan may not say, part by part. Each check looks at what is wanted before anything of it is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from campaigns.planning import measures
from campaigns.planning.models import PARTICIPANTS, Campaign, Goal, Part, Phase
from campaigns.planning.writing import AlreadyBegun, AlreadyOver
from commons.errors import Conflict, Invalid


def check(kind: type[Part], values: Mapping[str, Any], campaign: Campaign, part: Part | None, at: datetime) -> None:
    """Raises a refusal with a name when a plan cannot hold a part with these `values` in place of `part` (None: beside all)."""
    if kind is Goal:
        _check_goal(values, campaign, part, at)
    elif kind is Phase:
        wanted = {name: values.get(name, getattr(part, name, None)) for name in ("is_teaser", "starts_at", "ends_at")}
        if isinstance(part, Phase):
            _check_past(part, wanted, at)
        elif wanted["starts_at"] < at and campaign.launched_at is not None:
            raise AlreadyBegun(_("A new phase begins in the future."))
        check_phase(campaign, part, **wanted)


def check_removal(part: Part, at: datetime) -> None:
    """Raises a refusal for what a plan does not do without, and for what has already been."""
    if isinstance(part, Goal):
        if part.measure == PARTICIPANTS:
            raise Invalid(_("Every campaign has a goal for its participants; the curve and the pace come from it."))
        _check_goals_open(part.campaign, at)
    if isinstance(part, Phase) and part.begun_at is not None:
        raise AlreadyBegun(_("This phase has begun; what was stays in the plan."))


def check_phase(
    campaign: Campaign, part: Part | None, *, is_teaser: bool, starts_at: datetime, ends_at: datetime
) -> None:
    """Raises `Invalid` for a phase outside of its campaign, and `Conflict` for one that gets in the way of another."""
    if not starts_at < ends_at:
        raise Invalid(_("It must end after it begins."))
    if is_teaser and ends_at > campaign.starts_at:
        raise Invalid(_("A teaser ends when the campaign begins, or earlier."))
    if not is_teaser and not campaign.starts_at <= starts_at < ends_at <= campaign.ends_at:
        raise Invalid(_("A phase lies within the period of the campaign. Only a teaser lies before it."))
    for other in campaign.phases:
        if other is part:
            continue
        if is_teaser and other.is_teaser:
            raise Conflict(_("The campaign has a teaser already: “%(name)s”.", name=other.name))
        if starts_at < other.ends_at and other.starts_at < ends_at:
            raise Conflict(_("It would overlap with the phase “%(name)s”.", name=other.name))


def _check_goal(values: Mapping[str, Any], campaign: Campaign, part: Part | None, at: datetime) -> None:
    measure = values.get("measure", getattr(part, "measure", ""))
    if measure not in measures.known():
        raise Invalid(_("There is no such measure."))
    _check_goals_open(campaign, at)
    if isinstance(part, Goal) and part.measure != measure:
        raise Invalid(_("A goal keeps its measure. Set another goal for another measure."))
    if part is None and any(goal.measure == measure for goal in campaign.goals):
        raise Conflict(_("There is a goal for this measure already. Change that one."))


def _check_goals_open(campaign: Campaign, at: datetime) -> None:
    if campaign.is_over(at):
        raise AlreadyOver(_("The campaign is over: its goals stay as they were set."))


def _check_past(phase: Phase, wanted: Mapping[str, Any], at: datetime) -> None:
    """Raises `AlreadyBegun` where what has been would change."""
    if phase.campaign.launched_at is None:
        return
    begun, over = phase.starts_at <= at, phase.ends_at <= at
    if begun and (wanted["starts_at"] != phase.starts_at or wanted["is_teaser"] != phase.is_teaser):
        raise AlreadyBegun(_("The phase has begun: its beginning stays as it was."))
    if not begun and wanted["starts_at"] < at:
        raise AlreadyBegun(_("A phase cannot be moved into the past."))
    if wanted["ends_at"] != phase.ends_at and (over or wanted["ends_at"] <= at):
        raise AlreadyBegun(_("What is past stays: choose an end in the future."))
