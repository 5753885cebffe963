"""The form of a mission: what every mission has. What its kind asks beside that is the kind's own form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from campaigns.planning.missions.kinds import FEWEST, MOST, Kind
from campaigns.planning.missions.writing import WantedMission
from campaigns.planning.models import Mission
from commons import zones
from commons.events import Evidence
from commons.forms import CountField, Form, WallClockField, required

EVIDENCE_WORDS = {
    Evidence.NETWORK: _l("Seen by the channel or by our own pages"),
    Evidence.TRACKED_LINK: _l("Proven by a tracked link that others opened"),
    Evidence.STAFF: _l("Confirmed by somebody of the team"),
    Evidence.SELF_DECLARED: _l("The fan's own word is enough"),
}


class MissionForm(Form):
    title = StringField(_l("What fans read, in Chinese"), validators=[required(), Length(max=120)])
    title_en = StringField(_l("What fans read, in English"), validators=[Optional(), Length(max=120)])
    needed = CountField(_l("How often"), validators=[InputRequired(), NumberRange(FEWEST, MOST)], default=1)
    evidence = SelectField(_l("How well it must be proven"))
    opens = WallClockField(_l("Opens"), validators=[Optional()])
    closes = WallClockField(_l("Closes"), validators=[Optional()])

    def __init__(self, kind: Kind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.evidence.choices = [(grade.value, str(EVIDENCE_WORDS[grade])) for grade in kind.grades]

    @classmethod
    def of(cls, kind: Kind, mission: Mission | None) -> MissionForm:
        """A new mission of the kind, with words to begin from; or one as it stands."""
        if mission is None:
            return cls(kind, formdata=None, title=str(kind.words))
        zone = mission.campaign.zone
        return cls(
            kind,
            formdata=None,
            title=mission.title,
            title_en=mission.title_en,
            needed=mission.needed,
            evidence=mission.evidence.value,
            opens=zones.to_local(mission.opens_at, zone) if mission.opens_at else None,
            closes=zones.to_local(mission.closes_at, zone) if mission.closes_at else None,
        )

    def validate_closes(self, field: WallClockField) -> None:
        if field.data and self.opens.data and field.data <= self.opens.data:
            raise ValidationError(_l("It must close after it opens."))

    def wanted(self, settings: Mapping[str, Any]) -> WantedMission:
        return WantedMission(
            kind=self.kind.name,
            title=self.title.data or "",
            title_en=self.title_en.data or "",
            needed=self.needed.data or 1,
            evidence=Evidence(self.evidence.data),
            opens=self.opens.data,
            closes=self.closes.data,
            settings=settings,
        )
