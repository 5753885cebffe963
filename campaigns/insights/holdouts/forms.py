"""The form by which a hold-out group is drawn."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired, NumberRange

from campaigns.insights.holdouts.keeping import LEAST, MOST
from commons.forms import CountField, Form

EVERYBODY = "everybody"


class HoldoutForm(Form):
    """Which campaign, out of whom, and how many. `campaigns` and `segments`: name by public id."""

    campaign = SelectField(_l("Campaign"), validators=[InputRequired(_l("Please choose."))])
    segment = SelectField(_l("Out of whom"), default=EVERYBODY)
    share = CountField(
        _l("How many are kept out, in per cent"),
        default=10,
        validators=[
            InputRequired(_l("Please fill this in.")),
            NumberRange(LEAST, MOST, _l("Enter a number from 1 to 50.")),
        ],
    )

    def __init__(self, *args: Any, campaigns: dict[str, str], segments: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign.choices = list(campaigns.items())
        self.segment.choices = [(EVERYBODY, _("Everybody in the circle")), *segments.items()]
