"""The form for a campaign and its missions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.form import Form as PlainForm
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional, ValidationError

from campaigns.planning.models import Campaign, CampaignKind, MissionKind
from campaigns.planning.wording import KIND_SENTENCES, MISSION_WORDS
from commons import zones
from commons.forms import CountField, Form, StorableMeta, WallClockField, ZoneField, required

LONGEST = timedelta(days=3 * 366)


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
    missions = FieldList(FormField(MissionForm), min_entries=0, max_entries=len(MissionKind))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = {kind.value: str(words) for kind, words in KIND_SENTENCES.items()}

    @classmethod
    def blank(cls) -> CampaignForm:
        """A new campaign: every kind of mission on offer, with words to begin from."""
        lines = [{"kind": kind.value, "title": str(words), "needed": 1} for kind, words in MISSION_WORDS.items()]
        return cls(kind=CampaignKind.CONTENT.value, goal_participants=100, missions=lines)

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
