"""Forms: the base class and the fields that several rooms need."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.i18n import get_translations
from wtforms.meta import DefaultMeta
from wtforms.validators import DataRequired, Length, ValidationError

from commons import i18n, zones
from commons.money import DEFAULT_CURRENCY, Money

TIME_ZONE = _l("Time zone")
EARLIEST, LATEST = 2000, 2100
MOST_MONEY = 1_000_000_000
LONGEST_COUNT = 9

# What no database keeps as text: NUL, and halves of surrogate pairs.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class StorableMeta(DefaultMeta):
    """Text fields of such a form let go of characters that cannot be stored."""

    def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
        if issubclass(unbound_field.field_class, StringField):
            options["filters"] = [*unbound_field.kwargs.get("filters", ()), storable]
        return super().bind_field(form, unbound_field, options)


class Form(FlaskForm):  # type: ignore[misc]
    """Base of all forms: CSRF token from the session, messages in the visitor's language."""

    class Meta(StorableMeta, FlaskForm.Meta):  # type: ignore[misc]
        locales: list[str] = []

        def get_translations(self, form: Any) -> Any:
            return get_translations(["zh" if i18n.language() == "zh_Hans" else "en"])


class WallClockField(DateTimeLocalField):
    """A wall-clock time without zone, to the minute; goes together with a `ZoneField`."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **kwargs)

    def pre_validate(self, form: Any) -> None:
        if self.data and not EARLIEST <= self.data.year <= LATEST:
            raise ValidationError(_l("Choose a year from 2000 to 2100."))


class ZoneField(SelectField):
    """An IANA zone, by default the visitor's own."""

    def __init__(self, label: Any = TIME_ZONE, **kwargs: Any) -> None:
        kwargs.setdefault("default", i18n.zone)
        super().__init__(label, choices={name: name.replace("_", " ") for name in zones.names()}, **kwargs)


class CountField(IntegerField):
    """A whole number of at most nine digits: more fit neither a column nor the usual validators."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and len(valuelist[0].strip()) > LONGEST_COUNT:
            raise ValueError(self.gettext("Not a valid integer value."))
        super().process_formdata(valuelist)


class MoneyField(StringField):
    """An amount in `currency`; `data` stays text, `money` is the value once it validated."""

    money: Money
    currency = DEFAULT_CURRENCY

    def pre_validate(self, form: Any) -> None:
        try:
            self.money = Money.parse(self.data or "", self.currency)
        except ValueError as error:
            raise ValidationError(_l("Enter an amount such as 128.00.")) from error
        if self.money.minor < 0:
            raise ValidationError(_l("The amount must not be negative."))
        if self.money.minor > MOST_MONEY:
            raise ValidationError(_l("The amount is too large."))


def required() -> DataRequired:
    return DataRequired(_l("Please fill this in."))


def storable(text: Any) -> Any:
    """`text` without what no database keeps; anything but text as it is."""
    return _UNSTORABLE.sub("", text) if isinstance(text, str) else text


class AddressForm(Form):
    """Where a parcel goes. Whoever keeps it encrypts it, and says when it goes."""

    name = StringField(_l("Recipient"), validators=[required(), Length(max=60)])
    phone = StringField(_l("Telephone number"), validators=[required(), Length(min=5, max=30)])
    place = TextAreaField(_l("Delivery address"), validators=[required(), Length(max=300)])

    @property
    def address(self) -> dict[str, str]:
        fields = {"name": self.name, "phone": self.phone, "place": self.place}
        return {part: (field.data or "").strip() for part, field in fields.items()}
