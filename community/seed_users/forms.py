"""The forms of the room."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from commons.errors import DomainError
from commons.forms import CountField, Form, required
from community.seed_users import codes, naming

_BETWEEN = re.compile(r"[,，、;；\n]+")


class SeedUserForm(Form):
    """What the person knows about, and what the team should know about the person."""

    fields = StringField(
        _l("Fields"),
        description=_l("What the person knows about, with commas between: tea, photography."),
        validators=[required(), Length(max=200)],
    )
    note = TextAreaField(_l("Note"), description=_l("Only the team reads it."), validators=[Length(max=500)])

    @property
    def words(self) -> list[str]:
        return _BETWEEN.split(self.fields.data or "")

    def validate_fields(self, field: StringField) -> None:
        try:
            naming.checked(self.words)
        except DomainError as refusal:
            raise ValidationError(refusal.message) from refusal


class CodesForm(Form):
    """How many codes, for how many people each, until when."""

    number = CountField(
        _l("How many codes"),
        default=3,
        validators=[InputRequired(), NumberRange(1, codes.MOST_AT_ONCE, _l("From 1 to 50."))],
    )
    most = CountField(
        _l("For how many people each"),
        default=1,
        validators=[InputRequired(), NumberRange(1, codes.MOST_USES, _l("From 1 to 1,000."))],
    )
    last_day = DateField(
        _l("Last day"), description=_l("Empty: until they are used up or withdrawn."), validators=[Optional()]
    )


class EndForm(Form):
    reason = StringField(_l("Reason"), description=_l("The fan reads it."), validators=[required(), Length(max=200)])


class CodeForm(Form):
    """A code as somebody types it."""

    code = StringField(_l("Invitation code"), validators=[required(), Length(max=40)])
