"""Narrowing the inbox down."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.validators import Length, Optional

from commons.db import db
from commons.forms import Form
from community.channels.models import ChannelAccount
from community.inbox.wording import KIND_WORDS, channel_word


class Maybe(Optional):
    """`Optional` that does not say so at every field: in a filter all are."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags = {}


class FilterForm(Form):
    """What the inbox shows; read from the address, so that a filtered page can be kept and sent on."""

    class Meta(Form.Meta):
        csrf = False

    kind = SelectField(_l("Kind"), validators=[Maybe()])
    channel = SelectField(_l("Channel"), validators=[Maybe()])
    q = StringField(_l("Text contains"), validators=[Maybe(), Length(max=100)])
    since = DateField(_l("From"), validators=[Maybe()])
    until = DateField(_l("To"), validators=[Maybe()])
    post = HiddenField()
    author = HiddenField()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        channels = db.session.scalars(select(ChannelAccount.channel).distinct().order_by(ChannelAccount.channel))
        self.kind.choices = [("", _l("All kinds")), *((kind.value, words) for kind, words in KIND_WORDS.items())]
        self.channel.choices = [("", _l("All channels")), *((name, channel_word(name)) for name in channels)]
