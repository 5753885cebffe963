"""The forms of the shop."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from commons.forms import AddressForm, CountField, Form, required
from commons.i18n import Words
from community.loyalty.levels.climbing import levels
from community.loyalty.models import Level
from community.rewards.shop.models import Handing, Reward
from community.rewards.shop.wording import HANDINGS

MOST = 1_000_000


class RewardForm(Form):
    name_zh = StringField(_l("Name in Chinese"), validators=[required(), Length(max=60)])
    name_en = StringField(_l("Name in English"), validators=[required(), Length(max=80)])
    about_zh = TextAreaField(_l("Description in Chinese"), validators=[Length(max=2000)])
    about_en = TextAreaField(_l("Description in English"), validators=[Length(max=2000)])
    picture = FileField(_l("Picture"))
    picture_alt = StringField(_l("What the picture shows, for those who do not see it"), validators=[Length(max=300)])
    handing = SelectField(
        _l("How the fan gets it"), choices=lambda: {handing.value: str(words) for handing, words in HANDINGS.items()}
    )
    cost = CountField(_l("Cost in points"), validators=[InputRequired(), NumberRange(1, MOST)])
    stock = CountField(_l("Pieces in all"), validators=[Optional(), NumberRange(0, MOST)], default=0)
    per_fan = CountField(_l("At most so many for one fan"), validators=[Optional(), NumberRange(1, MOST)])
    level = SelectField(_l("From which level on"), default="")

    def __init__(self, *args: Any, reward: Reward | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept_picture = reward.picture if reward else None
        self.level.choices = {"": str(_l("Every level")), **{one.public_id: str(one.name) for one in levels()}}

    @classmethod
    def of(cls, reward: Reward) -> RewardForm:
        """The form as it stands for a reward that exists."""
        return cls(
            reward=reward,
            name_zh=reward.name.zh,
            name_en=reward.name.en,
            about_zh=reward.about.zh,
            about_en=reward.about.en,
            picture_alt=reward.picture_alt,
            handing=reward.handing.value,
            cost=reward.cost,
            stock=reward.stock,
            per_fan=reward.per_fan,
            level=reward.level.public_id if reward.level else "",
        )

    def validate_picture_alt(self, field: StringField) -> None:
        if (self.picture.data or self.kept_picture) and not (field.data or "").strip():
            raise ValidationError(_l("Please say what the picture shows."))

    @property
    def name_words(self) -> Words:
        return Words((self.name_zh.data or "").strip(), (self.name_en.data or "").strip())

    @property
    def about_words(self) -> Words:
        return Words((self.about_zh.data or "").strip(), (self.about_en.data or "").strip())

    @property
    def chosen_handing(self) -> Handing:
        return Handing(self.handing.data)

    @property
    def chosen_level(self) -> Level | None:
        return next((level for level in levels() if level.public_id == self.level.data), None)


class CodesForm(Form):
    codes = TextAreaField(
        _l("Codes"),
        description=_l("One on each line. Those that are there already are left out."),
        validators=[required(), Length(max=200_000)],
    )


class RedeemForm(Form):
    """What a fan agrees to. `token` makes sending it twice happen once, `cost` is what the page showed."""

    token = HiddenField(validators=[required(), Length(max=24)])
    cost = CountField(validators=[InputRequired()])


class ParcelForm(AddressForm, RedeemForm):
    """The same with where the parcel goes; kept encrypted, and erased 90 days after it was sent."""


class HandForm(Form):
    tracking = StringField(_l("Parcel number"), validators=[Length(max=80)])


class RefundForm(Form):
    note = StringField(
        _l("Reason"), description=_l("The fan reads it in their history."), validators=[required(), Length(max=200)]
    )
