"""Small forms beside the blocks' own: when to publish, how long to share."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from campaigns.pages.sharing import DAYS
from commons import clock, i18n, zones
from commons.forms import Form, WallClockField, ZoneField

TOMORROW = timedelta(days=1)


class ScheduleForm(Form):
    """A wall-clock time in a zone."""

    when = WallClockField(_l("Goes out"), validators=[InputRequired()])
    zone = ZoneField()

    @classmethod
    def blank(cls) -> ScheduleForm:
        """Tomorrow at this hour, in the visitor's zone."""
        soon = zones.to_local(clock.now() + TOMORROW, i18n.zone()).replace(minute=0, second=0, microsecond=0)
        return cls(formdata=None, when=soon)


class PublishForm(ScheduleForm):
    """What goes out is the draft as it was read: `revision` says which that was."""

    revision = HiddenField()
    note = StringField(_l("What is new in it, for the team"), validators=[Length(max=200)])


class ShareForm(Form):
    days = SelectField(_l("For how long"), coerce=int, default=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days.choices = [(days, ngettext("%(num)d day", "%(num)d days", days)) for days in DAYS]
