"""The period that a page speaks of: whole days in the brand's zone, both ends included, as the address says it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from commons import zones
from commons.errors import Invalid

USUAL_DAYS = 30
MOST_DAYS = 1100
FIRST_YEAR = 2000


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included, as clocks in `zone` count them."""

    first: date
    last: date
    zone: str

    @property
    def start(self) -> datetime:
        return zones.day_bounds(self.first, self.zone)[0]

    @property
    def end(self) -> datetime:
        """The first moment that is no longer in it."""
        return zones.day_bounds(self.last, self.zone)[1]

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """As many days, right before."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1), self.zone)

    @property
    def args(self) -> dict[str, str]:
        """As an address says it."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}


def latest(days: int, today: date, zone: str) -> Period:
    """The last so many days, today included."""
    return Period(today - timedelta(days=days - 1), today, zone)


def month_of(day: date, zone: str) -> Period:
    """The calendar month of a day."""
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1), zone)


def presets(today: date, zone: str) -> dict[str, Period]:
    """Periods that people often want, by name."""
    this_month = month_of(today, zone)
    return {
        "week": latest(7, today, zone),
        "usual": latest(USUAL_DAYS, today, zone),
        "quarter": latest(90, today, zone),
        "year": latest(365, today, zone),
        "this_month": Period(this_month.first, today, zone),
        "last_month": month_of(this_month.first - timedelta(days=1), zone),
    }


def asked(args: Mapping[str, str], today: date, zone: str) -> Period:
    """The period that an address asks for; the last thirty days where it says nothing. `Invalid` for what is no period."""
    if not args.get("from") and not args.get("to"):
        return latest(USUAL_DAYS, today, zone)
    first, last = _day(args.get("from", "")), _day(args.get("to", ""))
    if first is None or last is None:
        raise Invalid(_("This is no period."), _("Choose a first and a last day, like 2026-03-01."))
    if last < first:
        raise Invalid(_("The last day lies before the first."), _("Choose the days the other way round."))
    if (last - first).days >= MOST_DAYS:
        raise Invalid(_("This period is too long."), _("Choose at most %(count)s days.", count=MOST_DAYS))
    return Period(first, last, zone)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year < 2100 else None
