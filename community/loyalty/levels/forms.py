"""Forms about levels: what they take and give, and setting one by hand."""

from __future__ import annotations

from datetime import datetime
from itertools import zip_longest
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms import DateField, FieldList, FormField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from commons import clock, i18n, zones
from commons.forms import LATEST, CountField, Form, required
from commons.i18n import Words
from community.loyalty.levels.climbing import levels
from community.loyalty.levels.setting_up import LevelDraft, perks
from community.loyalty.models import Level

MOST = 100_000_000


class LevelFields(wtforms.Form):
    """One level; perks are one line each, in the same order in both languages."""

    name_zh = StringField(_l("Name in Chinese"), validators=[required(), Length(max=12)])
    name_en = StringField(_l("Name in English"), validators=[required(), Length(max=24)])
    threshold = IntegerField(
        _l("From how many growth points"),
        validators=[
            InputRequired(_l("Please fill this in.")),
            NumberRange(0, MOST, _l("Enter a whole number that is not negative.")),
        ],
    )
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
