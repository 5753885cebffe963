"""Words of the calendar: what gets in the way of a post, how late it was, what is special about a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from babel.dates import format_interval
from flask_babel import format_datetime, format_decimal, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaigns.posts.planner.days import Day
from campaigns.posts.planner.entries import Entry, Place
from campaigns.posts.planner.moves import Report
from campaigns.posts.planner.period import Filter
from commons import i18n

QUOTED = 24


def acts() -> dict[str, Any]:
    """What staff did to slots, for the audit log."""
    return {
        "slots.added": _l("added weekly slots at %(time)s for %(account)s"),
        "slots.removed": _l("removed a weekly slot at %(time)s of %(account)s"),
        "slots.zone_changed": _l("set the time zone of the slots of %(account)s to %(zone)s"),
        "slots.rules_changed": _l("set the least distance of posts to %(apart)s minutes"),
    }


def period(chosen: Filter) -> str:
    """The month, the days of the week, or the day that is shown."""
    if chosen.view in {"month", "list"}:
        return i18n.date_words(chosen.day, str(_("MMMM y")))
    if chosen.view == "day":
        return i18n.date_words(chosen.day, "EEE d MMM y" if _is_english() else "full")
    return str(format_interval(chosen.first, chosen.last, "yMMMd", locale="en_GB" if _is_english() else get_locale()))


def wall_clock(moment: datetime) -> str:
    """A wall-clock time (naive) as it stands, with its day of the week."""
    pattern = "EEE d MMM, HH:mm" if _is_english() else "M月d日 EEE HH:mm"
    return str(format_datetime(moment, pattern, rebase=False))


def day_short(day: date) -> str:
    """A day without its year."""
    return i18n.date_words(day, "d MMM" if _is_english() else "M月d日")


def clash_short(entry: Entry) -> str:
    """A few words for a narrow cell; empty when nothing is in the way."""
    if entry.clash is None:
        return ""
    if entry.clash.close is not None:
        minutes = _minutes(entry)
        if not minutes:
            return str(_("At the time of another post"))
        return str(ngettext("%(num)s min from another post", "%(num)s min from another post", minutes))
    return str(_("Nearly the same text"))


def clash_words(entry: Entry, places: Mapping[int, Place]) -> list[str]:
    """Each thing in the way as a sentence that names the other post."""
    found = []
    if entry.clash is not None and entry.clash.close is not None:
        other, minutes = entry.clash.close, _minutes(entry)
        values = {"count": minutes, "text": _quoted(other.text), "place": places[other.account].words}
        near, same = _("Only %(count)s min from “%(text)s” on %(place)s."), _("At the time of “%(text)s” on %(place)s.")
        found.append(str((near if minutes else same) % values))
    if entry.clash is not None and entry.clash.alike is not None:
        other = entry.clash.alike
        words = _("Nearly the same text as “%(text)s” on %(place)s, %(when)s.")
        values = {"text": _quoted(other.text), "place": places[other.account].words}
        found.append(str(words % {**values, "when": i18n.moment_words(other.at)}))
    return found


def late_short(seconds: float) -> str:
    """How late, for a narrow cell: `+3 s`."""
    return str(_("+%(count)s s", count=format_decimal(round(seconds, 1 if seconds < 10 else 0))))


def special_words(day: Day) -> str:
    """The holiday, or that people work on this weekend day; empty on an ordinary one."""
    if day.special is None:
        return ""
    return str(_("Working day in lieu")) if day.special.is_workday else day.special.name


def step_words(day: Day) -> str:
    """That clocks change on this day; empty on an ordinary one."""
    if not day.step:
        return ""
    minutes = int(abs(day.step).total_seconds() // 60)
    if day.step.total_seconds() > 0:
        return str(_("Clocks go forward by %(count)s min on this day", count=minutes))
    return str(_("Clocks go back by %(count)s min on this day", count=minutes))


def told(report: Report) -> str:
    """The report in one or two sentences, as it is read aloud."""
    return " ".join(filter(None, (_done(report), _refused(report)))) or str(_("Nothing was chosen."))


def _done(report: Report) -> str:
    if report.posts == 1 and len({line.words for line in report.done}) == 1:
        line = report.done[0]
        return str(_("“%(text)s”: %(words)s", text=_quoted(line.text), words=line.words))
    if not report.posts:
        return ""
    return str(ngettext("%(num)s post was changed.", "%(num)s posts were changed.", report.posts))


def _refused(report: Report) -> str:
    if len(report.refused) == 1:
        return str(_("It stays where it was. %(why)s", why=report.refused[0].words))
    if not report.refused:
        return ""
    return str(ngettext("%(num)s was refused.", "%(num)s were refused.", len(report.refused)))


def _is_english() -> bool:
    return i18n.language() == "en"


def _minutes(entry: Entry) -> int:
    if entry.clash is None or entry.clash.close is None:
        return 0
    return round(abs((entry.clash.close.at - entry.local).total_seconds()) / 60)


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= QUOTED else f"{line[:QUOTED]}…"
