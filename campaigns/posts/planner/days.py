"""The days of the calendar: what is special about each, which of the next two weeks are empty, campaigns as bars."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.tz import datetime_ambiguous, datetime_exists
from sqlalchemy import or_, select

from campaigns.planning.models import Campaign, Phase
from campaigns.posts.planner.entries import TINTS, Entry, Found
from campaigns.posts.planner.period import Filter
from campaigns.posts.planner.public_holidays import Special, country_of, special_days
from commons import zones
from commons.db import db

GAP_DAYS = 14
LANES = 3


@dataclass(frozen=True, slots=True)
class Day:
    """One day. `entries` are those shown, `more` says how many are left out. `step`: by how much clocks change.

    `is_gap`: one of the coming days, and nothing goes out on it.
    """

    date: date
    in_month: bool
    entries: Sequence[Entry]
    more: int = 0
    special: Special | None = None
    is_gap: bool = False
    step: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of a day as clocks show it. `is_skipped`: they never do on that day; `is_twice`: they show it twice."""

    number: int
    entries: Sequence[Entry]
    is_skipped: bool = False
    is_twice: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A campaign, or a phase of one, over some days of a week: from column `start` (0 is the first day) on, `span` wide."""

    title: str
    url: str
    tint: int
    first: date
    last: date
    start: int
    span: int
    begins: bool
    ends: bool
    is_phase: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days, and the campaigns over them in lanes; `hidden` campaigns did not fit."""

    days: Sequence[Day]
    lanes: Sequence[Sequence[Bar]]
    hidden: int


def days(chosen: Filter, found: Found, *, zone: str, country: str, language: str, today: date) -> list[Day]:
    """Every day of the period."""
    special = _special(chosen, country or country_of(zone), language)
    return [
        Day(
            day,
            in_month=day.month == chosen.day.month or chosen.view not in {"month", "list"},
            entries=found.by_day.get(day, ()),
            more=found.counts.get(day, 0) - len(found.by_day.get(day, ())),
            special=special.get(day),
            is_gap=is_gap(day, found.busy, today),
            step=zones.clock_step(day, zone),
        )
        for day in chosen.days
    ]


def is_gap(day: date, busy: Set[date], today: date) -> bool:
    """Whether the day is one of the coming two weeks and none of those on which something goes out."""
    return today <= day < today + timedelta(days=GAP_DAYS) and day not in busy


def hours(day: Day, zone: str) -> list[Hour]:
    """The hours of a day from 0 to 23, with what stands in them."""
    by_hour: dict[int, list[Entry]] = {}
    for entry in day.entries:
        by_hour.setdefault(entry.local.hour, []).append(entry)
    return [_hour(day, number, by_hour.get(number, ()), zone) for number in range(24)]


def weeks(cells: Sequence[Day], bars: Sequence[Bar]) -> list[Week]:
    """The days in weeks, each with the part of every bar that falls into it."""
    return [_week(cells[start : start + 7], bars) for start in range(0, len(cells), 7)]


def bars(chosen: Filter, zone: str) -> list[Bar]:
    """The campaigns that run in the period, as one bar each over its days; those called off left out. Where campaigns are
    chosen, their phases follow as bars of their own.
    """
    start, end = zones.day_bounds(chosen.first, zone)[0], zones.day_bounds(chosen.last, zone)[1]
    query = select(Campaign.id, Campaign.public_id, Campaign.title, Campaign.starts_at, Campaign.ends_at).where(
        Campaign.starts_at < end, Campaign.ends_at > start, Campaign.cancelled_at.is_(None)
    )
    if chosen.campaigns:
        query = query.where(Campaign.public_id.in_(chosen.campaigns))
    found = [
        _bar(row.title, f"/control/{row.public_id}", row.id % TINTS, first, last, chosen.first, chosen.last)
        for row in db.session.execute(query.order_by(Campaign.starts_at, Campaign.id))
        for first, last in [_period(row.starts_at, row.ends_at, zone)]
    ]
    return found + _phase_bars(chosen, start, end, zone) if chosen.campaigns else found


def campaigns_in(chosen: Filter, zone: str) -> list[tuple[str, str, int]]:
    """(public id, title, tint) of the campaigns that can be chosen here: those of the period, and those that are chosen."""
    start, end = zones.day_bounds(chosen.first, zone)[0], zones.day_bounds(chosen.last, zone)[1]
    running = (Campaign.starts_at < end) & (Campaign.ends_at > start) & Campaign.cancelled_at.is_(None)
    query = select(Campaign.public_id, Campaign.title, Campaign.id).where(
        or_(running, Campaign.public_id.in_(chosen.campaigns))
    )
    rows = db.session.execute(query.order_by(Campaign.starts_at, Campaign.id))
    return [(row.public_id, row.title, row.id % TINTS) for row in rows]


def _phase_bars(chosen: Filter, start: datetime, end: datetime, zone: str) -> list[Bar]:
    here = (Campaign.public_id.in_(chosen.campaigns), Campaign.cancelled_at.is_(None))
    query = select(Phase.name, Phase.starts_at, Phase.ends_at, Campaign.id, Campaign.public_id).join(Phase.campaign)
    rows = db.session.execute(
        query.where(*here, Phase.starts_at < end, Phase.ends_at > start).order_by(Campaign.starts_at, Phase.starts_at)
    )
    return [
        replace(
            _bar(row.name, f"/planning/{row.public_id}/phases", row.id % TINTS, first, last, chosen.first, chosen.last),
            is_phase=True,
        )
        for row in rows
        for first, last in [_period(row.starts_at, row.ends_at, zone)]
    ]


def _hour(day: Day, number: int, entries: Sequence[Entry], zone: str) -> Hour:
    if not day.step:
        return Hour(number, entries)
    ends = [
        datetime.combine(day.date, time(number, minute), ZoneInfo(zone)) for minute in (0, 59)
    ]  # may change in between
    return Hour(
        number, entries, is_skipped=not any(map(datetime_exists, ends)), is_twice=any(map(datetime_ambiguous, ends))
    )


def _special(chosen: Filter, country: str, language: str) -> dict[date, Special]:
    found: dict[date, Special] = {}
    for year in {chosen.first.year, chosen.last.year}:
        found.update(special_days(country, year, language))
    return found


def _week(cells: Sequence[Day], bars: Sequence[Bar]) -> Week:
    first, last = cells[0].date, cells[-1].date
    mine = [
        replace(_bar(bar.title, bar.url, bar.tint, bar.first, bar.last, first, last), is_phase=bar.is_phase)
        for bar in bars
        if bar.first <= last and bar.last >= first
    ]
    lanes: list[list[Bar]] = []
    for bar in mine:
        lane = next((lane for lane in lanes if lane[-1].start + lane[-1].span <= bar.start), None)
        if lane is None:
            lanes.append([bar])
        else:
            lane.append(bar)
    return Week(cells, lanes[:LANES], sum(map(len, lanes[LANES:])))


def _bar(title: str, url: str, tint: int, first: date, last: date, shown_first: date, shown_last: date) -> Bar:
    start, end = max(first, shown_first), min(last, shown_last)
    return Bar(
        title,
        url,
        tint,
        first,
        last,
        start=(start - shown_first).days,
        span=(end - start).days + 1,
        begins=first >= shown_first,
        ends=last <= shown_last,
    )


def _period(starts_at: datetime, ends_at: datetime, zone: str) -> tuple[date, date]:
    """First and last day in the reader's zone; a campaign that ends at midnight ends on the day before."""
    first = zones.day_of(starts_at, zone)
    return first, max(first, zones.day_of(ends_at - timedelta(microseconds=1), zone))
