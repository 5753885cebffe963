"""Forms of the connection pages: made from what a channel asks for, never showing a secret again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, PasswordField, StringField
from wtforms.validators import Length

from commons.forms import Form, ZoneField, required
from community.channels.protocol import Channel
from community.channels.protocol import Field as Asked

LONGEST = 500


class ZoneForm(Form):
    zone = ZoneField(_l("Time zone of its weekly slots"))


class PostedForm(Form):
    url = StringField(_l("Address of the post"), validators=[required(), Length(max=LONGEST)])


class NotPostedForm(Form):
    reason = StringField(_l("Why not?"), validators=[required(), Length(max=300)])


class ConnectForm(Form):
    """Base of the forms that `connect_form` makes."""

    asked: Mapping[str, Asked] = {}

    @property
    def values(self) -> dict[str, str]:
        """What was typed, by the names that the channel gave. A box that is ticked is "yes"."""
        return {name: _value(self[name].data) for name in self.asked}


def connect_form(channel: Channel, typed: Mapping[str, Any]) -> ConnectForm:
    """The form for accounts of `channel`, filled with what was `typed` before."""
    asked = {field.name: field for field in channel.fields}
    made: type[ConnectForm] = type(
        "ConnectForm", (ConnectForm,), {"asked": asked, **{name: _field(field) for name, field in asked.items()}}
    )
    known = {
        name: value == "yes" if asked[name].kind == "yes" else value for name, value in typed.items() if name in asked
    }
    return made(data=known)


def _field(asked: Asked) -> Field:
    if asked.kind == "yes":
        return BooleanField(asked.label, description=asked.hint)
    kind = PasswordField if asked.kind == "secret" else StringField
    extra = {"inputmode": "url"} if asked.kind == "url" else {}
    usual = {"autocomplete": "new-password" if asked.kind == "secret" else "off", "autocapitalize": "none"}
    needed = [] if asked.optional else [required()]
    return kind(
        asked.label, description=asked.hint, validators=[*needed, Length(max=LONGEST)], render_kw={**usual, **extra}
    )


def _value(data: Any) -> str:
    if isinstance(data, bool):
        return "yes" if data else ""
    return str(data or "").strip()
