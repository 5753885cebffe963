"""The sections of a plan page. Each shows one kind of parts, and a form for one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from campaigns.planning import measures, part_forms, phasing, reading, wording
from campaigns.planning.models import BudgetLine, Campaign, Goal, Part, Phase, Risk, Task
from campaigns.planning.part_forms import PartForm
from commons.money import Money

Context = Mapping[str, Any]


@dataclass(frozen=True)
class Section:
    """`template` shows the parts, with what `context` says about them beside the campaign itself. `export` gives the rows of a
    table, its heading first.
    """

    name: str
    label: Any
    icon: str
    add: Any
    kind: type[Any]
    form: type[PartForm]
    template: str
    context: Callable[[Campaign, datetime], Context]
    export: Callable[[Campaign, datetime], Iterator[Sequence[object]]]

    def parts(self, campaign: Campaign) -> Sequence[Part]:
        parts: Sequence[Part] = getattr(campaign, self.name)
        return parts

    def part(self, campaign: Campaign, public_id: str) -> Part | None:
        """The part of that id; None when it is not, or no longer, in the plan."""
        return next((part for part in self.parts(campaign) if part.public_id == public_id), None)


def _goals(campaign: Campaign, at: datetime) -> Context:
    goals = reading.paces(campaign, at)
    left = measures.known().keys() - {goal.measure for goal in campaign.goals}
    return {"goals": goals, "verdicts": wording.VERDICTS, "may_add": bool(left) and not campaign.is_over(at)}


def _goal_rows(campaign: Campaign, at: datetime) -> Iterator[Sequence[object]]:
    yield "measure", "target", "actual", "planned_by_now", "share_of_target", "share_of_time", "verdict"
    for goal, _measure, pace in reading.paces(campaign, at):
        share, time = round(pace.share, 4), round(pace.time, 4)
        yield goal.measure, goal.target, pace.actual, pace.planned, share, time, pace.verdict.value


def _phases(campaign: Campaign, at: datetime) -> Context:
    return {"phases": [(phase, phasing.standing(campaign, phase, at)) for phase in campaign.phases]}


def _phase_rows(campaign: Campaign, at: datetime) -> Iterator[Sequence[object]]:
    yield "phase", "teaser", "starts_at", "ends_at", "begun_at", "state"
    for phase in campaign.phases:
        begun = phase.begun_at.isoformat() if phase.begun_at else ""
        state = phasing.standing(campaign, phase, at)
        yield phase.name, phase.is_teaser, phase.starts_at.isoformat(), phase.ends_at.isoformat(), begun, state


def _tasks(campaign: Campaign, at: datetime) -> Context:
    return {"tasks": sorted(campaign.tasks, key=lambda task: task.done_at is not None)}


def _task_rows(campaign: Campaign, _at: datetime) -> Iterator[Sequence[object]]:
    yield "task", "owner", "due_at", "done_at", "note"
    for task in campaign.tasks:
        done = task.done_at.isoformat() if task.done_at else ""
        yield task.title, task.owner.name, task.due_at.isoformat(), done, task.note


def _budget(campaign: Campaign, _at: datetime) -> Context:
    planned, spent = reading.budget_of(campaign)
    left = Money(planned.minor - spent.minor, campaign.currency)
    return {"planned": planned, "spent": spent, "left": left}


def _budget_rows(campaign: Campaign, _at: datetime) -> Iterator[Sequence[object]]:
    yield "line", "planned", "spent", "currency"
    for line in campaign.budget:
        yield line.title, str(line.planned.amount), str(line.spent.amount), campaign.currency


def _risks(campaign: Campaign, _at: datetime) -> Context:
    risks = sorted(campaign.risks, key=lambda risk: -risk.weight)
    return {"risks": risks, "grades": wording.GRADES, "risk_states": wording.RISK_STATES}


def _risk_rows(campaign: Campaign, _at: datetime) -> Iterator[Sequence[object]]:
    yield "risk", "likelihood", "impact", "weight", "response", "owner", "state"
    for risk in campaign.risks:
        grades = risk.likelihood.value, risk.impact.value, risk.weight
        yield risk.title, *grades, risk.response, risk.owner.name, risk.state.value


SECTIONS = {
    section.name: section
    for section in (
        Section("goals", _l("Goals"), "target", _l("Set a goal"), Goal, part_forms.GoalForm,
                "campaigns/planning/_goals.html", _goals, _goal_rows),
        Section("phases", _l("Phases"), "calendar-event", _l("Plan a phase"), Phase, part_forms.PhaseForm,
                "campaigns/planning/_phases.html", _phases, _phase_rows),
        Section("tasks", _l("Tasks"), "checklist", _l("Add a task"), Task, part_forms.TaskForm,
                "campaigns/planning/_tasks.html", _tasks, _task_rows),
        Section("budget", _l("Budget"), "coin", _l("Add a line"), BudgetLine, part_forms.BudgetForm,
                "campaigns/planning/_budget.html", _budget, _budget_rows),
        Section("risks", _l("Risks"), "alert-triangle", _l("Note a risk"), Risk, part_forms.RiskForm,
                "campaigns/planning/_risks.html", _risks, _risk_rows),
    )
}  # fmt: skip
