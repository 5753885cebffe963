"""Appeals of fans against what was decided about them: for how long, in how many words, and the forms on both sides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from commons.errors import Invalid
from commons.forms import Form, required

APPEAL_FOR = timedelta(days=30)
LONGEST_TEXT = 2000
LONGEST_ANSWER = 500


def said(text: str) -> str:
    """What the fan says, as it is kept; `Invalid` for nothing and for too much."""
    words = text.strip()
    if not words or len(words) > LONGEST_TEXT:
        raise Invalid(_("Say why it is wrong, in at most %(count)s characters.", count=LONGEST_TEXT))
    return words


def answered(answer: str) -> str:
    """What the team answers, as it is kept; nobody is left without one."""
    words = answer.strip()
    if not words:
        raise Invalid(_("The fan needs an answer."), _("Write in a few words why you decided so."))
    return words


class AppealForm(Form):
    """What the fan says against it."""

    text = TextAreaField(_l("Why it is wrong"), validators=[required(), Length(max=LONGEST_TEXT)])


class AnswerForm(Form):
    """What becomes of an appeal. `upheld` and `stands` are the words of the two choices."""

    upheld = RadioField(_l("Decision"), validators=[InputRequired(_l("Please choose."))])
    answer = TextAreaField(
        _l("Your answer"), description=_l("The fan reads it."), validators=[required(), Length(max=LONGEST_ANSWER)]
    )

    def __init__(self, *args: Any, upheld: Any, stands: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.upheld.choices = [("yes", str(upheld)), ("no", str(stands))]

    @property
    def is_upheld(self) -> bool:
        return bool(self.upheld.data == "yes")
