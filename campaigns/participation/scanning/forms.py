"""The form of a place, and of printing single codes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from campaigns.participation.scanning import scanning
from campaigns.participation.scanning.models import Sort
from campaigns.participation.scanning.scanning import WantedPlace
from commons.forms import CountField, Form, WallClockField, required

SORT_WORDS = {
    Sort.FIXED: _l("Printed: one code for everybody"),
    Sort.ROTATING: _l("On a screen: a new code every half minute"),
    Sort.ONE_TIME: _l("Printed one by one: each code for one person"),
}


class PlaceForm(Form):
    name = StringField(_l("Name of the place"), validators=[required(), Length(max=60)])
    sort = SelectField(
        _l("Kind of code"),
        description=_l("A picture of a printed code can be passed round; a changing or single one cannot."),
        choices=lambda: [(sort.value, str(words)) for sort, words in SORT_WORDS.items()],
    )
    opens = WallClockField(_l("Opens"), validators=[Optional()])
    closes = WallClockField(_l("Closes"), validators=[Optional()])

    @property
    def wanted(self) -> WantedPlace:
        return WantedPlace(self.name.data or "", Sort(self.sort.data), self.opens.data, self.closes.data)


class CodesForm(Form):
    number = CountField(
        _l("How many single codes"), validators=[InputRequired(), NumberRange(1, scanning.MOST_AT_ONCE)], default=20
    )
