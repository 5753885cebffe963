"""The forms of the lane: few fields, because minutes count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from campaigns.lane.running import REASON_LENGTH, SOURCE_LENGTH, TITLE_LENGTH
from commons.forms import CountField, Form, required
from community.channels.accounts import open_accounts
from community.channels.models import ChannelAccount

MOST_TEXT = 20_000


class TopicForm(Form):
    title = StringField(_l("What do people talk about?"), validators=[required(), Length(max=TITLE_LENGTH)])
    source = StringField(_l("Where it was seen"), validators=[Length(max=SOURCE_LENGTH)])
    ago = SelectField(_l("When it was seen"), default="0")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        earlier = [(str(count), _("%(count)s minutes ago", count=count)) for count in (5, 10, 15, 30)]
        self.ago.choices = [("0", _("just now")), *earlier]


class IdeaForm(Form):
    text = TextAreaField(_l("Text"), validators=[required(), Length(max=MOST_TEXT)])
    channels = SelectMultipleField(_l("Channels"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    picture = FileField(_l("Picture"))
    alt = StringField(_l("What the picture shows"), validators=[Length(max=1500)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channels.choices = [(account.public_id, account.name) for account in open_accounts()]

    @property
    def accounts(self) -> Sequence[ChannelAccount]:
        chosen = set(self.channels.data or [])
        return [account for account in open_accounts() if account.public_id in chosen]


class DropForm(Form):
    reason = StringField(_l("Reason"), validators=[Length(max=REASON_LENGTH)])


class TargetForm(Form):
    minutes = CountField(_l("Target in minutes"), validators=[InputRequired(), NumberRange(1, 1440)])
