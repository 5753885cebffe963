"""The form by which somebody is kept out of a campaign."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length

from campaigns.participation.exclusions.models import Code
from commons.forms import Form, required

CODE_WORDS = {
    Code.SECOND_ACCOUNT: _l("A further account of the same person"),
    Code.EMPLOYEE: _l("Works for the organiser"),
    Code.UNDER_AGE: _l("Too young for this campaign"),
    Code.FORGED: _l("Forged what was handed in"),
    Code.RULES_BROKEN: _l("Broke the rules of the campaign"),
}


class ExclusionForm(Form):
    member = StringField(
        _l("Fan"), description=_l("The address of the profile, or the number at its end."), validators=[required()]
    )
    code = SelectField(_l("Reason"), choices=lambda: [(code.value, str(words)) for code, words in CODE_WORDS.items()])
    sentence = TextAreaField(
        _l("In a sentence"), description=_l("The fan reads it."), validators=[required(), Length(max=300)]
    )

    @property
    def number(self) -> str:
        """Of the fan; the whole address of the profile is taken as well."""
        return (self.member.data or "").strip().rstrip("/").rpartition("/")[2].lower()
