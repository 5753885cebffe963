"""What the ledger brings to segments: level and points as conditions, and rules that are for a segment only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import ColumnElement, func, select
from wtforms import SelectField
from wtforms.validators import InputRequired, NumberRange

from commons.db import db
from commons.forms import CountField
from community.loyalty import slots
from community.loyalty.levels.climbing import levels
from community.loyalty.models import Currency, EarningRule, LedgerAccount, Level, LevelChange
from community.loyalty.rules import versions as rules
from community.members.models import Member
from community.members.segments import following
from community.members.segments import slots as of_segments
from community.members.segments.conditions import Condition, ConditionForm, Values
from community.members.segments.deciding import contains
from community.members.segments.own import choices

POINTS_MOVED = "points.moved"
MOST_POINTS = 999_999_999


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


class PointsForm(ConditionForm):
    how = SelectField(
        _l("Has"), default="at_least", choices=lambda: [("at_least", _("at least")), ("at_most", _("at most"))]
    )
    points = CountField(
        _l("Points"),
        default=100,
        validators=[
            InputRequired(_l("Please fill this in.")),
            NumberRange(0, MOST_POINTS, _l("Enter a whole number that is not negative.")),
        ],
    )


class HasPoints(Condition):
    """What somebody has to spend now; whoever has never had anything has 0."""

    name = "points"
    label = _l("Points to spend")
    form = PointsForm

    def holds(self, values: Values, day: date) -> ColumnElement[bool]:
        own = (LedgerAccount.member_id == Member.id) & (LedgerAccount.currency == Currency.POINTS)
        held: ColumnElement[int] = func.coalesce(
            select(LedgerAccount.balance).where(own).correlate(Member).scalar_subquery(), 0
        )
        wanted: int = values["points"]
        return held >= wanted if values["how"] == "at_least" else held <= wanted

    def words(self, values: Values) -> str:
        if values["how"] == "at_least":
            return str(ngettext("Has at least %(num)s point", "Has at least %(num)s points", values["points"]))
        return str(ngettext("Has at most %(num)s point", "Has at most %(num)s points", values["points"]))

    def follows(self, values: Values) -> Collection[str]:
        return {POINTS_MOVED}


def init_app() -> None:
    of_segments.conditions.plug(conditions)
    slots.points_moved.plug(follow_points)
    of_segments.used_by.plug(rules_for)
    slots.in_segment.plug(contains)
    slots.segment_choices.plug(choices)


def conditions() -> Sequence[Condition]:
    return OnLevel(), HasPoints()


def follow_points(member_ids: Collection[int], at: datetime) -> None:
    """Entries of the ledger are no facts; who may have come to enough points, or to too few, is looked at all the same."""
    following.touch(member_ids, at, POINTS_MOVED)


def rules_for(segment_id: int, at: datetime) -> list[str]:
    """Names of the earning rules that hold for this segment only."""
    known = db.session.scalars(select(EarningRule).order_by(EarningRule.id)).all()
    now = [(rule, rules.current(rule, at)) for rule in known]
    return [str(rule.name) for rule, terms in now if terms is not None and terms.segment_id == segment_id]


def _newest() -> ColumnElement[int]:
    query = select(Level.rank).join(LevelChange, LevelChange.level_id == Level.id)
    newest = query.where(LevelChange.member_id == Member.id).order_by(LevelChange.id.desc()).limit(1)
    return newest.correlate(Member).scalar_subquery()
