"""The forms about penalties."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional, Regexp, ValidationError

from commons.db import ALPHABET, PUBLIC_ID_LENGTH
from commons.forms import CountField, Form, required
from community.reviews import standard
from community.rewards.penalties.giving import LONGEST_TERM, Wanted
from community.rewards.penalties.models import Measure
from community.rewards.penalties.wording import MEASURES

MOST = 1_000_000


class PenaltyForm(Form):
    """A penalty. `token` makes sending it twice happen once."""

    token = HiddenField(validators=[required(), Regexp(f"[{ALPHABET}]{{{PUBLIC_ID_LENGTH}}}$")])
    clause = SelectField(_l("Clause of the content standard"), validators=[required()])
    measure = SelectField(
        _l("What follows"), choices=lambda: {measure.value: str(words) for measure, words in MEASURES.items()}
    )
    days = CountField(_l("For how many days"), validators=[Optional(), NumberRange(1, LONGEST_TERM)])
    points = CountField(_l("Points to take"), validators=[Optional(), NumberRange(0, MOST)])
    growth = CountField(_l("Growth points to take"), validators=[Optional(), NumberRange(0, MOST)])
    about = StringField(
        _l("Where it happened"), description=_l("The address of the post or comment."), validators=[Length(max=300)]
    )
    note = TextAreaField(
        _l("What happened"), description=_l("The fan reads it."), validators=[required(), Length(max=500)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clause.choices = {one.number: f"{one.number} {one.title}" for one in standard.grounds()}

    def validate_days(self, field: CountField) -> None:
        if self.measure.data != Measure.WARNING and not field.data:
            raise ValidationError(_l("Say for how many days."))

    def validate_about(self, field: StringField) -> None:
        if field.data and not field.data.startswith(("/", "https://", "http://")):
            raise ValidationError(_l("Enter an address such as https://… or /circle/…"))

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            measure=Measure(self.measure.data),
            clause=self.clause.data,
            note=self.note.data or "",
            days=self.days.data or 0,
            points=self.points.data or 0,
            growth=self.growth.data or 0,
            about=self.about.data or "",
        )
