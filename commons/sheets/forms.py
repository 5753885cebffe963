"""The form that takes a table in. A room adds the fields for what else its imports keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms.validators import ValidationError

from commons.forms import Form
from commons.sheets.files import MOST_BYTES


class ImportForm(Form):
    file = FileField(_l("CSV or XLSX file"))

    def validate_file(self, field: Any) -> None:
        if not field.data or not getattr(field.data, "filename", ""):
            raise ValidationError(_l("Choose a CSV or XLSX file."))

    @property
    def name(self) -> str:
        return str(self.file.data.filename or "")

    def content(self) -> bytes:
        """The file, or so much of it that it is known to be too large. To be read once."""
        content: bytes = self.file.data.stream.read(MOST_BYTES + 1)
        return content

    def more(self) -> Mapping[str, Any]:
        """The columns of the import that the room's own fields fill."""
        return {}
