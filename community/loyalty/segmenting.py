"""What the ledger brings to segments: the level as a condition, and rules that are for a segment only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select
from wtforms import SelectField

from commons.db import db
from community.loyalty import rules, slots
from community.loyalty.climbing import levels
from community.loyalty.models import EarningRule, Level, LevelChange
from community.members.models import Member
from community.members.segments import slots as of_segments
from community.members.segments.conditions import Condition, ConditionForm, Values
from community.members.segments.deciding import contains
from community.members.segments.own import choices


class LevelForm(ConditionForm):
    how = SelectField(
        _l("Stands"),
        default="at_least",
        choices=lambda: [("at_least", _("at least on")), ("at_most", _("at most on")), ("exactly", _("exactly on"))],
    )
    level = SelectField(_l("Level"), choices=lambda: [(level.public_id, str(level.name)) for level in levels()])


class OnLevel(Condition):
    """The level on which somebody stands: the newest step's, or the lowest."""

    name = "level"
    label = _l("Level")
    form = LevelForm

    def holds(self, values: Values, day: date) -> ColumnElement[bool]:
        stands = func.coalesce(_newest(), select(func.min(Level.rank)).scalar_subquery())
        asked = select(Level.rank).where(Level.public_id == values["level"]).scalar_subquery()
        if values["how"] == "exactly":
            return stands == asked
        return stands >= asked if values["how"] == "at_least" else stands <= asked

    def words(self, values: Values) -> str:
        level = db.session.scalars(select(Level).where(Level.public_id == values["level"])).one_or_none()
        name = level.name if level is not None else "–"
        if values["how"] == "exactly":
            return str(_("Stands on the level %(level)s", level=name))
        if values["how"] == "at_least":
            return str(_("Stands on the level %(level)s or higher", level=name))
        return str(_("Stands on the level %(level)s or lower", level=name))

    def follows(self, values: Values) -> Collection[str]:
        return {"level.reached", "level.lowered"}


def init_app() -> None:
    of_segments.conditions.plug(conditions)
    of_segments.used_by.plug(rules_for)
    slots.in_segment.plug(contains)
    slots.segment_choices.plug(choices)


def conditions() -> Sequence[Condition]:
    return (OnLevel(),)


def rules_for(segment_id: int, at: datetime) -> list[str]:
    """Names of the earning rules that hold for this segment only."""
    known = db.session.scalars(select(EarningRule).order_by(EarningRule.id)).all()
    now = [(rule, rules.current(rule, at)) for rule in known]
    return [str(rule.name) for rule, terms in now if terms is not None and terms.segment_id == segment_id]


def _newest() -> ColumnElement[int]:
    query = select(Level.rank).join(LevelChange, LevelChange.level_id == Level.id)
    newest = query.where(LevelChange.member_id == Member.id).order_by(LevelChange.id.desc()).limit(1)
    return newest.correlate(Member).scalar_subquery()
