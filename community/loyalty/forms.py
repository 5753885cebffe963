"""The form of an adjustment by hand."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from commons.forms import Form, required
from community.loyalty.models import Currency
from community.loyalty.words import CURRENCIES

MOST = 100_000


class AdjustForm(Form):
    """An adjustment by hand. `token` makes sending it twice happen once."""

    token = HiddenField(validators=[required(), Length(max=24)])
    currency = SelectField(
        _l("Which balance"),
        default=Currency.POINTS.value,
        choices=lambda: {currency.value: str(words) for currency, words in CURRENCIES.items()},
    )
    amount = IntegerField(
        _l("By how much"),
        description=_l("For example 20, or -20 to take away."),
        validators=[
            InputRequired(_l("Please fill this in.")),
            NumberRange(-MOST, MOST, _l("That is too much at once.")),
        ],
    )
    note = StringField(
        _l("Reason"),
        description=_l("The fan reads it in their history."),
        validators=[required(), Length(max=200, message=_l("At most 200 characters."))],
    )

    def validate_amount(self, field: Any) -> None:
        if field.data == 0:
            raise ValidationError(_l("0 changes nothing."))

    @property
    def chosen(self) -> Currency:
        return Currency(self.currency.data)
