"""The forms for the parts of a plan: goals, phases, tasks, budget, risks. Wall-clock times are in the campaign's zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from campaigns.planning import measures, reading, wording
from campaigns.planning.models import BudgetLine, Campaign, Goal, Grade, Part, Phase, Risk, RiskState, Task
from campaigns.planning.writing import moment_of
from commons import zones
from commons.db import ALPHABET, PUBLIC_ID_LENGTH, random_id
from commons.forms import LONGEST_COUNT, CountField, Form, MoneyField, WallClockField, required

_PUBLIC_ID = re.compile(f"[{ALPHABET}]{{{PUBLIC_ID_LENGTH}}}")


class PartForm(Form):
    """One part of a plan. `key` is the id that a new part will have, so that a form sent twice makes one; `revision` is the
    state of a part that the writer began from.
    """

    key = HiddenField()
    revision = HiddenField(default="")

    def __init__(self, campaign: Campaign, part: Part | None = None, **kwargs: Any) -> None:
        self.campaign, self.part = campaign, part
        begin = {"key": random_id()} if part is None else {"revision": str(part.revision), **self.said_by(part)}
        super().__init__(**{**begin, **kwargs})

    @property
    def new_id(self) -> str:
        """The id that the page chose for a new part; empty when that is none."""
        key = self.key.data or ""
        return key if _PUBLIC_ID.fullmatch(key) else ""

    @property
    def read_revision(self) -> int:
        text = self.revision.data or ""
        return int(text) if text.isdecimal() and len(text) <= LONGEST_COUNT else -1

    @property
    def asked(self) -> Iterator[Any]:
        """The fields that a person fills in, in order."""
        return (field for field in self if field.name not in {"key", "revision", "csrf_token"})

    def said_by(self, part: Any) -> dict[str, Any]:
        """The fields as they stand for a part that exists."""
        raise AssertionError("every form of a part says this")

    def values(self) -> dict[str, Any]:
        """What the part is to be, by the names of its columns."""
        raise AssertionError("every form of a part says this")

    def _moment(self, name: str) -> Any:
        kept = getattr(self.part, f"{name}_at", None)
        return moment_of(self[name].data, self.campaign.zone, kept)

    def _wall_clock(self, part: Any, *names: str) -> dict[str, Any]:
        return {name: zones.to_local(getattr(part, f"{name}_at"), self.campaign.zone) for name in names}


class GoalForm(PartForm):
    measure = SelectField(_l("What is counted"))
    target = CountField(_l("How many are wanted"), validators=[InputRequired(), NumberRange(1, 100_000_000)])

    def __init__(self, campaign: Campaign, part: Part | None = None, **kwargs: Any) -> None:
        super().__init__(campaign, part, **kwargs)
        taken = {goal.measure for goal in campaign.goals if goal is not part}
        free = (measure for measure in measures.known().values() if measure.name not in taken)
        if isinstance(part, Goal):
            free = (measure for measure in free if measure.name == part.measure)
        self.measure.choices = [(measure.name, f"{measure.label}: {measure.definition}") for measure in free]

    def said_by(self, part: Goal) -> dict[str, Any]:
        return {"measure": part.measure, "target": part.target}

    def values(self) -> dict[str, Any]:
        return {"measure": self.measure.data, "target": self.target.data}


class PhaseForm(PartForm):
    name = StringField(_l("Name"), validators=[required(), Length(max=80)])
    is_teaser = BooleanField(_l("This is the teaser: fans see the campaign before it begins"))
    starts = WallClockField(_l("Begins"), validators=[InputRequired()])
    ends = WallClockField(_l("Ends"), validators=[InputRequired()])

    def validate_ends(self, field: WallClockField) -> None:
        if field.data and self.starts.data and field.data <= self.starts.data:
            raise ValidationError(_l("It must end after it begins."))

    def said_by(self, part: Phase) -> dict[str, Any]:
        return {"name": part.name, "is_teaser": part.is_teaser, **self._wall_clock(part, "starts", "ends")}

    def values(self) -> dict[str, Any]:
        times = {"starts_at": self._moment("starts"), "ends_at": self._moment("ends")}
        return {"name": (self.name.data or "").strip(), "is_teaser": self.is_teaser.data, **times}


class OwnedForm(PartForm):
    """A part that somebody of the team sees to."""

    owner: SelectField

    def __init__(self, campaign: Campaign, part: Part | None = None, **kwargs: Any) -> None:
        begin = {} if part is not None else {"owner": campaign.lead.public_id}
        super().__init__(campaign, part, **{**begin, **kwargs})
        self._team = {user.public_id: user for user in reading.team(getattr(part, "owner", None))}
        self.owner.choices = [(public_id, user.name) for public_id, user in self._team.items()]

    def _owner_id(self) -> int:
        return self._team[self.owner.data].id


class TaskForm(OwnedForm):
    title = StringField(_l("What is to be done"), validators=[required(), Length(max=120)])
    owner = SelectField(_l("Owner"))
    due = WallClockField(_l("Due on"), validators=[InputRequired()])
    note = StringField(_l("Note"), validators=[Length(max=500)])

    def said_by(self, part: Task) -> dict[str, Any]:
        return {"title": part.title, "note": part.note, "owner": part.owner.public_id, **self._wall_clock(part, "due")}

    def values(self) -> dict[str, Any]:
        words = {"title": (self.title.data or "").strip(), "note": (self.note.data or "").strip()}
        return {**words, "owner_id": self._owner_id(), "due_at": self._moment("due")}


class BudgetForm(PartForm):
    title = StringField(_l("What it is for"), validators=[required(), Length(max=120)])
    planned = MoneyField(_l("Planned cost"), default="0")
    spent = MoneyField(_l("Spent so far"), default="0")

    def __init__(self, campaign: Campaign, part: Part | None = None, **kwargs: Any) -> None:
        super().__init__(campaign, part, **kwargs)
        for field in (self.planned, self.spent):
            field.currency = campaign.currency

    def said_by(self, part: BudgetLine) -> dict[str, Any]:
        return {"title": part.title, "planned": str(part.planned.amount), "spent": str(part.spent.amount)}

    def values(self) -> dict[str, Any]:
        amounts = {"planned_minor": self.planned.money.minor, "spent_minor": self.spent.money.minor}
        return {"title": (self.title.data or "").strip(), **amounts}


class RiskForm(OwnedForm):
    title = StringField(_l("What may happen"), validators=[required(), Length(max=160)])
    likelihood = SelectField(_l("How likely"), default=Grade.MEDIUM.value)
    impact = SelectField(_l("How bad"), default=Grade.MEDIUM.value)
    response = TextAreaField(_l("What we do"), validators=[Length(max=1000)])
    owner = SelectField(_l("Owner"))
    state = SelectField(_l("State"), default=RiskState.WATCHED.value)

    def __init__(self, campaign: Campaign, part: Part | None = None, **kwargs: Any) -> None:
        super().__init__(campaign, part, **kwargs)
        for field in (self.likelihood, self.impact):
            field.choices = [(grade.value, str(words)) for grade, words in wording.GRADES.items()]
        self.state.choices = [(state.value, str(words)) for state, (words, _tone) in wording.RISK_STATES.items()]

    def said_by(self, part: Risk) -> dict[str, Any]:
        grades = {"likelihood": part.likelihood.value, "impact": part.impact.value, "state": part.state.value}
        return {"title": part.title, "response": part.response, "owner": part.owner.public_id, **grades}

    def values(self) -> dict[str, Any]:
        words = {"title": (self.title.data or "").strip(), "response": (self.response.data or "").strip()}
        grades = {"likelihood": Grade(self.likelihood.data), "impact": Grade(self.impact.data)}
        return {**words, **grades, "owner_id": self._owner_id(), "state": RiskState(self.state.data)}
