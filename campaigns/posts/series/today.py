"""What the start page of the staff side says about series: days that could not be planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func, select

from campaigns.posts.series.models import DayState, Series, SeriesDay
from commons import zones
from commons.accounts.models import User
from commons.db import db
from commons.panels import Panel
from commons.permissions import Permission

MOST = 5


def blocked_panel(user: User, at: datetime) -> Panel | None:
    """Series with coming days that could not be planned; nothing when there are none."""
    days = blocked(at) if user.can(Permission.POST_READ) else {}
    if not days:
        return None
    soonest = sorted(days, key=lambda series_id: (days[series_id], series_id))[:MOST]
    found: Sequence[Series] = db.session.scalars(Series.visible_to(user).where(Series.id.in_(soonest))).all()
    lines = sorted(((days[series.id], series) for series in found), key=lambda line: (line[0], line[1].id))
    return Panel("campaigns/posts/series/_today.html", {"lines": lines}, 11)


def blocked(at: datetime) -> Mapping[int, date]:
    """The first coming day that could not be planned, by the id of the series."""
    query = (
        select(SeriesDay.series_id, func.min(SeriesDay.day))
        .join(Series, Series.id == SeriesDay.series_id)
        .where(SeriesDay.state == DayState.BLOCKED, Series.ended_at.is_(None))
        .where(SeriesDay.day >= zones.day_of(at, "UTC"))
        .group_by(SeriesDay.series_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
