"""What the pages of series show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload

from campaigns.posts.models import BrandPost
from campaigns.posts.series import recurring, refitting
from campaigns.posts.series.forms import SeriesForm
from campaigns.posts.series.making import AHEAD
from campaigns.posts.series.models import DayState, Series, SeriesDay
from campaigns.posts.series.recurring import Rule
from campaigns.posts.series.wording import clamping, in_words_at
from campaigns.posts.standing import standing
from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery
from commons import zones
from commons.accounts.models import User
from commons.db import db
from commons.paging import Page

SHOWN = 5
PAST_SHOWN = 20
PAGE = 50


@dataclass(frozen=True)
class Coming:
    """A day to come: when it is there, and what is to be said of its time, such as a change of the clocks, or nothing."""

    day: date
    moment: datetime
    local: datetime
    note: str


@dataclass(frozen=True)
class Preview:
    """A rule in words, its next days, and what becomes of days that some months do not have."""

    words: str
    clamping: str
    coming: Sequence[Coming]
    has_more: bool


@dataclass(frozen=True)
class Day:
    """A day of a series that exists. `row` is missing as long as its post is not made; `edits` are what was edited in it."""

    coming: Coming
    row: SeriesDay | None
    post: BrandPost | None
    state: str
    edits: Sequence[str]


@dataclass(frozen=True)
class Line:
    """A series in the list, and its next moment."""

    series: Series
    next: Coming | None


def preview(rule: Rule, start: date, wall_time: str, zone: str, at: datetime) -> Preview:
    """What a series would become; a first day whose time is over says so."""
    found = recurring.following(rule, start, start, SHOWN + 1)
    coming = [_coming(datetime.fromisoformat(f"{day} {wall_time}"), zone, at) for day in found[:SHOWN]]
    return Preview(in_words_at(rule, wall_time, zone), clamping(rule), coming, len(found) > SHOWN)


def of_form(form: SeriesForm, at: datetime) -> Preview | None:
    """The preview of what stands in a form, if that can be read."""
    if form.rule_errors or not form.starts_on.data or not form.wall_time.data:
        return None
    wanted = form.wanted
    return preview(wanted.rule, wanted.starts_on, wanted.wall_time, wanted.zone, at)


def listed(user: User, at: datetime, number: int = 1) -> Page[Line]:
    """Those that go on first, by when they come next; then those that are over, the latest first."""
    query = Series.visible_to(user).options(joinedload(Series.author), defer(Series.content))
    lines = [Line(series, _next(series, at)) for series in db.session.scalars(query.order_by(Series.changed_at.desc()))]
    far = datetime.max.replace(tzinfo=UTC)
    lines.sort(key=lambda line: line.next.moment if line.next else far)
    first = PAGE * (number - 1)
    return Page(lines[first : first + PAGE], number, has_older=len(lines) > first + PAGE)


def next_day(series: Series, at: datetime, wanted: date | None = None) -> date:
    """The first day of the series from `wanted` on that is still to come; today if there is none."""
    today = zones.day_of(at, series.zone)
    found = recurring.following(series.recurrence, series.starts_on, max(wanted or today, today), 2)
    later = [day for day in found if zones.to_utc(series.wall_clock(day), series.zone) > at]
    return later[0] if later else today


def days_of(series: Series, at: datetime) -> list[Day]:
    """The coming days: those that are made, and the next ones beyond if there are few."""
    today = zones.day_of(at, series.zone)
    rows = {row.day: row for row in refitting.planned(series, at, every=True)}
    ahead = recurring.between(series.recurrence, series.starts_on, today, today + AHEAD)
    later = recurring.following(series.recurrence, series.starts_on, today, SHOWN)
    days = sorted({*rows, *ahead, *later} if series.ended_at is None else rows)
    deliveries = _deliveries(list(rows.values()))
    return [_day(series, day, rows.get(day), deliveries) for day in days]


def past_of(series: Series, at: datetime) -> list[Day]:
    """What became of the days that are over, the latest first."""
    today = zones.day_of(at, series.zone)
    query = select(SeriesDay).where(SeriesDay.series_id == series.id, SeriesDay.day < today)
    query = query.options(*refitting.WITH_POST).order_by(SeriesDay.day.desc())
    rows = db.session.scalars(query.limit(PAST_SHOWN)).unique().all()
    deliveries = _deliveries(rows)
    return [_day(series, row.day, row, deliveries) for row in rows]


def goes_on_in(series: Series) -> Series | None:
    """The series that took over from this one."""
    return db.session.scalar(select(Series).where(Series.follows_id == series.id).order_by(Series.id.desc()).limit(1))


def _day(series: Series, day: date, row: SeriesDay | None, by_post: Mapping[int, list[Delivery]]) -> Day:
    post = row.post if row is not None and row.post is not None and row.post.discarded_at is None else None
    deliveries = by_post.get(post.id, []) if post is not None else []
    edits = sorted(refitting.edits_in(row, post, deliveries)) if row is not None and post is not None else []
    wall_clock, zone = series.wall_clock(day), series.zone
    state = row.state.value if row is not None else "later"
    if deliveries and state == DayState.MADE:
        wall_clock, zone = _when(deliveries, wall_clock, zone)
        state = standing(delivery.state for delivery in deliveries).value
    return Day(_coming(wall_clock, zone), row, post, state, edits)


def _deliveries(rows: Sequence[SeriesDay]) -> Mapping[int, list[Delivery]]:
    """The deliveries of all posts of these days, by post."""
    found: dict[int, list[Delivery]] = defaultdict(list)
    query = select(Delivery).where(Delivery.post_id.in_([row.post_id for row in rows if row.post_id]))
    for delivery in db.session.scalars(query.order_by(Delivery.id)):
        found[delivery.post_id].append(delivery)
    return found


def _when(deliveries: Sequence[Delivery], wall_clock: datetime, zone: str) -> tuple[datetime, str]:
    timed = [one for one in deliveries if one.wall_clock and one.zone]
    return (datetime.fromisoformat(str(timed[0].wall_clock)), str(timed[0].zone)) if timed else (wall_clock, zone)


def _coming(wall_clock: datetime, zone: str, at: datetime | None = None) -> Coming:
    moment = zones.to_utc(wall_clock, zone)
    is_over = at is not None and moment <= at
    note = (
        _("This time is over: nothing goes out on this day.") if is_over else scheduling.clock_change(wall_clock, zone)
    )
    return Coming(wall_clock.date(), moment, zones.to_local(moment, zone), note)


def _next(series: Series, at: datetime) -> Coming | None:
    if series.ended_at is not None:
        return None
    today = zones.day_of(at, series.zone) - timedelta(days=1)
    for day in recurring.following(series.recurrence, series.starts_on, today, 3):
        if zones.to_utc(series.wall_clock(day), series.zone) > at:
            return _coming(series.wall_clock(day), series.zone)
    return None
