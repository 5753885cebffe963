"""The forms of a group buy: the offer, seats that the brand takes, fewer seats, deliveries."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.form import Form as PlainForm
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from campaigns.groupbuys import wording
from campaigns.groupbuys.models import HOLD_MINUTES, GroupBuy, GroupBuyKind
from campaigns.groupbuys.pricing import Step
from campaigns.links.targets import checked_target
from campaigns.payments.slots import open_providers
from campaigns.planning.reading import campaign_choices
from commons import clock, zones
from commons.errors import Invalid
from commons.forms import CountField, Form, MoneyField, StorableMeta, WallClockField, ZoneField, required
from commons.money import Money
from community.members.profiles.choices import REGIONS

MOST_SEATS = 100_000
MOST_TIERS = 4
LONGEST_HOLD = 7 * 24 * 60


class TierForm(PlainForm):
    """One line of the further prices; a line without a number is none."""

    Meta = StorableMeta

    reached = CountField(_l("From so many people"), validators=[Optional(), NumberRange(2, MOST_SEATS)])
    price = MoneyField(_l("Price"), validators=[Optional()])

    @property
    def wanted(self) -> bool:
        return self.reached.data is not None or bool((self.price.data or "").strip())


class OfferForm(Form):
    title = StringField(_l("What is on offer"), validators=[required(), Length(max=120)])
    description = TextAreaField(_l("Description"), validators=[Length(max=4000)])
    picture = FileField(_l("Picture"))
    picture_alt = StringField(_l("What the picture shows, for those who do not see it"), validators=[Length(max=300)])
    kind = RadioField(_l("Who buys together"), default=GroupBuyKind.OPEN.value)
    price = MoneyField(_l("Price for the group"), validators=[required()])
    usual_price = MoneyField(_l("Usual price"), validators=[Optional()])
    tiers = FieldList(FormField(TierForm), min_entries=MOST_TIERS, max_entries=MOST_TIERS)
    needed = CountField(_l("People needed"), validators=[InputRequired(), NumberRange(1, MOST_SEATS)])
    seats = CountField(_l("Seats in all"), validators=[InputRequired(), NumberRange(1, MOST_SEATS)])
    team_seats = CountField(_l("Seats in each team"), validators=[Optional(), NumberRange(1, MOST_SEATS)])
    most_each = CountField(_l("At most for one person"), validators=[Optional(), NumberRange(1, 1000)], default=1)
    market_address = StringField(_l("Address on the marketplace"), validators=[Length(max=2000)])
    provider = SelectField(_l("How it is paid"), default="")
    hold_minutes = CountField(
        _l("Minutes to pay"), validators=[Optional(), NumberRange(5, LONGEST_HOLD)], default=HOLD_MINUTES
    )
    regions = SelectMultipleField(_l("Only for fans in"), validators=[Optional()])
    deadline = WallClockField(_l("Deadline"), validators=[InputRequired()])
    zone = ZoneField()
    campaign = SelectField(_l("Campaign"), default="")

    def __init__(self, *args: Any, group_buy: GroupBuy | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept_picture = group_buy.picture if group_buy else None
        chosen = group_buy.campaign if group_buy else None
        self.campaign.choices = campaign_choices(current_user, clock.now(), chosen)
        self.kind.choices = {kind.value: str(words) for kind, words in wording.KINDS.items()}
        ways = {provider.name: str(provider.words) for provider in open_providers()}
        self.provider.choices = {"": str(_l("Not here: joining is a promise to buy")), **ways}
        self.regions.choices = {code: str(words) for code, words in REGIONS.items()}

    @classmethod
    def of(cls, group_buy: GroupBuy) -> OfferForm:
        """The form as it stands for an offer that exists."""
        currency = group_buy.currency
        lines: list[dict[str, Any]] = [
            {"reached": tier.reached, "price": str(Money(tier.price_minor, currency).amount)}
            for tier in group_buy.tiers
        ]
        return cls(
            group_buy=group_buy,
            title=group_buy.title,
            description=group_buy.description,
            picture_alt=group_buy.picture_alt,
            kind=group_buy.kind.value,
            price=str(group_buy.price.amount),
            usual_price=str(group_buy.usual_price.amount) if group_buy.usual_price else "",
            tiers=lines + [{}] * (MOST_TIERS - len(lines)),
            needed=group_buy.needed,
            seats=group_buy.seats,
            team_seats=group_buy.team_seats,
            most_each=group_buy.most_each,
            market_address=group_buy.market_link.target if group_buy.market_link else "",
            provider=group_buy.provider or "",
            hold_minutes=group_buy.hold_minutes,
            regions=group_buy.regions,
            deadline=zones.to_local(group_buy.deadline_at, group_buy.zone),
            zone=group_buy.zone,
            campaign=group_buy.campaign.public_id if group_buy.campaign else "",
        )

    @property
    def chosen_kind(self) -> GroupBuyKind:
        return GroupBuyKind(self.kind.data)

    @property
    def steps(self) -> list[Step]:
        """The further prices."""
        lines = [line.form for line in self.tiers if line.form.wanted]
        return sorted(Step(line.reached.data or 0, line.price.money.minor) for line in lines)

    def validate_price(self, field: MoneyField) -> None:
        if not field.errors and field.money.minor <= 0:
            raise ValidationError(_l("The price must be more than nothing."))

    def validate_usual_price(self, field: MoneyField) -> None:
        if not self.price.errors and not field.errors and field.money <= self.price.money:
            raise ValidationError(_l("The usual price must be higher than the price for the group."))

    def validate_tiers(self, field: Any) -> None:
        lines = [line.form for line in field if line.form.wanted]
        if any(line.reached.data is None or not (line.price.data or "").strip() for line in lines):
            raise ValidationError(_l("A further price has a number of people and an amount."))
        if self.price.errors or any(line.reached.errors or line.price.errors for line in lines):
            return
        prices = [self.price.money.minor, *(step.price_minor for step in self.steps)]
        numbers = [self.needed.data or 0, *(step.reached for step in self.steps)]
        if prices != sorted(set(prices), reverse=True) or numbers != sorted(set(numbers)) or prices[-1] <= 0:
            raise ValidationError(_l("Each further price needs more people than the one before, and is lower."))

    def validate_needed(self, field: CountField) -> None:
        if self.seats.data is not None and field.data is not None and field.data > self.seats.data:
            raise ValidationError(_l("More people are needed than there are seats."))

    def validate_team_seats(self, field: CountField) -> None:
        if self.kind.data != GroupBuyKind.TEAMS.value or field.data is None:
            return
        if not (self.needed.data or 0) <= field.data <= (self.seats.data or MOST_SEATS):
            raise ValidationError(
                _l("A team has room for those who are needed, and no more than there are seats in all.")
            )

    def validate_market_address(self, field: StringField) -> None:
        if self.kind.data != GroupBuyKind.MARKET.value:
            return
        try:
            field.data = checked_target((field.data or "").strip())
        except Invalid as refusal:
            raise ValidationError(refusal.message) from refusal

    def validate_deadline(self, field: WallClockField) -> None:
        if field.errors or not field.data or not zones.is_zone(self.zone.data or ""):
            return
        if zones.to_utc(field.data, self.zone.data) <= clock.now():
            raise ValidationError(_l("The deadline is in the past."))

    def validate_picture_alt(self, field: StringField) -> None:
        if (self.picture.data or self.kept_picture) and not (field.data or "").strip():
            raise ValidationError(_l("Please say what the picture shows."))


class JoinForm(Form):
    quantity = CountField(_l("How many"), validators=[Optional(), NumberRange(1, 1000)], default=1)


class FillForm(Form):
    count = CountField(_l("Seats for the brand"), validators=[InputRequired(), NumberRange(1, MOST_SEATS)])


class LowerForm(Form):
    seats = CountField(_l("Seats in all from now on"), validators=[InputRequired(), NumberRange(1, MOST_SEATS)])
    reason = StringField(_l("Why, in words for those who lose their seat"), validators=[required(), Length(max=120)])
    sure = BooleanField(_l("I know that this cannot be undone."), validators=[InputRequired()])
