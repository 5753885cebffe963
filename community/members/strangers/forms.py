"""The form of erasing somebody."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import InputRequired

from community.members.merging.forms import ReasonForm


class ErasingForm(ReasonForm):
    """A reason, and that it is known to be for ever."""

    sure = BooleanField(
        _l("I know that this cannot be undone."), validators=[InputRequired(_l("Please say that you know this."))]
    )
