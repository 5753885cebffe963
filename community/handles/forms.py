"""Where a fan has posted the code."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length

from commons.forms import Form, required


class PostForm(Form):
    """The address of one post."""

    address = StringField(_l("Address of your post"), validators=[required(), Length(max=500)])
