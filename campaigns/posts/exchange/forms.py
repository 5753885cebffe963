"""The form that takes a table of posts in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from commons.forms import ZoneField
from commons.sheets.forms import ImportForm


class PostImportForm(ImportForm):
    zone = ZoneField(_l("Time zone where the table names none"))

    def more(self) -> Mapping[str, Any]:
        return {"zone": self.zone.data}
