"""The conditions that this room itself knows: facts, joining, handles, and other segments."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, false, literal, select, true
from wtforms import SelectField

from commons.db import db
from commons.events import Event, Evidence
from community.channels.models import ChannelAccount
from community.channels.protocol import known
from community.inbox.wording import channel_word
from community.members import facts
from community.members.models import Handle, Member
from community.members.segments import deciding, periods
from community.members.segments.conditions import Condition, ConditionForm, Values, so_many
from community.members.segments.models import Segment
from community.members.segments.periods import PeriodForm, TimesForm


def _kinds() -> list[tuple[str, str]]:
    return sorted(facts.kinds().items(), key=lambda pair: pair[1])


def _grades() -> list[tuple[str, str]]:
    return [("", _("however it is proven")), *((grade.value, str(words)) for grade, words in facts.EVIDENCE.items())]


class FactsForm(TimesForm):
    tail = (*TimesForm.tail, "evidence")
    fact = SelectField(_l("What happened"), choices=_kinds)
    evidence = SelectField(_l("Proven at least"), choices=_grades, default="")


class Facts(Condition):
    """Facts of one kind, so often in a period."""

    name = "facts"
    label = _l("What they did")
    form = FactsForm

    def holds(self, values: Values, day: date) -> ColumnElement[bool]:
        found = select(literal(1)).where(
            Event.member_id == Member.id,
            Event.kind == values["fact"],
            *periods.within(Event.occurred_at, values, day),
        )
        if values.get("evidence"):
            needed = Evidence(values["evidence"])
            found = found.where(Event.evidence.in_([grade for grade in Evidence if grade.reaches(needed)]))
        return so_many(found, values["how"], values["times"])

    def words(self, values: Values) -> str:
        said = {"fact": facts.name_of(values["fact"]), "times": periods.times_words(values)}
        if not values.get("evidence"):
            return str(_("%(fact)s: %(times)s", **said))
        proven = facts.evidence_words(Evidence(values["evidence"]))
        return str(_("%(fact)s: %(times)s (%(proven)s, or better)", proven=proven, **said))

    def follows(self, values: Values) -> Collection[str]:
        return {values["fact"]}

    def drifts(self, values: Values) -> bool:
        return periods.drifts(values)


class Joined(Condition):
    """Since when somebody is a member."""

    name = "joined"
    label = _l("When they joined")
    form = PeriodForm

    def holds(self, values: Values, day: date) -> ColumnElement[bool]:
        return and_(true(), *periods.within(Member.joined_at, values, day))

    def words(self, values: Values) -> str:
        return str(_("Joined: %(period)s", period=periods.period_words(values)))

    def follows(self, values: Values) -> Collection[str]:
        return {"member.joined"}

    def drifts(self, values: Values) -> bool:
        return periods.drifts(values)


def _channels() -> list[tuple[str, str]]:
    """Where people may be known: asked of the few accounts there are, for there may be millions of handles."""
    used = set(db.session.scalars(select(ChannelAccount.channel).distinct()))
    return [(name, channel_word(name)) for name in sorted(used | {channel.name for channel in known()})]


class HandleForm(ConditionForm):
    channel = SelectField(_l("Channel"), choices=_channels)


class HasHandle(Condition):
    """Whether the person is known on a channel."""

    name = "handle"
    label = _l("Known on a channel")
    form = HandleForm

    def holds(self, values: Values, day: date) -> ColumnElement[bool]:
        found = select(literal(1)).where(Handle.member_id == Member.id, Handle.channel == values["channel"])
        return so_many(found, "at_least", 1)

    def words(self, values: Values) -> str:
        return str(_("Has a handle on %(channel)s", channel=channel_word(values["channel"])))


def _segments() -> list[tuple[int, str]]:
    return choices()


class SegmentForm(ConditionForm):
    segment = SelectField(_l("Segment"), choices=_segments, coerce=int)


class InSegment(Condition):
    """Whether the person is in another segment: what that one asks stands in the place of this."""

    name = "segment"
    label = _l("In another segment")
    form = SegmentForm

    def holds(self, values: Values, day: date) -> ColumnElement[bool]:
        inner = db.session.get(Segment, values["segment"])
        return false() if inner is None or inner.removed_at is not None else deciding.holds(inner.rules, day)

    def words(self, values: Values) -> str:
        inner = db.session.get(Segment, values["segment"])
        return str(_("In the segment “%(name)s”", name=inner.name if inner is not None else "–"))

    def refers_to(self, values: Values) -> Collection[int]:
        return {values["segment"]}

    def follows(self, values: Values) -> Collection[str]:
        inner = db.session.get(Segment, values["segment"])
        return deciding.follows(inner.rules) if inner is not None else set()

    def drifts(self, values: Values) -> bool:
        inner = db.session.get(Segment, values["segment"])
        return inner is not None and deciding.drifts(inner.rules)


def choices() -> list[tuple[int, str]]:
    """The segments there are, by name."""
    query = select(Segment.id, Segment.name).where(Segment.removed_at.is_(None)).order_by(Segment.name, Segment.id)
    return [(segment_id, name) for segment_id, name in db.session.execute(query)]


def own() -> Sequence[Condition]:
    return Facts(), Joined(), HasHandle(), InSegment()
