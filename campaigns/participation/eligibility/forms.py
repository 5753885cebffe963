"""The form of the rules."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import BooleanField, DateField, SelectField, SelectMultipleField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from campaigns.participation.eligibility.rules import Rules
from commons.db import db
from commons.forms import Form
from community.loyalty.levels import climbing
from community.members.profiles import choices
from community.members.profiles.models import Field
from community.members.segments.models import Segment


class Several(SelectMultipleField):
    """Any number out of a list, each with a tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class RulesForm(Form):
    level = SelectField(_l("Level at least"), coerce=int, default=0)
    joined_before = DateField(_l("In the circle before"), validators=[Optional()])
    age_bands = Several(_l("Ages"))
    guardian = BooleanField(_l("Where a guardian has to agree, the guardian has agreed"))
    segment = SelectField(_l("Only members of the segment"), default="")
    no_staff = BooleanField(_l("Nobody who works for us"), default=True)
    regions = Several(_l("Regions"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = climbing.levels()[1:]
        self.level.choices = [(0, _("Every level")), *((level.rank, str(level.name)) for level in levels)]
        self.age_bands.choices = choices.options(Field.AGE_BAND)
        self.regions.choices = choices.options(Field.REGION)
        segments = select(Segment.public_id, Segment.name).where(Segment.removed_at.is_(None)).order_by(Segment.name)
        self.segment.choices = [("", _("Everybody")), *((key, name) for key, name in db.session.execute(segments))]

    @property
    def rules(self) -> Rules:
        day = self.joined_before.data
        return Rules(
            level=self.level.data,
            joined_before=day.isoformat() if day else "",
            regions=tuple(self.regions.data or ()),
            age_bands=tuple(self.age_bands.data or ()),
            guardian=self.guardian.data,
            segment=self.segment.data or "",
            no_staff=self.no_staff.data,
        )

    @classmethod
    def of(cls, rules: Rules) -> RulesForm:
        day = date.fromisoformat(rules.joined_before) if rules.joined_before else None
        values = {**rules.__dict__, "joined_before": day}
        return cls(formdata=None, data={**values, "regions": list(rules.regions), "age_bands": list(rules.age_bands)})
