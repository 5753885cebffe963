"""The form that takes a list of members in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length

from commons.forms import required
from commons.sheets.forms import ImportForm
from community.members.exchange.models import BASIS_LENGTH


class MemberImportForm(ImportForm):
    basis = StringField(
        _l("On what basis you may keep this"),
        validators=[required(), Length(max=BASIS_LENGTH, message=_l("At most 200 characters."))],
    )

    def more(self) -> Mapping[str, Any]:
        return {"basis": (self.basis.data or "").strip()}
