"""The form of a series, which reads as a sentence."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import DateField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from campaigns.planning.reading import campaign_choices
from campaigns.posts.series.changing import Wanted
from campaigns.posts.series.models import Series
from campaigns.posts.series.recurring import Every, Rule
from campaigns.posts.series.wording import NTH_WORDS, month_names, weekday_names
from commons import clock, zones
from commons.forms import CountField, Form, ZoneField, required
from community.channels.accounts import open_accounts

MOST_TIMES = 1000
LONGEST_STEP = 99
LEAP_YEAR = 2028
USUAL_TIME = time(10)
BESIDE_THE_RULE = frozenset({"name", "text", "accounts", "campaign", "csrf_token"})


class TickedField(SelectMultipleField):
    """Several out of a list, as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SeriesForm(Form):
    """The rule, from which day on it holds, at what time and until when."""

    name = StringField(_l("Name of the series"), validators=[required(), Length(max=120)])
    interval = CountField(_l("Comes every"), validators=[InputRequired(), NumberRange(1, LONGEST_STEP)], default=1)
    every = SelectField(_l("Unit"), default=Every.WEEK.value)
    weekdays = TickedField(_l("On these days of the week"), coerce=int)
    way = RadioField(_l("On which day of the month"), default="day")
    day = CountField(_l("Day of the month"), validators=[Optional(), NumberRange(1, 31)])
    nth = SelectField(_l("Which of them"), coerce=int, default=1)
    weekday = SelectField(_l("Day of the week"), coerce=int, default=0)
    month = SelectField(_l("Month"), coerce=int, default=1)
    starts_on = DateField(_l("From"), validators=[InputRequired()])
    wall_time = TimeField(_l("At"), validators=[InputRequired()], default=USUAL_TIME)
    zone = ZoneField()
    ends = RadioField(_l("Until"), default="never")
    until = DateField(_l("Last day"), validators=[Optional()])
    count = CountField(_l("Number of posts"), validators=[Optional(), NumberRange(1, MOST_TIMES)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days, months = weekday_names(), month_names()
        self.every.choices = [
            (Every.DAY.value, _("days")),
            (Every.WEEK.value, _("weeks")),
            (Every.MONTH.value, _("months")),
            (Every.YEAR.value, _("years")),
        ]
        self.weekdays.choices = [(number, days[number]) for number in range(7)]
        self.weekday.choices = self.weekdays.choices
        self.month.choices = [(number, months[number]) for number in range(1, 13)]
        self.nth.choices = [(number, str(words)) for number, words in NTH_WORDS.items()]
        self.way.choices = [("day", _("on one day")), ("nth", _("on a day of the week"))]
        self.ends.choices = [("never", _("without end")), ("until", _("until a day")), ("count", _("so many posts"))]

    @property
    def wanted(self) -> Wanted:
        """What was asked for; only once the form has validated."""
        assert self.starts_on.data is not None
        assert self.wall_time.data is not None
        name = (self.name.data or "").strip()
        return Wanted(name, self.rule, self.starts_on.data, f"{self.wall_time.data:%H:%M}", self.zone.data)

    @property
    def rule_errors(self) -> list[str]:
        """What is wrong with the sentence, once the form was validated; the rest of the form is no matter."""
        wrong = {name: messages for name, messages in self.errors.items() if name not in BESIDE_THE_RULE}
        return [str(message) for messages in wrong.values() for message in messages]

    @property
    def rule(self) -> Rule:
        every, ends = Every(self.every.data), self.ends.data
        until = self.until.data if ends == "until" else None
        count = self.count.data if ends == "count" else None
        ending: dict[str, Any] = {"until": until, "count": count}
        number = self.interval.data or 1
        if every is Every.WEEK:
            return Rule(every, number, tuple(sorted(self.weekdays.data or ())), **ending)
        if every is Every.MONTH and self.way.data == "nth":
            return Rule(every, number, (self.weekday.data,), nth=self.nth.data, **ending)
        if every is Every.MONTH:
            return Rule(every, number, day=self.day.data or 0, **ending)
        if every is Every.YEAR:
            return Rule(every, number, day=self.day.data or 0, month=self.month.data, **ending)
        return Rule(every, number, **ending)

    def validate_weekdays(self, field: TickedField) -> None:
        if self.every.data == Every.WEEK and not field.data:
            raise ValidationError(_("Choose at least one day of the week."))

    def validate_way(self, _field: RadioField) -> None:
        by_day = self.every.data == Every.YEAR or (self.every.data == Every.MONTH and self.way.data == "day")
        if by_day and not self.day.data:
            raise ValidationError(_("Choose a day of the month."))

    def validate_month(self, field: SelectField) -> None:
        if self.every.data == Every.YEAR and self.day.data and not _exists(field.data, self.day.data):
            raise ValidationError(_("This month has no such day in any year."))

    def validate_ends(self, field: RadioField) -> None:
        if field.data == "until" and not self.until.data:
            raise ValidationError(_("Choose the last day."))
        if field.data == "count" and not self.count.data:
            raise ValidationError(_("Say how many posts."))

    def validate_starts_on(self, field: DateField) -> None:
        """Said here already, so that it stands at its field; setting up and changing check it again."""
        zone = self.zone.data if zones.is_zone(self.zone.data or "") else zones.DEFAULT_ZONE
        if field.data and field.data < zones.day_of(clock.now(), zone):
            raise ValidationError(_("The first day is over."))

    def validate_until(self, field: DateField) -> None:
        if self.ends.data == "until" and field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("The last day lies before the first."))


class NewSeriesForm(SeriesForm):
    """A series with the words that it begins from. Pictures and what is said otherwise on a channel come in the composer."""

    text = TextAreaField(_l("Text"), validators=[Length(max=20_000)])
    accounts = TickedField(_l("Goes to"))
    campaign = SelectField(_l("Campaign"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accounts.choices = [(account.public_id, account.name) for account in open_accounts()]
        self.campaign.choices = campaign_choices(current_user, clock.now())

    def validate_accounts(self, field: TickedField) -> None:
        if not field.data:
            raise ValidationError(_("Choose where it goes."))


def usual(start: date) -> dict[str, Any]:
    """What a new series begins from: every week on the day of the week of `start`."""
    return {
        "starts_on": start,
        "weekdays": [start.weekday()],
        "weekday": start.weekday(),
        "day": start.day,
        "month": start.month,
    }


def values_of(series: Series, rule: Rule, start: date) -> dict[str, Any]:
    """The form as it stands for a series that exists, from `start` on."""
    values = usual(start) | {"name": series.name, "interval": rule.interval, "every": rule.every.value}
    values |= {"wall_time": datetime.strptime(series.wall_time, "%H:%M").time(), "zone": series.zone}  # noqa: DTZ007
    if rule.every is Every.WEEK:
        values["weekdays"] = list(rule.weekdays)
    if rule.nth:
        values |= {"way": "nth", "nth": rule.nth, "weekday": rule.weekdays[0]}
    if rule.day:
        values["day"] = rule.day
    if rule.month:
        values["month"] = rule.month
    if rule.until is not None:
        values |= {"ends": "until", "until": rule.until}
    if rule.count is not None:
        values |= {"ends": "count", "count": rule.count}
    return values


def _exists(month: int, day: int) -> bool:
    try:
        return bool(date(LEAP_YEAR, month, day))
    except ValueError:
        return False
