"""Fitting posts that are planned to a series that has changed. What somebody has edited in one of them stays as it is."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.posts.drafts import Content, content_of
from campaigns.posts.models import BrandPost
from campaigns.posts.series import recurring, stamping
from campaigns.posts.series.making import REASON_LENGTH
from campaigns.posts.series.models import DayState, Series, SeriesDay
from campaigns.posts.series.stamping import VARIANTS
from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery, DeliveryState
from commons import zones
from commons.accounts.models import User
from commons.db import db
from commons.errors import DomainError

WITH_POST = (
    joinedload(SeriesDay.post).joinedload(BrandPost.campaign),
    joinedload(SeriesDay.post).joinedload(BrandPost.link),
    joinedload(SeriesDay.post).joinedload(BrandPost.video),
)
GIVEN_UP = frozenset({DeliveryState.CANCELLED, DeliveryState.DRAFT, DeliveryState.FAILED, DeliveryState.MISSED})


def refit(series: Series, *, by: User, at: datetime) -> None:
    """Bring every planned day in line with the series. One that the rule no longer has goes, unless somebody edited it."""
    rows = planned(series, at, every=True)
    days = set(recurring.between(series.recurrence, series.starts_on, rows[0].day, rows[-1].day)) if rows else set()
    for row in rows:
        if row.day not in days:
            _let_go(row, by, at)
        elif row.state is DayState.MADE and row.post is not None and is_waiting(row.post):
            _refit(series, row, row.post, by, at)


def planned(series: Series, at: datetime, *, every: bool = False) -> Sequence[SeriesDay]:
    """The days from today on that have a post; with `every`, also those that were left out or could not be made."""
    query = select(SeriesDay).where(SeriesDay.series_id == series.id, SeriesDay.day >= zones.day_of(at, series.zone))
    if not every:
        query = query.where(SeriesDay.state == DayState.MADE)
    return db.session.scalars(query.options(*WITH_POST).order_by(SeriesDay.day)).unique().all()


def is_waiting(post: BrandPost) -> bool:
    """Whether it is still to go out: not cancelled, discarded or made a draft, and nowhere on its way or out."""
    deliveries = deliveries_of(post)
    still = post.discarded_at is None and not any(delivery.is_fixed for delivery in deliveries)
    return still and any(delivery.state not in GIVEN_UP for delivery in deliveries)


def is_edited(row: SeriesDay) -> bool:
    """Whether somebody has changed the words, the channels or the time of this one."""
    return bool(edits(row))


def edits(row: SeriesDay) -> set[str]:
    """What was edited: names of its content, and `time`."""
    return edits_in(row, row.post, deliveries_of(row.post)) if row.post is not None else set()


def edits_in(row: SeriesDay, post: BrandPost, deliveries: Sequence[Delivery]) -> set[str]:
    """The same, with the deliveries of the post at hand."""
    found = stamping.edited_in(row.content, content_of(post))
    moved = any(not _is_at_its_time(row, delivery) for delivery in deliveries if delivery.wall_clock)
    return found | {"time"} if moved else found


def time_of(row: SeriesDay) -> tuple[str, str]:
    """At what time of day, in which zone, the post of this day goes out now."""
    deliveries = deliveries_of(row.post) if row.post is not None else []
    times = [(one.wall_clock, one.zone) for one in deliveries if one.wall_clock and one.state not in GIVEN_UP]
    wall_clock, zone = times[0] if times else (row.wall_clock, row.zone)
    return str(wall_clock)[11:16], zone or row.zone


def cancel_all(post: BrandPost, *, by: User, at: datetime) -> int:
    """Cancel every delivery of the post that is not on its way or out; how many."""
    waiting = [one for one in deliveries_of(post) if not one.is_fixed and one.state not in GIVEN_UP]
    for delivery in waiting:
        scheduling.cancel(delivery, by=by, at=at)
    return len(waiting)


def deliveries_of(post: BrandPost) -> Sequence[Delivery]:
    return db.session.scalars(select(Delivery).where(Delivery.post_id == post.id).order_by(Delivery.id)).all()


def _let_go(row: SeriesDay, by: User, at: datetime) -> None:
    post = row.post
    if row.state is DayState.MADE and post is not None:
        if is_edited(row) or not is_waiting(post):
            return
        cancel_all(post, by=by, at=at)
        post.discarded_at = at
    db.session.delete(row)
    db.session.flush()


def _refit(series: Series, row: SeriesDay, post: BrandPost, by: User, at: datetime) -> None:
    deliveries = deliveries_of(post)
    keeps_time = any(not _is_at_its_time(row, delivery) for delivery in deliveries)
    stays_off = {
        delivery.account_id for delivery in deliveries if delivery.state in GIVEN_UP and _was_meant(row, delivery)
    }
    try:
        with db.session.begin_nested():
            _rewrite(row, post, series.content, by, at)
            if not keeps_time:
                _plan_anew(series, row, post, stays_off, by, at)
        row.reason = ""
    except DomainError as refusal:
        row.reason = refusal.in_full[:REASON_LENGTH]
    db.session.flush()


def _was_meant(row: SeriesDay, delivery: Delivery) -> bool:
    """Whether the series meant the post for this account, so that it was a person who called it off there."""
    return delivery.account.public_id in row.content[VARIANTS]


def _plan_anew(series: Series, row: SeriesDay, post: BrandPost, stays_off: Set[int], by: User, at: datetime) -> None:
    wall_clock = series.wall_clock(row.day)
    for variant in post.variants:
        if variant.account_id not in stays_off:
            scheduling.schedule(post, variant.account, wall_clock, series.zone, by=by, at=at)
    row.wall_clock, row.zone = wall_clock.isoformat(timespec="seconds"), series.zone


def _rewrite(row: SeriesDay, post: BrandPost, content: Content, by: User, at: datetime) -> None:
    mine = content_of(post)
    wanted = stamping.merged(row.content, mine, content)
    row.content = content
    if wanted == mine:
        return
    stamping.write(post, wanted, by=by, at=at)
    _leave_accounts(post, by, at)
    for follow in scheduling.changed:
        follow(post, by, at)


def _leave_accounts(post: BrandPost, by: User, at: datetime) -> None:
    goes_to = {variant.account_id for variant in post.variants}
    for delivery in deliveries_of(post):
        if delivery.account_id not in goes_to and delivery.state not in GIVEN_UP:
            scheduling.cancel(delivery, by=by, at=at)


def _is_at_its_time(row: SeriesDay, delivery: Delivery) -> bool:
    return delivery.state in GIVEN_UP or (delivery.wall_clock, delivery.zone) == (row.wall_clock, row.zone)
