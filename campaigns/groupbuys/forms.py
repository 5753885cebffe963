"""The form for an offer."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from campaigns.groupbuys.models import GroupBuy
from campaigns.planning.reading import campaign_choices
from commons import clock, zones
from commons.forms import CountField, Form, MoneyField, WallClockField, ZoneField, required

MOST_SEATS = 100_000


class OfferForm(Form):
    title = StringField(_l("What is on offer"), validators=[required(), Length(max=120)])
    description = TextAreaField(_l("Description"), validators=[Length(max=4000)])
    picture = FileField(_l("Picture"))
    picture_alt = StringField(_l("What the picture shows, for those who do not see it"), validators=[Length(max=300)])
    price = MoneyField(_l("Price for the group"), validators=[required()])
    usual_price = MoneyField(_l("Usual price"), validators=[Optional()])
    needed = CountField(_l("People needed"), validators=[InputRequired(), NumberRange(1, MOST_SEATS)])
    seats = CountField(_l("Seats in all"), validators=[InputRequired(), NumberRange(1, MOST_SEATS)])
    deadline = WallClockField(_l("Deadline"), validators=[InputRequired()])
    zone = ZoneField()
    campaign = SelectField(_l("Campaign"), default="")

    def __init__(self, *args: Any, group_buy: GroupBuy | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept_picture = group_buy.picture if group_buy else None
        chosen = group_buy.campaign if group_buy else None
        self.campaign.choices = campaign_choices(current_user, clock.now(), chosen)

    @classmethod
    def of(cls, group_buy: GroupBuy) -> OfferForm:
        """The form as it stands for an offer that exists."""
        return cls(
            group_buy=group_buy,
            title=group_buy.title,
            description=group_buy.description,
            picture_alt=group_buy.picture_alt,
            price=str(group_buy.price.amount),
            usual_price=str(group_buy.usual_price.amount) if group_buy.usual_price else "",
            needed=group_buy.needed,
            seats=group_buy.seats,
            deadline=zones.to_local(group_buy.deadline_at, group_buy.zone),
            zone=group_buy.zone,
            campaign=group_buy.campaign.public_id if group_buy.campaign else "",
        )

    def validate_price(self, field: MoneyField) -> None:
        if not field.errors and field.money.minor <= 0:
            raise ValidationError(_l("The price must be more than nothing."))

    def validate_usual_price(self, field: MoneyField) -> None:
        if not self.price.errors and not field.errors and field.money <= self.price.money:
            raise ValidationError(_l("The usual price must be higher than the price for the group."))

    def validate_needed(self, field: CountField) -> None:
        if self.seats.data is not None and field.data is not None and field.data > self.seats.data:
            raise ValidationError(_l("More people are needed than there are seats."))

    def validate_deadline(self, field: WallClockField) -> None:
        if field.errors or not field.data or not zones.is_zone(self.zone.data or ""):
            return
        if zones.to_utc(field.data, self.zone.data) <= clock.now():
            raise ValidationError(_l("The deadline is in the past."))

    def validate_picture_alt(self, field: StringField) -> None:
        if (self.picture.data or self.kept_picture) and not (field.data or "").strip():
            raise ValidationError(_l("Please say what the picture shows."))
