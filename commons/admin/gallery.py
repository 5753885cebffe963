"""What the gallery of components is filled with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from commons.forms import Form, WallClockField, required

NAMES = ("小满", "阿岚", "Maya", "陈一鸣", "Lena", "周周", "Ömer", "木子")


@dataclass(frozen=True)
class Person:
    """Somebody to draw an avatar of."""

    name: str
    avatar_url: str | None = None


class SampleForm(Form):
    title = StringField(_l("Title"), validators=[required()], description=_l("As readers see it."))
    text = TextAreaField(_l("Text"), validators=[Length(max=280)])
    when = WallClockField(_l("When"))
    kind = SelectField(_l("Kind"), choices=lambda: [("a", _("Comment")), ("b", _("Repost"))])
    agreed = BooleanField(_l("Tell me when it is out"))


def sample(at: datetime) -> dict[str, Any]:
    """The variables of `components/gallery.html`."""
    form = SampleForm(formdata=None)
    form.title.errors = [_("Please fill this in.")]
    return {
        "form": form,
        "people": [Person(name) for name in NAMES],
        "moment": at + timedelta(hours=3),
        "curve_url": url_for("admin.components_curve"),
    }


def curve(at: datetime) -> dict[str, Any]:
    """Thirty days of an invented rise and fall."""
    start = int(at.timestamp()) // 86400 * 86400
    days = [start - 86400 * back for back in range(29, -1, -1)]
    values = [round(40 + 30 * math.sin(day / 4) + day * 1.5) for day in range(30)]
    return {"x": days, "series": [{"label": _("Facts"), "values": values, "kind": "line"}], "unit": _("facts a day")}
