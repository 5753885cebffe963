"""Setting up a series, changing it from some day on, leaving a day out, ending it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select, update

from campaigns.posts.drafts import Content, content_of
from campaigns.posts.models import BrandPost
from campaigns.posts.series import recurring, refitting, stamping
from campaigns.posts.series.making import lock, make_soon
from campaigns.posts.series.models import DayState, Series, SeriesDay
from campaigns.posts.series.recurring import Rule
from campaigns.publishing import scheduling
from commons import events, zones
from commons.accounts.models import User
from commons.db import db, insert_new, random_id
from commons.errors import Conflict, Invalid


@dataclass(frozen=True)
class Wanted:
    """What somebody wants of a series, from `starts_on` on."""

    name: str
    rule: Rule
    starts_on: date
    wall_time: str
    zone: str


def set_up(wanted: Wanted, content: Content, *, by: User, at: datetime) -> Series:
    """A new series that says `content`, with its first posts planned. Raises `Invalid` when it would have none."""
    _check(wanted, at)
    series = Series(
        name=wanted.name,
        pattern=stamping.new_post(content, by=by, at=at, is_pattern=True),
        content=content,
        author_id=by.id,
        created_at=at,
        changed_at=at,
    )
    _put(series, wanted)
    db.session.add(series)
    db.session.flush()
    _tell("series.set_up", series, by, at)
    make_soon(series, at)
    return series


def change(series: Series, wanted: Wanted, *, by: User, at: datetime) -> Series:
    """From `wanted.starts_on` on the series is as wanted, and says what its pattern says now.

    What has gone out before that day stays with this series, which ends there; another one goes on, and is returned. Posts
    that are planned follow, except in what somebody has edited in them. Raises `Conflict` for a series that has ended.
    """
    _open(series)
    _check(wanted, at)
    content = content_of(series.pattern)
    if _has_days_before(series, wanted.starts_on):
        series = _split(series, wanted.starts_on, by, at)
    series.content, series.author_id, series.changed_at = content, by.id, at
    _put(series, wanted)
    db.session.flush()
    _tell("series.changed", series, by, at)
    refitting.refit(series, by=by, at=at)
    make_soon(series, at)
    return series


def follow(row: SeriesDay, *, by: User, at: datetime) -> Series:
    """What was edited in this one post, its words and its time of day, holds for it and all that follow."""
    series, post = row.series, row.post
    if post is None or post.discarded_at is not None:
        raise Conflict(_("There is no post on this day."))
    _open(series)
    if has_news(series):
        raise Conflict(_("Somebody is writing on the pattern of this series."), _("Let that hold first, or undo it."))
    stamping.write(series.pattern, content_of(post), by=by, at=at)
    wall_time, zone = refitting.time_of(row)
    rule = recurring.rest(series.recurrence, series.starts_on, row.day)
    return change(series, Wanted(series.name, rule, row.day, wall_time, zone), by=by, at=at)


def skip(series: Series, day: date, *, by: User, at: datetime) -> None:
    """Leave this day out; a post that is planned for it is cancelled. Safe to call twice. Raises what `cancel` raises."""
    _open(series)
    if day not in recurring.between(series.recurrence, series.starts_on, day, day):
        raise Invalid(_("The series has no post on this day."))
    insert_new(SeriesDay, {"series_id": series.id, "day": day, "state": DayState.BLOCKED})
    row = _row(series, day)
    if row.state in {DayState.MADE, DayState.BLOCKED}:
        if row.post is not None:
            refitting.cancel_all(row.post, by=by, at=at)
        row.state, row.reason = DayState.SKIPPED, ""
        _tell("series.day_skipped", series, by, at, day=day.isoformat())


def take_in(series: Series, day: date, *, by: User, at: datetime) -> None:
    """Undo `skip`: the post is planned again as it was, or made. Safe to call twice."""
    _open(series)
    row = _row(series, day)
    if row.state is not DayState.SKIPPED:
        return
    if row.post is not None and row.post.discarded_at is None:
        scheduling.schedule_all(row.post, datetime.fromisoformat(row.wall_clock), row.zone, by=by, at=at)
        row.state = DayState.MADE
    else:
        row.state, row.post = DayState.BLOCKED, None
    _tell("series.day_taken_in", series, by, at, day=day.isoformat())
    make_soon(series, at)


def end(series: Series, *, by: User, at: datetime) -> int:
    """No further post; those that are planned are cancelled, and how many is returned. Safe to call twice."""
    lock(series)
    if series.ended_at is not None:
        return 0
    series.ended_at = series.changed_at = at
    cancelled = sum(
        refitting.cancel_all(row.post, by=by, at=at) > 0 for row in refitting.planned(series, at) if row.post
    )
    _tell("series.ended", series, by, at, count=str(cancelled))
    return cancelled


def has_news(series: Series) -> bool:
    """Whether the pattern says something else by now than the posts are made from."""
    return content_of(series.pattern) != series.content


def row_of(post: BrandPost) -> SeriesDay | None:
    """The day of a series that the post was made for, if any."""
    return db.session.scalar(select(SeriesDay).where(SeriesDay.post_id == post.id))


def series_of(pattern: BrandPost) -> Series | None:
    """The series of which this post is the pattern."""
    return db.session.scalar(select(Series).where(Series.pattern_id == pattern.id))


def _check(wanted: Wanted, at: datetime) -> None:
    if not zones.is_zone(wanted.zone):
        raise Invalid(_("“%(zone)s” is not a time zone.", zone=wanted.zone))
    if wanted.starts_on < zones.day_of(at, wanted.zone):
        raise Invalid(_("The first day is over."), _("Choose today or a later day."))
    if not recurring.following(wanted.rule, wanted.starts_on, wanted.starts_on, 1):
        raise Invalid(_("There is no such day before the series ends."), _("Choose a later end."))


def _open(series: Series) -> None:
    lock(series)
    if series.ended_at is not None:
        raise Conflict(_("This series has ended."), _("Begin a new one."))


def _put(series: Series, wanted: Wanted) -> None:
    series.name, series.rule, series.starts_on = wanted.name, str(wanted.rule), wanted.starts_on
    series.wall_time, series.zone = wanted.wall_time, wanted.zone


def _has_days_before(series: Series, day: date) -> bool:
    first = recurring.following(series.recurrence, series.starts_on, series.starts_on, 1)
    return bool(first) and first[0] < day


def _split(series: Series, day: date, by: User, at: datetime) -> Series:
    """The series ends before `day`; a new one has the days from then on, and the pattern on which somebody has written."""
    pattern = series.pattern
    series.pattern = stamping.new_post(series.content, by=by, at=at, is_pattern=True)
    after = Series(
        name=series.name,
        pattern=pattern,
        content=series.content,
        rule=series.rule,
        starts_on=day,
        wall_time=series.wall_time,
        zone=series.zone,
        author_id=by.id,
        follows_id=series.id,
        created_at=at,
        changed_at=at,
    )
    series.rule = str(recurring.before(series.recurrence, series.starts_on, day))
    series.changed_at = at
    db.session.flush()
    db.session.add(after)
    db.session.flush()
    theirs = update(SeriesDay).where(SeriesDay.series_id == series.id, SeriesDay.day >= day)
    db.session.execute(theirs.values(series_id=after.id).execution_options(synchronize_session="fetch"))
    return after


def _row(series: Series, day: date) -> SeriesDay:
    row = db.session.scalar(select(SeriesDay).where(SeriesDay.series_id == series.id, SeriesDay.day == day))
    if row is None:
        raise Invalid(_("The series has no post on this day."))
    return row


def _tell(kind: str, series: Series, by: User, at: datetime, **more: str) -> None:
    db.session.flush()
    payload = {"name": series.name, **more}
    key = f"{kind}:{series.public_id}:{random_id()}"
    events.track(kind, key=key, at=at, actor_id=by.id, subject=series, payload=payload)
