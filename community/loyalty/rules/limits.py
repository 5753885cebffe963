"""What terms limit, in words: one short phrase for each limit."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext

from commons.events import Evidence
from commons.i18n import date_words
from community.loyalty import slots
from community.loyalty.rules.details import detail_words
from community.loyalty.rules.verdicts import Terms
from community.members.facts import evidence_words


def limits(terms: Terms) -> list[str]:
    """Every limit of the terms (or of a version with the same words)."""
    return [*_meant(terms), *_caps(terms), *_people(terms), *_time(terms)]


def _meant(terms: Terms) -> Iterator[str]:
    for name, value in terms.only.items():
        yield _("only where %(detail)s is “%(value)s”", detail=detail_words(name), value=value)
    if terms.segment_id is not None:
        yield _("only for “%(segment)s”", segment=segment_name(terms.segment_id))


def _caps(terms: Terms) -> Iterator[str]:
    if terms.cap_per_day is None:
        yield _("no daily limit")
    else:
        yield ngettext("%(num)s a day", "%(num)s a day", terms.cap_per_day)
    for grade, cap in terms.evidence_caps.items():
        words = evidence_words(Evidence(grade))
        yield ngettext("%(num)s a day %(grade)s or weaker", "%(num)s a day %(grade)s or weaker", cap, grade=words)
    if terms.cap_per_week is not None:
        yield ngettext("%(num)s a week", "%(num)s a week", terms.cap_per_week)
    if terms.cap_per_pair is not None:
        yield ngettext("%(num)s a week for a pair", "%(num)s a week for a pair", terms.cap_per_pair)
    if terms.cap_per_person is not None:
        yield ngettext("%(num)s time for one person", "%(num)s times for one person", terms.cap_per_person)


def _people(terms: Terms) -> Iterator[str]:
    if terms.people is not None:
        people = ngettext("%(num)s person", "%(num)s people", terms.people)
        days = ngettext("%(num)s day", "%(num)s days", terms.people_days)
        yield _(
            "from %(people)s on %(days)s within %(within)s days", people=people, days=days, within=terms.people_within
        )


def _time(terms: Terms) -> Iterator[str]:
    if terms.cooldown:
        yield ngettext("%(num)s second apart", "%(num)s seconds apart", terms.cooldown)
    if terms.first_day is not None:
        yield _("from %(day)s", day=date_words(terms.first_day))
    if terms.last_day is not None:
        yield _("until %(day)s", day=date_words(terms.last_day))
    if terms.points_last_days:
        yield ngettext("points last %(num)s day", "points last %(num)s days", terms.points_last_days)
    if terms.available_after_days:
        yield ngettext("pending for %(num)s day", "pending for %(num)s days", terms.available_after_days)
    if terms.allow_negative:
        yield _("may be taken back below zero")


def segment_name(segment_id: int) -> str:
    """What the segment is called; its number where no room knows it any more."""
    known = {known_id: name for plug in slots.segment_choices for known_id, name in plug()}
    return known.get(segment_id, f"#{segment_id}")
