"""The form for a campaign and its missions. What else stands in a plan has forms of its own in `part_forms`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from babel.numbers import get_currency_name
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.form import Form as PlainForm
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional, ValidationError

from campaigns.planning.models import Campaign, CampaignKind, MissionKind
from campaigns.planning.real_time import WantedNow
from campaigns.planning.template_list import REAL_TIME, named
from campaigns.planning.templates import Template, wanted
from campaigns.planning.wording import KIND_SENTENCES, KIND_WORDS, MISSION_WORDS
from commons import zones
from commons.forms import LONGEST_COUNT, CountField, Form, StorableMeta, WallClockField, ZoneField, required
from commons.money import DEFAULT_CURRENCY

LONGEST = timedelta(days=3 * 366)
CURRENCIES = ("CNY", "HKD", "TWD", "SGD", "JPY", "KRW", "EUR", "GBP", "CHF", "USD", "CAD", "AUD")


class MissionForm(PlainForm):
    """One line of the mission list: whether it is wanted, its words, how many facts it needs."""

    Meta = StorableMeta

    kind = HiddenField(validators=[AnyOf([kind.value for kind in MissionKind])])
    wanted = BooleanField(_l("In this campaign"))
    title = StringField(_l("What fans read"), validators=[Length(max=120)])
    needed = CountField(_l("How often"), validators=[Optional(), NumberRange(1, 100)], default=1)

    @property
    def words(self) -> str:
        """Name of the mission's kind; empty for a kind that there is not."""
        return str(MISSION_WORDS[MissionKind(self.kind.data)]) if self.kind.data in MISSION_WORDS else ""


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
    missions = FieldList(FormField(MissionForm), min_entries=0, max_entries=len(MissionKind))

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
        """A new campaign: every kind of mission on offer, with words to begin from."""
        lines = [{"kind": kind.value, "title": str(words), "needed": 1} for kind, words in MISSION_WORDS.items()]
        return cls(kind=CampaignKind.CONTENT.value, goal_participants=100, missions=lines)

    @classmethod
    def begun_from(cls, template: Template, starts: datetime, zone: str) -> CampaignForm:
        """A new campaign as a template has it, from a wall-clock time on."""
        made, usual = wanted(template, starts, zone), cls.blank()
        has = {mission.kind.value: mission for mission in made.missions}
        lines = [
            {**line, "wanted": True, "title": has[line["kind"]].title, "needed": has[line["kind"]].needed}
            if line["kind"] in has
            else line
            for line in ({name: entry.form[name].data for name in entry.form.data} for entry in usual.missions)
        ]
        said = {
            name: getattr(made, name) for name in ("title", "summary", "goal", "goal_participants", "starts", "ends")
        }
        return cls(**said, kind=made.kind.value, zone=zone, missions=lines)

    @classmethod
    def of(cls, campaign: Campaign) -> CampaignForm:
        """The form as it stands for a campaign that exists."""
        has = {mission.kind: mission for mission in campaign.missions}
        lines = [
            {
                "kind": kind.value,
                "wanted": kind in has,
                "title": has[kind].title if kind in has else str(words),
                "needed": has[kind].needed if kind in has else 1,
            }
            for kind, words in MISSION_WORDS.items()
        ]
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
            missions=lines,
        )

    def validate_ends(self, field: WallClockField) -> None:
        if field.data and self.starts.data and field.data <= self.starts.data:
            raise ValidationError(_l("It must end after it begins."))
        if field.data and self.starts.data and field.data - self.starts.data > LONGEST:
            raise ValidationError(_l("It may last three years at most."))

    def validate_missions(self, field: Any) -> None:
        wanted = [line.form for line in field if line.form.wanted.data]
        if not wanted:
            raise ValidationError(_l("Choose at least one mission."))
        if len({line.kind.data for line in wanted}) < len(wanted):
            raise ValidationError(_l("Each sort of mission can be chosen once."))
        if any(not (line.title.data or "").strip() for line in wanted):
            raise ValidationError(_l("Every mission needs words."))


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
