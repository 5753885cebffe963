"""The forms of a profile."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from commons.accounts import names
from commons.accounts.forms import AddressField
from commons.forms import Form, required
from community.members.models import Member
from community.members.profiles import answers, choices, wording
from community.members.profiles.answers import Wanted
from community.members.profiles.models import BASIS_LENGTH, Field, Purpose


def _one_of(field: Field) -> list[tuple[str, str]]:
    return [("", _("Not told")), *choices.options(field)]


class SeveralField(SelectMultipleField):
    """Several of a list, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class BasisField(StringField):
    """On what basis staff know something: a line that the fan reads too, so no tricks."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        kwargs["filters"] = [*kwargs.get("filters", ()), names.clean]
        most = Length(max=BASIS_LENGTH, message=_l("At most 300 characters."))
        super().__init__(label, validators=[required(), most], **kwargs)


class AnswersForm(Form):
    """The whole record; what is left empty is cleared."""

    region = SelectField(choices.FIELDS[Field.REGION], choices=lambda: _one_of(Field.REGION))
    age_band = SelectField(choices.FIELDS[Field.AGE_BAND], choices=lambda: _one_of(Field.AGE_BAND))
    education = SelectField(choices.FIELDS[Field.EDUCATION], choices=lambda: _one_of(Field.EDUCATION))
    interest = SeveralField(choices.FIELDS[Field.INTEREST], choices=lambda: choices.options(Field.INTEREST))

    @classmethod
    def of(cls, member: Member) -> AnswersForm:
        """The form as the record stands."""
        known = {line.field: [answer.value for answer in line.answers] for line in answers.record(member)}
        data = {field.value: found if field.is_several else next(iter(found), "") for field, found in known.items()}
        return cls(formdata=None, data=data)

    @property
    def wanted(self) -> Wanted:
        """What was chosen, by field."""
        chosen = {field: self[field.value].data or [] for field in choices.FIELDS}
        return {field: [found] if isinstance(found, str) else found for field, found in chosen.items()}


class EnteringForm(AnswersForm):
    basis = BasisField(_l("On what basis do you know this?"))


class GuardianForm(Form):
    email = AddressField(_l("Email address of your guardian"))


class LiftingForm(Form):
    basis = BasisField(_l("How do you know that no guardian has to agree?"))


class DecisionForm(Form):
    """What a guardian agrees to; nothing is ticked beforehand."""

    purposes = SeveralField(_l("I agree to"))

    @classmethod
    def about(cls, offered: list[Purpose], allowed: list[Purpose], *, fresh: bool) -> DecisionForm:
        """The form with what the guardian decides on. A `fresh` one has ticked what is allowed already."""
        data = {"purposes": [purpose.value for purpose in allowed]}
        form = cls(formdata=None, data=data) if fresh else cls()
        form.purposes.choices = [(purpose.value, str(wording.PURPOSES[purpose])) for purpose in offered]
        return form

    @property
    def chosen(self) -> list[Purpose]:
        return [Purpose(value) for value in self.purposes.data or []]
