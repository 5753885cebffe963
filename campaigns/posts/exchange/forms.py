"""The form that takes a table in."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms.validators import ValidationError

from commons.forms import Form, ZoneField


class ImportForm(Form):
    file = FileField(_l("CSV or XLSX file"))
    zone = ZoneField(_l("Time zone where the table names none"))

    def validate_file(self, field: Any) -> None:
        if not field.data or not getattr(field.data, "filename", ""):
            raise ValidationError(_l("Choose a CSV or XLSX file."))
