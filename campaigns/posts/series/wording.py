"""A series in words: its rule as a sentence, its states, and what the audit log says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from babel.dates import get_day_names, get_month_names
from babel.lists import format_list
from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from campaigns.posts.series.changing import row_of, series_of
from campaigns.posts.series.models import DayState, Series
from campaigns.posts.series.recurring import LAST, Every, Rule
from commons import i18n
from commons.admin.audit import sentences

DAY_WORDS = {
    DayState.MADE: _l("Planned"),
    DayState.SKIPPED: _l("Left out"),
    DayState.BLOCKED: _l("Could not be planned"),
    DayState.PASSED: _l("Passed without a post"),
}
NTH_WORDS = {1: _l("first"), 2: _l("second"), 3: _l("third"), 4: _l("fourth"), LAST: _l("last")}
FIELD_WORDS = {
    "text": _l("Text"), "more": _l("Further parts"), "first_comment": _l("First comment"),
    "content_warning": _l("Content warning"), "language": _l("Language"), "notes": _l("Notes"), "video": _l("Video"),
    "video_alt": _l("Video"), "campaign": _l("Campaign"), "link": _l("Tracked link"), "ad": _l("Ad label"),
    "pictures": _l("Pictures"), "labels": _l("Labels"), "variants": _l("Channels"), "time": _l("Time"),
}  # fmt: skip


def in_words(rule: Rule) -> str:
    """`Every 2 weeks on Monday and Thursday, 10 times`."""
    said = _pace(rule)
    if rule.until is not None:
        return str(_("%(rule)s, until %(date)s", rule=said, date=i18n.date_words(rule.until)))
    if rule.count is not None:
        return str(ngettext("%(rule)s, %(num)s time", "%(rule)s, %(num)s times", rule.count, rule=said))
    return said


def sentence(series: Series) -> str:
    """The rule with the time of day and the zone."""
    return in_words_at(series.recurrence, series.wall_time, series.zone)


def in_words_at(rule: Rule, wall_time: str, zone: str) -> str:
    return str(_("%(rule)s, at %(time)s in %(zone)s", rule=in_words(rule), time=wall_time, zone=zone.replace("_", " ")))


def clamping(rule: Rule) -> str:
    """What becomes of a day that some months do not have; empty when all of them have it."""
    if not rule.is_clamped:
        return ""
    if rule.every is Every.YEAR:
        return str(_("In years without 29 February it goes out on the 28th."))
    return str(_("In months without day %(day)s it goes out on their last day.", day=rule.day))


def weekday_names() -> dict[int, str]:
    """Monday is 0."""
    return dict(get_day_names("wide", "stand-alone", i18n.language()))


def month_names() -> dict[int, str]:
    return dict(get_month_names("wide", "stand-alone", i18n.language()))


def edit_words(edits: Sequence[str]) -> str:
    """Names of what was edited in a post of a series, as a list."""
    named = dict.fromkeys(str(FIELD_WORDS[key]) for key in sorted(edits))
    return format_list(list(named), locale=i18n.language())


def day_words(state: DayState) -> str:
    return str(DAY_WORDS[state])


def acts() -> dict[str, Any]:
    return {
        "series.set_up": _l("set up the series “%(name)s”"),
        "series.changed": _l("changed the series “%(name)s”"),
        "series.day_skipped": _l("left %(day)s out of the series “%(name)s”"),
        "series.day_taken_in": _l("took %(day)s back into the series “%(name)s”"),
        "series.ended": _l("ended the series “%(name)s”; posts cancelled: %(count)s"),
    }


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(series_words=sentence, edit_words=edit_words, series_day=day_words, weekday=_weekday)
    app.jinja_env.globals.update(series_of=series_of, day_of_series=row_of)
    sentences.plug(acts)


def _pace(rule: Rule) -> str:
    number = rule.interval
    if rule.every is Every.DAY:
        return str(_("Every day") if number == 1 else _("Every %(number)s days", number=number))
    if rule.every is Every.WEEK:
        days = format_list([weekday_names()[day] for day in rule.weekdays], locale=i18n.language())
        one = _("Every week on %(days)s", days=days)
        return str(one if number == 1 else _("Every %(number)s weeks on %(days)s", number=number, days=days))
    if rule.every is Every.YEAR:
        day = i18n.date_words(date(2028, rule.month, rule.day), "d MMMM" if i18n.language() == "en" else "M月d日")
        one = _("Every year on %(day)s", day=day)
        return str(one if number == 1 else _("Every %(number)s years on %(day)s", number=number, day=day))
    return _monthly(rule, number)


def _monthly(rule: Rule, number: int) -> str:
    if not rule.nth:
        one = _("Every month on day %(day)s", day=rule.day)
        return str(one if number == 1 else _("Every %(number)s months on day %(day)s", number=number, day=rule.day))
    name = {"nth": str(NTH_WORDS[rule.nth]), "weekday": weekday_names()[rule.weekdays[0]]}
    one = _("Every month on the %(nth)s %(weekday)s", **name)
    return str(one if number == 1 else _("Every %(number)s months on the %(nth)s %(weekday)s", number=number, **name))


def _weekday(day: date) -> str:
    return weekday_names()[day.weekday()]
