"""The form that takes a list of members in."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import StringField
from wtforms.validators import Length, ValidationError

from commons.forms import Form, required
from community.members.exchange.models import BASIS_LENGTH


class ImportForm(Form):
    file = FileField(_l("CSV or XLSX file"))
    basis = StringField(
        _l("On what basis you may keep this"),
        validators=[required(), Length(max=BASIS_LENGTH, message=_l("At most 200 characters."))],
    )

    def validate_file(self, field: Any) -> None:
        if not field.data or not getattr(field.data, "filename", ""):
            raise ValidationError(_l("Choose a CSV or XLSX file."))
