"""Series are carried on hour by hour."""

from __future__ import annotations

from campaigns.posts.series import making
from campaigns.posts.series.models import Series
from commons import clock, jobs
from commons.db import db


@jobs.job("series.carry_on", queue="default")
def carry_on() -> None:
    """Send each series to a worker of its own: what stops one stops no other."""
    for series_id in making.unmade(clock.now()):
        jobs.send("series.make", series=series_id)


@jobs.job("series.make", queue="default")
def make(series: int) -> None:
    found = db.session.get(Series, series)
    if found is not None:
        making.make_ahead(found, clock.now())


jobs.every("series.carry_on", seconds=3600)
