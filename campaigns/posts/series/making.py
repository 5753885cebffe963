"""Making the posts of a series, some weeks ahead. What was not made in time is never made up for, so nothing bursts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.posts.drafts import content_of
from campaigns.posts.series import recurring, stamping
from campaigns.posts.series.models import DayState, Series, SeriesDay
from campaigns.publishing import scheduling
from commons import i18n, jobs, zones
from commons.db import db, insert_new
from commons.errors import DomainError, Invalid
from commons.permissions import Permission

AHEAD = timedelta(days=60)
BACK = timedelta(days=400)
AT_ONCE = 10
REASON_LENGTH = 300


def make_soon(series: Series, at: datetime) -> None:
    """Make the next few posts now, so that they are seen at once, and leave the others to a worker."""
    make_ahead(series, at, most=AT_ONCE)
    jobs.send("series.make", series=series.id)


def make_ahead(series: Series, at: datetime, *, most: int | None = None) -> int:
    """Make the posts of the coming weeks that are not there yet, or the first `most` of them; how many. Safe to call at any time, by several at once.

    There is one post a day at most. A day whose time has passed without one is marked as passed. What cannot be made (an
    account is gone, the text has grown too long) is marked with the reason, and tried again as long as there is time.
    """
    lock(series)
    if series.ended_at is not None:
        return 0
    today = zones.day_of(at, series.zone)
    wanted = recurring.between(series.recurrence, series.starts_on, today - BACK, today + AHEAD)
    with force_locale(series.author.language or i18n.DEFAULT_LANGUAGE):
        return sum(_make(series, day, at) for day in _unsettled(series, wanted)[:most])


def unmade(at: datetime) -> Sequence[int]:
    """Ids of the series that may have something to make."""
    return db.session.scalars(select(Series.id).where(Series.ended_at.is_(None)).order_by(Series.id)).all()


def lock(series: Series) -> None:
    """Hold the series until the transaction ends, and read it anew."""
    db.session.execute(select(Series.id).where(Series.id == series.id).with_for_update())
    db.session.refresh(series)


def _unsettled(series: Series, wanted: Sequence[date]) -> list[date]:
    query = select(SeriesDay.day).where(
        SeriesDay.series_id == series.id, SeriesDay.state != DayState.BLOCKED, SeriesDay.day.in_(wanted)
    )
    settled = set(db.session.scalars(query))
    return [day for day in wanted if day not in settled]


def _make(series: Series, day: date, at: datetime) -> bool:
    row = _row(series, day)
    wall_clock = series.wall_clock(day)
    if zones.to_utc(wall_clock, series.zone) <= at:
        row.state = DayState.PASSED
        db.session.flush()
        return False
    try:
        with db.session.begin_nested():
            _make_post(series, row, wall_clock, at)
    except DomainError as refusal:
        row.state, row.reason = DayState.BLOCKED, refusal.in_full[:REASON_LENGTH]
    db.session.flush()
    return row.state is DayState.MADE


def _make_post(series: Series, row: SeriesDay, wall_clock: datetime, at: datetime) -> None:
    author = series.author
    if not author.can(Permission.POST_SCHEDULE):
        raise Invalid(
            _("%(name)s may no longer schedule posts.", name=author.name), _("Change the series to take it over.")
        )
    post = stamping.new_post(series.content, by=author, at=at)
    if not scheduling.schedule_all(post, wall_clock, series.zone, by=author, at=at):
        raise Invalid(_("It goes to no channel."), _("Choose one in the pattern."))
    row.state, row.post, row.reason = DayState.MADE, post, ""
    row.content = content_of(post)
    row.wall_clock, row.zone = wall_clock.isoformat(timespec="seconds"), series.zone


def _row(series: Series, day: date) -> SeriesDay:
    """The row of the day, made if need be; whoever else makes it at this moment gets the same one."""
    insert_new(SeriesDay, {"series_id": series.id, "day": day, "state": DayState.BLOCKED})
    return db.session.scalars(select(SeriesDay).where(SeriesDay.series_id == series.id, SeriesDay.day == day)).one()
