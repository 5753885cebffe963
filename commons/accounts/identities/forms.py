"""The forms of signing in by way of a provider."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import Length

from commons.forms import Form, required


class BeginForm(Form):
    """On to a provider that is known by its name."""


class WhereForm(BeginForm):
    """On to one of many places that speak alike."""

    where = StringField(
        _l("Where is your account?"),
        validators=[required(), Length(max=200)],
        description=_l("The address of your instance, or your whole handle: mastodon.social, or @you@mastodon.social."),
    )


class KnownForm(Form):
    """The password of the account that has the address already."""

    password = PasswordField(_l("Password"), validators=[required(), Length(max=1000)])
