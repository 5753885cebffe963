"""The form for a campaign. Its missions have forms of their own (see `missions`), and so has what else stands in a plan
(`part_forms`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from babel.numbers import get_currency_name
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from campaigns.planning.models import Campaign, CampaignKind
from campaigns.planning.real_time import WantedNow
from campaigns.planning.template_list import REAL_TIME, named
from campaigns.planning.templates import Template, wanted
from campaigns.planning.wording import KIND_SENTENCES, KIND_WORDS
from commons import zones
from commons.forms import LONGEST_COUNT, CountField, Form, WallClockField, ZoneField, required
from commons.money import DEFAULT_CURRENCY

LONGEST = timedelta(days=3 * 366)
CURRENCIES = ("CNY", "HKD", "TWD", "SGD", "JPY", "KRW", "EUR", "GBP", "CHF", "USD", "CAD", "AUD")


class CampaignForm(Form):
    title = StringField(_l("Title"), validators=[required(), Length(max=120)])
    summary = TextAreaField(_l("What it is about"), validators=[Length(max=2000)])
    kind = RadioField(_l("Kind"))
    goal = StringField(_l("Goal in words"), validators=[Length(max=200)])
    goal_participants = CountField(_l("Participants wanted"), validators=[InputRequired(), NumberRange(1, 10_000_000)])
    starts = WallClockField(_l("Begins"), validators=[InputRequired()])
    ends = WallClockField(_l("Ends"), validators=[InputRequired()])
    zone = ZoneField()
    currency = SelectField(_l("Currency of the budget"), default=DEFAULT_CURRENCY)
    revision = HiddenField(default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = {kind.value: str(words) for kind, words in KIND_SENTENCES.items()}
        self.currency.choices = [(code, get_currency_name(code, locale=get_locale())) for code in CURRENCIES]

    @property
    def read_revision(self) -> int | None:
        """Which state of the campaign the writer began from; None where the form does not say."""
        text = self.revision.data or ""
        return int(text) if text.isdecimal() and len(text) <= LONGEST_COUNT else None

    @classmethod
    def blank(cls) -> CampaignForm:
        """A new campaign, with what is usual."""
        return cls(kind=CampaignKind.CONTENT.value, goal_participants=100)

    @classmethod
    def begun_from(cls, template: Template, starts: datetime, zone: str) -> CampaignForm:
        """A new campaign as a template has it, from a wall-clock time on."""
        made = wanted(template, starts, zone)
        said = {
            name: getattr(made, name) for name in ("title", "summary", "goal", "goal_participants", "starts", "ends")
        }
        return cls(**said, kind=made.kind.value, zone=zone)

    @classmethod
    def of(cls, campaign: Campaign) -> CampaignForm:
        """The form as it stands for a campaign that exists."""
        return cls(
            title=campaign.title,
            summary=campaign.summary,
            kind=campaign.kind.value,
            goal=campaign.goal,
            goal_participants=campaign.goal_participants,
            starts=zones.to_local(campaign.starts_at, campaign.zone),
            ends=zones.to_local(campaign.ends_at, campaign.zone),
            zone=campaign.zone,
            currency=campaign.currency,
            revision=str(campaign.revision),
        )

    def validate_ends(self, field: WallClockField) -> None:
        if field.data and self.starts.data and field.data <= self.starts.data:
            raise ValidationError(_l("It must end after it begins."))
        if field.data and self.starts.data and field.data - self.starts.data > LONGEST:
            raise ValidationError(_l("It may last three years at most."))


class NowForm(Form):
    """All that is asked of a campaign which begins at once."""

    template = RadioField(_l("What sort of campaign"))
    title = StringField(_l("Title"), validators=[required(), Length(max=120)])
    summary = TextAreaField(_l("What it is about"), validators=[Length(max=2000)])
    hours = CountField(_l("For how many hours"), validators=[InputRequired(), NumberRange(1, 72)], default=24)
    participants = CountField(
        _l("Participants wanted"), validators=[InputRequired(), NumberRange(1, 10_000_000)], default=50
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.template.choices = [
            (template.name, f"{template.title} · {KIND_WORDS[template.kind]}") for template in REAL_TIME
        ]

    @classmethod
    def about(cls, title: str) -> NowForm:
        """The form for a topic that somebody has come upon."""
        return cls(template=REAL_TIME[0].name, title=title[:120], summary=str(REAL_TIME[0].summary))

    def wanted(self) -> WantedNow:
        template = named(self.template.data)
        assert template is not None  # the field offers no other
        title, summary = (self.title.data or "").strip(), (self.summary.data or "").strip()
        return WantedNow(template, title, summary, self.participants.data or 1, self.hours.data or 1)
