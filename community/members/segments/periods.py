"""The period that a condition looks at: ever, the last so many days, or from one day to another.

Days are those of the house, so that "the last 30 days" begins at a midnight and says the same all day long.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import ColumnElement
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from commons import zones
from commons.forms import CountField
from commons.i18n import date_words
from community.members.segments.conditions import ConditionForm, Values

EVER, LAST, BETWEEN = "ever", "last", "between"
LONGEST = 3650


class PeriodForm(ConditionForm):
    """The fields of a period, for conditions that have one. Those that it does not need are hidden."""

    tail: ClassVar[tuple[str, ...]] = ("period", "days", "first", "last")

    period = SelectField(
        _l("When"),
        default=LAST,
        choices=lambda: [
            (EVER, _("at any time")),
            (LAST, _("in the last days")),
            (BETWEEN, _("from one day to another")),
        ],
    )
    days = CountField(
        _l("How many days, today included"),
        default=30,
        validators=[Optional(), NumberRange(1, LONGEST, _l("Enter a number from 1 to 3650."))],
    )
    first = DateField(_l("From this day"), validators=[Optional()])
    last = DateField(_l("Up to and with this day"), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days.flags.optional = False  # it is only seen where it is needed

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        if self.period.data == LAST and self.days.data is None and not self.days.errors:
            is_valid = self.refuse("days", _("Say how many days."))
        if self.period.data == BETWEEN:
            if self.first.data is None and self.last.data is None and not (self.first.errors or self.last.errors):
                is_valid = self.refuse("first", _("Choose at least one of the two days."))
            if self.first.data and self.last.data and self.last.data < self.first.data:
                is_valid = self.refuse("last", _("The last day lies before the first."))
        return is_valid


class TimesForm(PeriodForm):
    """How often in a period."""

    tail: ClassVar[tuple[str, ...]] = ("how", "times", *PeriodForm.tail)

    how = SelectField(
        _l("How often"),
        default="at_least",
        choices=lambda: [("at_least", _("at least")), ("at_most", _("at most")), ("exactly", _("exactly"))],
    )
    times = CountField(
        _l("How many times"),
        default=1,
        validators=[
            InputRequired(_l("Please fill this in.")),
            NumberRange(0, 100_000, _l("Enter a whole number that is not negative.")),
        ],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        if self.how.data == "at_least" and self.times.data == 0:
            is_valid = self.refuse("times", _("At least 0 times is true of everybody. Enter 1 or more."))
        return is_valid


def within(column: Any, values: Values, day: date) -> Iterator[ColumnElement[bool]]:
    """What a column of moments must be for the period, on `day`."""
    since, until = bounds(values, day)
    if since is not None:
        yield column >= since
    if until is not None:
        yield column < until


def bounds(values: Values, day: date) -> tuple[datetime | None, datetime | None]:
    """First moment of the period and first moment after it; None where it is open."""
    if values["period"] == LAST:
        return _midnight(day - timedelta(days=values["days"] - 1)), None
    if values["period"] == BETWEEN:
        first, last = values.get("first"), values.get("last")
        return (
            _midnight(date.fromisoformat(first)) if first else None,
            _midnight(date.fromisoformat(last) + timedelta(days=1)) if last else None,
        )
    return None, None


def period_words(values: Values) -> str:
    """The period, as a part of a sentence."""
    if values["period"] == LAST:
        return str(ngettext("in the last %(num)s day", "in the last %(num)s days", values["days"]))
    if values["period"] == BETWEEN:
        first, last = (
            date_words(date.fromisoformat(day)) if (day := values.get(name)) else "…" for name in ("first", "last")
        )
        return str(_("from %(first)s to %(last)s", first=first, last=last))
    return str(_("at any time"))


def times_words(values: Values) -> str:
    """How often and when, as a part of a sentence."""
    times = values["times"]
    often = {
        "at_least": ngettext("at least %(num)s time", "at least %(num)s times", times),
        "at_most": ngettext("at most %(num)s time", "at most %(num)s times", times),
        "exactly": ngettext("exactly %(num)s time", "exactly %(num)s times", times),
    }[values["how"]]
    return str(_("%(often)s, %(period)s", often=often, period=period_words(values)))


def drifts(values: Values) -> bool:
    """Whether the period moves on with every midnight."""
    return bool(values["period"] == LAST)


def _midnight(day: date) -> datetime:
    return zones.day_bounds(day, zones.DEFAULT_ZONE)[0]
