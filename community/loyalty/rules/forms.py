"""The form of an earning rule."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from commons.events import Evidence
from commons.forms import required
from commons.i18n import Words
from community.loyalty import slots
from community.loyalty.rules.details import detail_words, details_of
from community.loyalty.rules.try_forms import TryForm, in_order
from community.loyalty.rules.verdicts import Terms
from community.members.facts import EVIDENCE

MOST = 100_000
WEAKER = (Evidence.TRACKED_LINK, Evidence.STAFF, Evidence.SELF_DECLARED)
_WHOLE = _l("Enter a whole number that is not negative.")
PLAIN = (
    "active", "growth", "points", "cap_per_day", "cap_per_week", "cap_per_person", "cap_per_pair", "people",
    "first_day", "last_day", "points_last_days", "available_after_days", "allow_negative",
)  # fmt: skip
"""Fields that say what the attribute of the terms with their name says."""


def _amount(most: int = MOST) -> list[Any]:
    return [InputRequired(_l("Please fill this in.")), NumberRange(0, most, _WHOLE)]


def _or_nothing(most: int) -> list[Any]:
    return [Optional(), NumberRange(1, most, _l("Enter a number from 1 to %(most)s, or nothing.", most=most))]


class RuleForm(TryForm):
    """The terms of a rule about facts of `kind` from now on."""

    based_on = IntegerField(widget=HiddenInput(), validators=[Optional()])
    active = BooleanField(_l("The rule holds"), default=True)
    growth = IntegerField(_l("Growth points"), validators=_amount())
    points = IntegerField(_l("Points"), validators=_amount())
    segment = SelectField(_l("For whom"), default="", coerce=str)
    only_field = SelectField(_l("Only where this detail"), default="", coerce=str)
    only_value = StringField(_l("is exactly"), validators=[Length(max=80, message=_l("At most 80 characters."))])
    cap_per_day = IntegerField(
        _l("At most how often a day"),
        description=_l("Counted from midnight to midnight in the brand's time zone. Empty means without limit."),
        validators=_or_nothing(1000),
    )
    cap_per_week = IntegerField(
        _l("At most how often a week"),
        description=_l("From Monday to Sunday in the brand's time zone."),
        validators=_or_nothing(10_000),
    )
    cap_per_person = IntegerField(
        _l("At most how often for one person"),
        description=_l("All time together: 1 pays only for the first time."),
        validators=_or_nothing(MOST),
    )
    cap_per_pair = IntegerField(
        _l("At most how often a week for the same two people"),
        description=_l("Where somebody else stands behind the fact, as who opens a shared link."),
        validators=_or_nothing(1000),
    )
    cooldown = IntegerField(
        _l("Seconds between two that count"),
        description=_l("Anything sooner is kept as a fact but earns nothing. 0 means no pause."),
        default=0,
        validators=_amount(7 * 86400),
    )
    people = IntegerField(
        _l("From at least how many different people"),
        description=_l("Until so many stand behind it, a fact earns nothing. Empty means that it does not matter."),
        validators=_or_nothing(1000),
    )
    people_days = IntegerField(_l("On at least how many different days"), default=1, validators=_or_nothing(365))
    people_within = IntegerField(_l("Within how many days"), default=30, validators=_or_nothing(365))
    evidence = SelectField(
        _l("Evidence needed"), choices=lambda: {grade.value: str(words) for grade, words in EVIDENCE.items()}
    )
    cap_tracked_link = IntegerField(_l("A day, if only a tracked link shows it"), validators=_or_nothing(1000))
    cap_staff = IntegerField(_l("A day, if only staff noted it"), validators=_or_nothing(1000))
    cap_self_declared = IntegerField(_l("A day, if only the fan says so"), validators=_or_nothing(1000))
    first_day = DateField(_l("From this day"), validators=[Optional()])
    last_day = DateField(_l("Up to and with this day"), validators=[Optional()])
    points_last_days = IntegerField(
        _l("Points expire after days"),
        description=_l("Empty means never. Growth points never expire."),
        validators=_or_nothing(3650),
    )
    available_after_days = IntegerField(
        _l("Pending for days"),
        description=_l(
            "For what may still be undone, as an order that can be returned: it counts once it is proven, or when the time is"
            " over. Empty means available at once."
        ),
        validators=_or_nothing(365),
    )
    allow_negative = BooleanField(
        _l("Taking it back may bring the balance below zero"),
        description=_l("Otherwise what was spent already stays spent."),
    )

    def __init__(self, *args: Any, kind: str, at: datetime, known: Collection[str] = (), **kwargs: Any) -> None:
        """`known` are details that the rule asks for already, whether or not newer facts still carry them."""
        super().__init__(*args, **kwargs)
        self.values = details_of(kind)
        names = sorted({*self.values, *known})
        self.only_field.choices = [("", "—"), *((name, detail_words(name)) for name in names)]
        segments = [choice for plug in slots.segment_choices for choice in plug()]
        self.segment.choices = [("", _l("Everybody")), *((str(number), name) for number, name in segments)]
        self.offers_segments = bool(slots.in_segment) and bool(slots.segment_choices)
        self.choose_span(at)

    @classmethod
    def of(cls, kind: str, at: datetime, terms: Terms | None) -> RuleForm:
        """The form as the terms stand."""
        return cls(
            formdata=None, data=_data(terms) if terms else None, kind=kind, at=at, known=terms.only if terms else ()
        )

    def base_on(self, number: int) -> None:
        """Whoever sends the form again has seen this version."""
        self.based_on.data, self.based_on.raw_data = number, None

    def validate_only_value(self, field: Any) -> None:
        if self.only_field.data and not (field.data or "").strip():
            raise ValidationError(_l("Say what it must be, or leave the detail open."))

    def validate_last_day(self, field: Any) -> None:
        in_order(self.first_day.data, field.data)

    def validate_people_days(self, field: Any) -> None:
        if (field.data or 1) > (self.people_within.data or 30):
            raise ValidationError(_l("There are not so many days in that time."))

    def validate_cap_staff(self, field: Any) -> None:
        _not_above(field.data, self.cap_tracked_link.data, self.cap_per_day.data)

    def validate_cap_tracked_link(self, field: Any) -> None:
        _not_above(field.data, self.cap_per_day.data)

    def validate_cap_self_declared(self, field: Any) -> None:
        _not_above(field.data, self.cap_staff.data, self.cap_tracked_link.data, self.cap_per_day.data)

    @property
    def terms(self) -> Terms:
        """What was entered; the form must be valid."""
        plain = {name: self[name].data for name in PLAIN}
        return Terms(
            **plain,
            cooldown=self.cooldown.data or 0,
            evidence=Evidence(self.evidence.data),
            evidence_caps={
                grade.value: self[f"cap_{grade.value}"].data for grade in WEAKER if self[f"cap_{grade.value}"].data
            },
            people_days=self.people_days.data or 1,
            people_within=self.people_within.data or 30,
            only={self.only_field.data: (self.only_value.data or "").strip()} if self.only_field.data else {},
            segment_id=int(self.segment.data) if self.segment.data else None,
        )


class NewRuleForm(RuleForm):
    """A new rule: its names as well."""

    name_zh = StringField(_l("Name in Chinese"), validators=[required(), Length(max=20)])
    name_en = StringField(_l("Name in English"), validators=[required(), Length(max=40)])

    @property
    def name(self) -> Words:
        return Words((self.name_zh.data or "").strip(), (self.name_en.data or "").strip())


def _data(terms: Terms) -> Mapping[str, Any]:
    only = next(iter(terms.only.items()), ("", ""))
    return {
        **{name: getattr(terms, name) for name in (*PLAIN, "cooldown", "people_days", "people_within")},
        "evidence": terms.evidence.value,
        **{f"cap_{grade}": cap for grade, cap in terms.evidence_caps.items()},
        "only_field": only[0],
        "only_value": only[1],
        "segment": str(terms.segment_id or ""),
        "based_on": terms.number,
    }


def _not_above(cap: int | None, *stronger: int | None) -> None:
    if cap is not None and any(other is not None and cap > other for other in stronger):
        raise ValidationError(_l("Weaker evidence cannot count more often than stronger."))
