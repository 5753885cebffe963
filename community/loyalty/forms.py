"""Forms about levels and adjustments."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms import (
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from commons.forms import CountField, Form, required
from commons.i18n import Words
from community.loyalty.levels import LevelDraft, perks
from community.loyalty.models import Currency, Level
from community.loyalty.words import CURRENCIES

MOST = 100_000
_WHOLE = _l("Enter a whole number that is not negative.")


def _amount(most: int = MOST) -> list[Any]:
    return [InputRequired(_l("Please fill this in.")), NumberRange(0, most, _WHOLE)]


class LevelFields(wtforms.Form):
    """One level; perks are one line each, in the same order in both languages."""

    name_zh = StringField(_l("Name in Chinese"), validators=[required(), Length(max=12)])
    name_en = StringField(_l("Name in English"), validators=[required(), Length(max=24)])
    threshold = IntegerField(_l("From how many growth points"), validators=_amount(100_000_000))
    breadth = CountField(
        _l("From how many kinds of facts"),
        validators=[InputRequired(_l("Please fill this in.")), NumberRange(0, 20, _l("From 0 to 20."))],
    )
    perks_zh = TextAreaField(_l("Privileges in Chinese"), validators=[Length(max=1000)])
    perks_en = TextAreaField(_l("Privileges in English"), validators=[Length(max=1000)])

    def validate_perks_en(self, field: Any) -> None:
        if len(_lines(field.data)) != len(_lines(self.perks_zh.data)):
            raise ValidationError(_l("Write as many privileges in English as in Chinese, one on each line."))


class LevelsForm(Form):
    """All levels, the lowest first, and the period over which growth counts."""

    period_days = CountField(
        _l("Growth counts for how many days"),
        description=_l("For example 365. Empty: growth counts for ever, and nobody loses a level by waiting."),
        validators=[Optional(), NumberRange(30, 3650, _l("From 30 to 3650 days."))],
    )
    levels = FieldList(FormField(LevelFields))

    @classmethod
    def of(cls, levels: list[Level], period_days: int | None) -> LevelsForm:
        """The form as the levels stand now."""
        data = {"levels": [_level_data(level) for level in levels], "period_days": period_days}
        return cls(formdata=None, data=data)

    @property
    def drafts(self) -> list[LevelDraft]:
        return [_draft(entry.form) for entry in self.levels]


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


def _level_data(level: Level) -> dict[str, object]:
    known = perks(level)
    return {
        "name_zh": level.name.zh,
        "name_en": level.name.en,
        "threshold": level.threshold,
        "breadth": level.breadth,
        "perks_zh": "\n".join(perk.zh for perk in known),
        "perks_en": "\n".join(perk.en for perk in known),
    }


def _draft(fields: Any) -> LevelDraft:
    pairs = zip_longest(_lines(fields.perks_zh.data), _lines(fields.perks_en.data), fillvalue="")
    name = Words(fields.name_zh.data.strip(), fields.name_en.data.strip())
    return LevelDraft(name, fields.threshold.data, [Words(zh, en) for zh, en in pairs], fields.breadth.data)


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
