"""Words for the kinds of campaigns and missions, the state that a campaign is in, and what stands in its plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from campaigns.planning import measures
from campaigns.planning.models import Campaign, CampaignKind, Grade, RiskState
from campaigns.planning.pacing import Verdict

KIND_WORDS = {
    CampaignKind.CONTENT: _l("Content-led"),
    CampaignKind.COMMUNITY: _l("Community-led"),
    CampaignKind.PRODUCT: _l("Product-led"),
}
KIND_SENTENCES = {
    CampaignKind.CONTENT: _l("Content-led: get the content that the brand stands for"),
    CampaignKind.COMMUNITY: _l("Community-led: get people to meet"),
    CampaignKind.PRODUCT: _l("Product-led: spread one feature or product"),
}


GRADES = {Grade.LOW: _l("Low"), Grade.MEDIUM: _l("Medium"), Grade.HIGH: _l("High")}
RISK_STATES = {
    RiskState.WATCHED: (_l("We watch it"), "info"),
    RiskState.OCCURRED: (_l("It has happened"), "bad"),
    RiskState.CLOSED: (_l("No longer possible"), "neutral"),
}
VERDICTS = {
    Verdict.NOT_BEGUN: (_l("Not begun"), "neutral"),
    Verdict.REACHED: (_l("Goal reached"), "good"),
    Verdict.ON_PACE: (_l("On pace"), "good"),
    Verdict.A_LITTLE_BEHIND: (_l("A little behind"), "warn"),
    Verdict.BEHIND: (_l("Behind"), "bad"),
    Verdict.MISSED: (_l("Goal not reached"), "bad"),
}
FIELDS = {
    "title": _l("Title"),
    "summary": _l("What it is about"),
    "kind": _l("Kind"),
    "goal": _l("Goal in words"),
    "goal_participants": _l("Participants wanted"),
    "zone": _l("Time zone"),
    "currency": _l("Currency of the budget"),
    "measure": _l("What is counted"),
    "target": _l("How many are wanted"),
    "name": _l("Name"),
    "is_teaser": _l("Teaser"),
    "starts_at": _l("Begins"),
    "ends_at": _l("Ends"),
    "note": _l("Note"),
    "owner_id": _l("Owner"),
    "due_at": _l("Due on"),
    "done_at": _l("Done"),
    "planned_minor": _l("Planned cost"),
    "spent_minor": _l("Spent so far"),
    "likelihood": _l("How likely"),
    "impact": _l("How bad"),
    "response": _l("What we do"),
    "state": _l("State"),
}


def acts() -> Mapping[str, Any]:
    """What the team did, for the audit log."""
    return {
        "campaign.made": _l("Set up the campaign “%(title)s”"),
        "campaign.changed": _l("Changed the campaign “%(title)s”"),
        "campaign.launched": _l("Launched the campaign “%(title)s”"),
        "campaign.ended_early": _l("Ended the campaign “%(title)s” early"),
        "campaign.cancelled": _l("Called the campaign “%(title)s” off"),
        "plan.goal_added": _l("Set a goal of “%(title)s” (%(what)s)"),
        "plan.goal_changed": _l("Changed a goal of “%(title)s” (%(what)s)"),
        "plan.goal_removed": _l("Removed a goal of “%(title)s” (%(what)s)"),
        "plan.phase_added": _l("Planned the phase “%(what)s” of “%(title)s”"),
        "plan.phase_changed": _l("Changed the phase “%(what)s” of “%(title)s”"),
        "plan.phase_removed": _l("Removed the phase “%(what)s” of “%(title)s”"),
        "plan.task_added": _l("Added the task “%(what)s” to “%(title)s”"),
        "plan.task_changed": _l("Changed the task “%(what)s” of “%(title)s”"),
        "plan.task_removed": _l("Removed the task “%(what)s” of “%(title)s”"),
        "plan.task_done": _l("Did the task “%(what)s” of “%(title)s”"),
        "plan.task_reopened": _l("Took the task “%(what)s” of “%(title)s” up again"),
        "plan.budget_line_added": _l("Added “%(what)s” to the budget of “%(title)s”"),
        "plan.budget_line_changed": _l("Changed “%(what)s” in the budget of “%(title)s”"),
        "plan.budget_line_removed": _l("Removed “%(what)s” from the budget of “%(title)s”"),
        "plan.risk_added": _l("Noted the risk “%(what)s” of “%(title)s”"),
        "plan.risk_changed": _l("Changed the risk “%(what)s” of “%(title)s”"),
        "plan.risk_removed": _l("Removed the risk “%(what)s” of “%(title)s”"),
        "mission.added": _l("Added the mission “%(title)s”"),
        "mission.changed": _l("Changed the mission “%(title)s”"),
        "mission.moved": _l("Changed the order of the missions"),
        "mission.closed": _l("Closed the mission “%(title)s”"),
        "mission.removed": _l("Removed the mission “%(title)s”"),
    }


def state_of(campaign: Campaign, at: datetime) -> str:
    """draft, planned, under_way, ended or cancelled: derived from the facts, never stored."""
    if campaign.cancelled_at is not None:
        return "cancelled"
    if campaign.launched_at is None:
        return "draft"
    if at < campaign.starts_at:
        return "planned"
    return "under_way" if at < campaign.ends_at else "ended"


def measure_word(name: str) -> str:
    """What a measure is called; its bare name where the room that brought it is gone."""
    measure = measures.known().get(name)
    return str(measure.label) if measure is not None else name


def difference_words(name: str, was: str, became: str) -> str:
    """`Owner: Xu Qiao → Lin Xia`; what was or is empty is a dash."""
    return f"{FIELDS.get(name, name)}: {_value_word(name, was) or '–'} → {_value_word(name, became) or '–'}"


def _value_word(name: str, value: str) -> str:
    tables: dict[str, Mapping[Any, Any]] = {"likelihood": GRADES, "impact": GRADES, "kind": KIND_WORDS}
    if name == "measure":
        return measure_word(value)
    if name == "state":
        return str(RISK_STATES[RiskState(value)][0]) if value in set(RiskState) else value
    return str(tables[name].get(value, value)) if name in tables else value
