"""What members tell about themselves as conditions of segments, one for each field."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, literal, select
from wtforms import SelectField

from community.members.models import Member
from community.members.profiles import choices, consents
from community.members.profiles.answers import KINDS
from community.members.profiles.models import Answer, Field, Purpose
from community.members.segments.conditions import Condition, ConditionForm, Values, so_many


class Told(Condition):
    """Whether somebody is known to have one of the answers of a field. Only while the member allows that it is kept."""

    def __init__(self, field: Field) -> None:
        self.field = field

    @property
    def name(self) -> str:  # type: ignore[override]
        return f"profile.{self.field.value}"

    @property
    def label(self) -> Any:
        return choices.FIELDS[self.field]

    @property
    def form(self) -> type[ConditionForm]:  # type: ignore[override]
        return FORMS[self.field]

    def holds(self, values: Values, day: date) -> ColumnElement[bool]:
        found = select(literal(1)).where(
            Answer.member_id == Member.id, Answer.field == self.field, Answer.value == values["value"]
        )
        return and_(so_many(found, "at_least", 1), consents.allows(Member.id, Purpose.PROFILE))

    def words(self, values: Values) -> str:
        answer = choices.words(self.field, values["value"])
        return str(_("%(field)s: %(answer)s", field=choices.FIELDS[self.field], answer=answer))

    def follows(self, values: Values) -> Collection[str]:
        return set(KINDS.values())  # like all facts that begin with `member.`, consents among them


def conditions() -> Sequence[Condition]:
    return [Told(field) for field in choices.FIELDS]


def _form(field: Field) -> type[ConditionForm]:
    class Form(ConditionForm):
        value = SelectField(_l("Answer"), choices=lambda: choices.options(field))

    return Form


FORMS = {field: _form(field) for field in Field}
