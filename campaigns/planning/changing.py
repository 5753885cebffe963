"""Changing a plan part by part: goals, phases, tasks, budget and risks are added, changed and removed by these three."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.planning import phasing, revising, terms
from campaigns.planning.models import BudgetLine, Campaign, Goal, Part, Phase, Risk, Task
from campaigns.planning.writing import AlreadyOver
from commons import events
from commons.accounts.models import User
from commons.db import db, random_id

P = TypeVar("P", bound=Part)

NOUNS: Mapping[type[Part], str] = {
    Goal: "goal",
    Phase: "phase",
    Task: "task",
    BudgetLine: "budget_line",
    Risk: "risk",
}


def add(
    kind: type[P], campaign: Campaign, values: Mapping[str, Any], *, by: User, at: datetime, public_id: str = ""
) -> P:
    """A new part. `public_id` may be chosen by the page that writes it: then a form sent twice makes one.

    Raises what `terms` finds against it, and `AlreadyOver` for a campaign that was called off.
    """
    _hold(campaign)
    there = db.session.scalar(select(kind).where(kind.public_id == public_id, kind.campaign_id == campaign.id))
    if public_id and there is not None:
        return there
    terms.check(kind, values, campaign, None, at)
    part = kind(campaign_id=campaign.id, public_id=public_id or random_id(), **_with_asked_at(kind, values, at))
    db.session.add(part)
    _settle(part, at)
    _tell("added", part, by, at)
    return part


def change(part: Part, values: Mapping[str, Any], *, revision: int | None = None, by: User, at: datetime) -> bool:
    """Change a part; whether anything is different now. Saving the same again changes nothing, whatever the revision.

    `revision` is the one that was read: raises `Stale` when somebody else has changed it since, and what `add` raises.
    """
    _hold(part.campaign)
    db.session.refresh(part)
    fresh = {name: value for name, value in values.items() if getattr(part, name) != value}
    if not fresh:
        return False
    revising.check(part, revision)
    terms.check(type(part), values, part.campaign, part, at)
    before = revising.described(part)
    for name, value in _with_asked_at(type(part), fresh, at).items():
        setattr(part, name, value)
    part.revision += 1
    _settle(part, at)
    _tell("changed", part, by, at, changes=revising.differences(before, revising.described(part)))
    return True


def remove(part: Part, *, revision: int | None = None, by: User, at: datetime) -> None:
    """Take a part out of the plan. Raises `Stale`, or what `terms` has against it."""
    campaign = part.campaign
    _hold(campaign)
    db.session.refresh(part)
    revising.check(part, revision)
    terms.check_removal(part, at)
    _tell("removed", part, by, at)
    db.session.delete(part)
    if isinstance(part, Phase):
        campaign.count_goals_anew()
    db.session.flush()
    db.session.expire(campaign)


def name_of(part: Part) -> str:
    """What a part is called in a sentence: a goal by its measure, everything else by its own words."""
    if isinstance(part, Goal):
        return part.measure
    if isinstance(part, Phase):
        return part.name
    assert isinstance(part, Task | BudgetLine | Risk)
    return part.title


def _hold(campaign: Campaign) -> None:
    """Whoever changes the plan at the same moment waits, so that what is checked still holds when it is written."""
    db.session.refresh(campaign, with_for_update=True)
    if campaign.cancelled_at is not None:
        raise AlreadyOver(_("The campaign was called off and no longer changes."))


def _with_asked_at(kind: type[Part], values: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """A task with another owner or day is asked for anew, and may be reminded of anew."""
    if kind is Task and values.keys() & {"owner_id", "due_at"}:
        return {**values, "asked_at": at, "reminded_at": None}
    return dict(values)


def _settle(part: Part, at: datetime) -> None:
    db.session.flush()
    db.session.expire(part.campaign)
    if isinstance(part, Phase):
        part.campaign.count_goals_anew()
        phasing.plan_turn(part, at)


def _tell(verb: str, part: Part, by: User, at: datetime, **more: Any) -> None:
    campaign: Campaign = part.campaign
    kind = f"plan.{NOUNS[type(part)]}_{verb}"
    events.track(
        kind,
        key=f"{kind}:{part.public_id}:{part.revision}",
        at=at,
        actor_id=by.id,
        subject=part,
        campaign_id=campaign.id,
        payload={"title": campaign.title, "what": name_of(part), "revision": part.revision, **more},
    )
