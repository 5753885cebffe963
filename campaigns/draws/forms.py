"""The forms of a draw: what it is to be, who is kept off the list, a round brought by hand, where a prize goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, RadioField, SelectField, StringField, TextAreaField
from wtforms.form import Form as PlainForm
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from campaigns.draws import wording
from campaigns.draws.excluding import BY_HAND
from campaigns.draws.models import Draw, Eligibility, Jurisdiction, Source
from campaigns.draws.rules import MARGIN
from campaigns.planning.models import Campaign
from commons import zones
from commons.forms import CountField, Form, MoneyField, StorableMeta, WallClockField, ZoneField, required

MOST_KINDS = 5
MOST_PIECES = 10_000


class PrizeForm(PlainForm):
    """One line of the prizes; a line without a name is none."""

    Meta = StorableMeta

    name = StringField(_l("Prize"), validators=[Length(max=120)])
    quantity = CountField(_l("Pieces"), validators=[Optional(), NumberRange(1, MOST_PIECES)], default=1)
    value = MoneyField(_l("Worth each"), validators=[Optional()])
    by_post = BooleanField(_l("Sent by post"), default=True)

    @property
    def wanted(self) -> bool:
        return bool((self.name.data or "").strip())


class DrawForm(Form):
    title = StringField(_l("Title"), validators=[required(), Length(max=120)])
    how = TextAreaField(_l("How to take part"), validators=[required(), Length(max=2000)])
    organiser = StringField(_l("Organiser"), validators=[required(), Length(max=120)])
    eligibility = RadioField(_l("Who is on the list"))
    jurisdiction = RadioField(_l("Law that it is held to"))
    source = RadioField(_l("Where chance comes from"))
    closes = WallClockField(_l("List closes"), validators=[InputRequired()])
    draws = WallClockField(_l("Draw time"), validators=[InputRequired()])
    zone = ZoneField()
    claim_days = CountField(_l("Days to accept a prize"), validators=[InputRequired(), NumberRange(1, 60)], default=7)
    prizes = FieldList(FormField(PrizeForm), min_entries=0, max_entries=MOST_KINDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.eligibility.choices = {kind.value: str(words) for kind, words in wording.ELIGIBILITY.items()}
        self.jurisdiction.choices = {kind.value: str(words) for kind, words in wording.JURISDICTIONS.items()}
        self.source.choices = {kind.value: str(words) for kind, words in wording.SOURCES.items()}

    @classmethod
    def blank(cls, campaign: Campaign, organiser: str) -> DrawForm:
        """A new draw: closes with the campaign, draws a day later."""
        closes = zones.to_local(campaign.ends_at, campaign.zone)
        return cls(
            organiser=organiser,
            eligibility=Eligibility.TAKING_PART.value,
            jurisdiction=Jurisdiction.CHINA.value,
            source=Source.BEACON.value,
            closes=closes,
            draws=closes + timedelta(days=1),
            zone=campaign.zone,
            prizes=[{}] * MOST_KINDS,
        )

    @classmethod
    def of(cls, draw: Draw) -> DrawForm:
        """The form as it stands for a draft."""
        lines: list[dict[str, Any]] = [
            {
                "name": prize.name,
                "quantity": prize.quantity,
                "value": str(prize.value.amount),
                "by_post": prize.by_post,
            }
            for prize in draw.prizes
        ]
        return cls(
            title=draw.title,
            how=draw.how,
            organiser=draw.organiser,
            eligibility=draw.eligibility.value,
            jurisdiction=draw.jurisdiction.value,
            source=draw.source.value,
            closes=zones.to_local(draw.closes_at, draw.zone),
            draws=zones.to_local(draw.reveals_at, draw.zone),
            zone=draw.zone,
            claim_days=draw.claim_days,
            prizes=lines + [{}] * (MOST_KINDS - len(lines)),
        )

    def validate_draws(self, field: WallClockField) -> None:
        if field.data and self.closes.data and field.data < self.closes.data + MARGIN:
            raise ValidationError(_l("Between closing and the draw there must be ten minutes at least."))

    def validate_prizes(self, field: Any) -> None:
        wanted = [line.form for line in field if line.form.wanted]
        if not wanted:
            raise ValidationError(_l("A draw needs at least one prize."))
        if any(line.value.errors or not (line.value.data or "").strip() for line in wanted):
            raise ValidationError(_l("Say what each prize is worth."))
        if any(line.value.money.minor <= 0 for line in wanted):
            raise ValidationError(_l("A prize must be worth something."))


class ExclusionForm(Form):
    member = StringField(_l("Fan"), validators=[required(), Length(max=12)])
    reason = SelectField(_l("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = {reason.value: str(wording.REASONS[reason]) for reason in BY_HAND}


class SignatureForm(Form):
    """A round of the beacon, brought by a person because this house cannot reach any mirror."""

    signature = StringField(
        _l("Signature of the round"),
        validators=[
            required(),
            Regexp(r"\s*[0-9a-fA-F]{96}\s*$", message=_l("A signature has 96 characters, 0–9 and a–f.")),
        ],
    )


class SendForm(Form):
    tracking = StringField(_l("Parcel number"), validators=[Length(max=80)])
