"""What is written on the page of a review."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length, Regexp

from campaigns.debrief.models import LONGEST_DECISION, LONGEST_LESSON
from commons.db import ALPHABET, PUBLIC_ID_LENGTH, random_id
from commons.forms import Form, required


class _Once(Form):
    """The page chooses the id, so that a form which is sent twice writes once."""

    public_id = HiddenField(
        default=random_id, validators=[required(), Regexp(rf"[{ALPHABET}]{{{PUBLIC_ID_LENGTH}}}\Z")]
    )


class LessonForm(_Once):
    lesson = TextAreaField(_l("What did we learn?"), validators=[required(), Length(max=LONGEST_LESSON)])


class NextTimeForm(_Once):
    decision = StringField(_l("What will we do next time?"), validators=[required(), Length(max=LONGEST_DECISION)])
