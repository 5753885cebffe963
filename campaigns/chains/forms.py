"""How far a reward reaches."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from campaigns.chains.models import DEEPEST_REWARD
from commons.forms import Form


class DepthForm(Form):
    depth = RadioField(
        _l("People count as brought"),
        choices={str(depth): str(depth) for depth in range(1, DEEPEST_REWARD + 1)},
    )
