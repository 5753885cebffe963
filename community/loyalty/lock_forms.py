"""The form that sets a level by hand."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.validators import Length, Optional, ValidationError

from commons import clock, i18n, zones
from commons.forms import LATEST, Form, required
from community.loyalty.climbing import levels


class LockForm(Form):
    """Which level, why, and up to which day (where the staff member is); no day: until somebody lets go."""

    level = SelectField(_l("Level"), choices=lambda: [(level.public_id, str(level.name)) for level in levels()])
    reason = StringField(
        _l("Reason"),
        description=_l("The fan reads it."),
        validators=[required(), Length(max=200, message=_l("At most 200 characters."))],
    )
    until = DateField(
        _l("Up to and with this day"), description=_l("Empty: until somebody lets go."), validators=[Optional()]
    )

    def validate_until(self, field: DateField) -> None:
        if field.data is None:
            return
        if field.data < zones.day_of(clock.now(), i18n.zone()) or field.data.year > LATEST:
            raise ValidationError(_l("Choose a day from today on."))

    @property
    def ends_at(self) -> datetime | None:
        return zones.day_bounds(self.until.data, i18n.zone())[1] if self.until.data else None
