"""The forms of this room: paying in the sandbox, marking as paid, sending back, placing what did not fit, terms."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from campaigns.payments.models import EXTERNAL_LENGTH
from campaigns.payments.sandbox.models import Manner
from campaigns.payments.sandbox.site import Trial
from campaigns.payments.wording import MANNERS, TRIALS
from commons import clock, zones
from commons.forms import Form, MoneyField, WallClockField, ZoneField, required


class SandboxForm(Form):
    """What the sandbox is to do."""

    trial = RadioField(
        _l("What is to happen?"),
        choices=lambda: {one.value: str(words) for one, words in TRIALS.items()},
        default=Trial.PAY.value,
    )
    manner = SelectField(
        _l("If money is sent back later, refunds …"),
        choices=lambda: {one.value: str(words) for one, words in MANNERS.items()},
        default=Manner.WORKS.value,
    )


class MannerForm(Form):
    manner = SelectField(
        _l("Refunds of this money …"), choices=lambda: {one.value: str(words) for one, words in MANNERS.items()}
    )


class PaidForm(Form):
    """Marking a payment as paid."""

    reference = StringField(
        _l("Number of the transfer"),
        description=_l("As the bank or the receipt book names it. The same number counts once."),
        validators=[required(), Length(max=EXTERNAL_LENGTH)],
    )
    amount = MoneyField(_l("What came in"), validators=[required()])
    paid_at = WallClockField(_l("When it came in"), validators=[Optional()])
    zone = ZoneField()
    picture = FileField(_l("Picture of the slip"))

    def moment(self) -> datetime | None:
        """When it came in; None for a moment that is to come."""
        at = clock.now()
        if self.paid_at.data is None:
            return at
        moment = zones.to_utc(self.paid_at.data, self.zone.data)
        return moment if moment <= at else None

    def validate_paid_at(self, field: WallClockField) -> None:
        if self.moment() is None:
            raise ValidationError(_l("Money cannot have come in at a moment that is to come."))

    def validate_amount(self, field: MoneyField) -> None:
        if not field.errors and field.money.minor <= 0:
            raise ValidationError(_l("The amount must be more than nothing."))


class RefundForm(Form):
    """Sending money back. `token` makes a doubled click one refund."""

    amount = MoneyField(_l("How much goes back"), validators=[required()])
    reason = StringField(
        _l("Why it goes back"), description=_l("The fan reads it too."), validators=[required(), Length(max=200)]
    )
    sure = BooleanField(
        _l("I have checked it: this cannot be undone"), validators=[InputRequired(_l("Tick this first."))]
    )
    token = HiddenField(validators=[required(), Length(max=12)])

    def validate_amount(self, field: MoneyField) -> None:
        if not field.errors and field.money.minor <= 0:
            raise ValidationError(_l("The amount must be more than nothing."))


class DoneForm(Form):
    """A person has sent money back."""

    reference = StringField(_l("Number of the transfer back"), validators=[required(), Length(max=EXTERNAL_LENGTH)])


class PlaceForm(Form):
    """Which payment money was for."""

    reference = StringField(_l("Reference of the payment"), validators=[required(), Length(max=40)])


class CloseForm(Form):
    note = StringField(_l("Why the case is closed"), validators=[required(), Length(max=300)])


class TermsForm(Form):
    """What payers are told."""

    manual = TextAreaField(
        _l("By transfer or cash: how to pay"),
        description=_l("Account, bank, name; what to write with the transfer. The reference is shown below it."),
        validators=[Length(max=2000)],
    )
    shop_url = StringField(
        _l("Online shop: address of the order page"),
        description=_l("{reference} and {amount} in it are filled in for each payer."),
        validators=[Length(max=500)],
    )
    shop = TextAreaField(_l("Online shop: how to order"), validators=[Length(max=2000)])

    def validate_shop_url(self, field: StringField) -> None:
        text = (field.data or "").strip()
        try:
            parts = urlsplit(text)
        except ValueError:
            parts = urlsplit("")
        if text and (parts.scheme not in {"http", "https"} or not parts.hostname or not text.isprintable()):
            raise ValidationError(_l("Write the whole address, beginning with https://."))
