"""Why two members are merged, or split again."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from commons.forms import Form, required


class ReasonForm(Form):
    """A reason, which the audit log keeps."""

    reason = StringField(
        _l("Reason"),
        description=_l("It stands in the audit log."),
        validators=[required(), Length(max=200, message=_l("At most 200 characters."))],
    )


class MergeForm(ReasonForm):
    """A reason, and that somebody has looked at both."""

    sure = BooleanField(
        _l("I have looked at both, and they are one person."),
        validators=[InputRequired(_l("Please look at both first."))],
    )
