"""The form for a link of the brand."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import SelectField, StringField
from wtforms.validators import Length

from campaigns.planning.reading import campaign_choices
from commons import clock
from commons.forms import Form, required


class LinkForm(Form):
    target = StringField(_l("Leads to"), validators=[required(), Length(max=2000)])
    title = StringField(_l("Name, for the team"), validators=[Length(max=120)])
    slug = StringField(_l("Own ending (optional)"), validators=[Length(max=64)])
    campaign = SelectField(_l("Campaign"), default="")
    utm_source = StringField(_l("Source (utm_source)"), validators=[Length(max=64)])
    utm_medium = StringField(_l("Medium (utm_medium)"), validators=[Length(max=64)])
    utm_campaign = StringField(_l("Campaign tag (utm_campaign)"), validators=[Length(max=64)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign.choices = campaign_choices(current_user, clock.now())
