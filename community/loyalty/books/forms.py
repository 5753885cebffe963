"""Forms about the ledger: what the liability page shows, and why a person settles an entry."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, StringField
from wtforms.validators import Length, Optional, ValidationError

from commons import clock, zones
from commons.admin import brand
from commons.forms import Form, MoneyField, required
from commons.money import Money


class WorthField(MoneyField):
    """An amount that may be left out."""

    def pre_validate(self, form: Any) -> None:
        if (self.data or "").strip():
            super().pre_validate(form)


class LiabilityForm(Form):
    """As of which day, and what a hundred points are worth; read from the address, so that the page can be kept."""

    class Meta(Form.Meta):
        csrf = False

    day = DateField(
        _l("As the ledger stood at the end of"), description=_l("Empty means now."), validators=[Optional()]
    )
    worth = WorthField(
        _l("What 100 points are worth"), description=_l("For example 1.00; empty shows points only."),
        validators=[Optional()],
    )  # fmt: skip

    def validate_day(self, field: Any) -> None:
        if field.data is None:
            return
        if field.data > zones.day_of(clock.now(), brand.shown().zone):
            raise ValidationError(_l("That day is still ahead."))
        if field.data.year < 2000:
            raise ValidationError(_l("Choose a year from 2000 on."))

    @property
    def per_hundred(self) -> Money | None:
        """What a hundred points are worth; None when nothing was said. The form must be valid."""
        return self.worth.money if (self.worth.data or "").strip() else None


class ReasonForm(Form):
    """Why a person takes an entry back, or takes it as proven."""

    note = StringField(
        _l("Reason"),
        description=_l("The fan reads it in their history."),
        validators=[required(), Length(max=200, message=_l("At most 200 characters."))],
    )
