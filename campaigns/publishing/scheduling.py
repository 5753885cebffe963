"""Planning when a post goes out: schedule, move, cancel, take back to draft, send now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.tz import datetime_ambiguous, datetime_exists
from flask_babel import gettext as _
from sqlalchemy import delete, select

from campaigns.posts.models import BrandPost
from campaigns.publishing.content import lacking
from campaigns.publishing.models import Delivery, DeliveryPart, DeliveryState
from campaigns.publishing.telling import tell
from commons import i18n, zones
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, Invalid
from commons.slots import Slot
from community.channels.models import ChannelAccount

may_go_out: Slot[Callable[[Delivery, User, datetime], DeliveryState]] = Slot(
    "in which state a planned delivery waits: scheduled, or in review when somebody has yet to agree"
)
changed: Slot[Callable[[BrandPost, User, datetime], None]] = Slot(
    "what follows when what is sent, or when, has changed"
)

THIS_MINUTE = timedelta(minutes=1)
FURTHEST = timedelta(days=2 * 366)


class NoMoment(Invalid):
    """The moment that was asked for does not do, or none was; pages say so beside their time."""


class InThePast(NoMoment):
    """The moment is over."""


class NotReady(Invalid):
    """The post lacks something; `missing` says what."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(_("This post is not ready to go out."), " ".join(found))
        self.missing = found


class Underway(Conflict):
    """It is going out at this moment, or is out."""


def delivery_of(post: BrandPost, account: ChannelAccount) -> Delivery | None:
    """How far the post has got on this account; None before it was ever planned."""
    return db.session.scalar(select(Delivery).where(Delivery.post_id == post.id, Delivery.account_id == account.id))


def schedule(
    post: BrandPost, account: ChannelAccount, wall_clock: datetime, zone: str, *, by: User, at: datetime
) -> Delivery:
    """Plan the post for the moment at which a clock on the wall in `zone` shows `wall_clock` (naive).

    What is planned already is moved. Planning the same again changes nothing. Raises `InThePast`, `NotReady`, `Underway`.
    """
    return _plan(post, account, wall_clock, zone, _moment(wall_clock, zone, at), by=by, at=at)


def schedule_all(post: BrandPost, wall_clock: datetime, zone: str, *, by: User, at: datetime) -> list[Delivery]:
    """As `schedule`, for every account that the post goes to and that it is not on its way to yet: all of them or none."""
    return [schedule(post, account, wall_clock, zone, by=by, at=at) for account in _waiting(post, at)]


def submit(post: BrandPost, account: ChannelAccount, *, by: User, at: datetime) -> Delivery:
    """Have the post agreed to before it has a time: it waits in review. What waits already keeps what it has.

    Whoever calls this asks somebody, and `release`s it or has it published. Raises `NotReady`, `Underway`.
    """
    delivery = _delivery(post, account)
    if delivery.is_fixed:
        raise _underway(delivery)
    _require_ready(post, account, at)
    if delivery.state is not DeliveryState.IN_REVIEW:
        _begin_round(delivery)
        delivery.state, delivery.reason = DeliveryState.IN_REVIEW, ""
        delivery.wall_clock = delivery.zone = delivery.due_at = delivery.late_at = None
        delivery.scheduled_by_id = by.id
        _tell("post.submitted", delivery, by, at)
    return delivery


def release(delivery: Delivery, at: datetime) -> None:
    """Whoever had to has agreed: it goes out at its time, or waits for one. Anything but in review is left alone."""
    _lock(delivery)
    if delivery.state is DeliveryState.IN_REVIEW:
        delivery.state = DeliveryState.SCHEDULED if delivery.due_at else DeliveryState.APPROVED
        db.session.flush()


def review_again(delivery: Delivery, at: datetime) -> None:
    """What somebody agreed to no longer holds: it waits for agreement. What is on its way or out is left alone."""
    _lock(delivery)
    if delivery.state in {DeliveryState.SCHEDULED, DeliveryState.APPROVED}:
        delivery.state = DeliveryState.IN_REVIEW
        db.session.flush()


def publish_now(post: BrandPost, account: ChannelAccount, zone: str, *, by: User, at: datetime) -> Delivery:
    """Have the post go out at once; also what failed or was missed. Raises `NotReady`, `Underway`."""
    wall_clock = zones.to_local(at, zone).replace(microsecond=0)
    return _plan(post, account, wall_clock, zone, at, by=by, at=at)


def publish_all(post: BrandPost, zone: str, *, by: User, at: datetime) -> list[Delivery]:
    """As `publish_now`, for every account that the post goes to and that it is not on its way to yet: all of them or none."""
    return [publish_now(post, account, zone, by=by, at=at) for account in _waiting(post, at)]


def move(delivery: Delivery, wall_clock: datetime, zone: str, *, by: User, at: datetime) -> Delivery:
    """Plan what has a delivery for another moment; as `schedule`."""
    return schedule(delivery.post, delivery.account, wall_clock, zone, by=by, at=at)


def cancel(delivery: Delivery, *, by: User, at: datetime) -> None:
    """It will not go out. Safe to call twice; raises `Underway` when it is too late."""
    _lock(delivery)
    if delivery.is_fixed:
        raise _underway(delivery)
    if delivery.state is not DeliveryState.CANCELLED:
        delivery.state = DeliveryState.CANCELLED
        _tell("post.cancelled", delivery, by, at)
        _follow_change(delivery, by, at)


def take_back(delivery: Delivery, *, by: User, at: datetime) -> None:
    """Make it a draft again, without a time. Safe to call twice; raises `Underway` when it is too late."""
    _lock(delivery)
    if delivery.is_fixed:
        raise _underway(delivery)
    if delivery.state is not DeliveryState.DRAFT:
        delivery.state, delivery.reason = DeliveryState.DRAFT, ""
        delivery.wall_clock = delivery.zone = delivery.due_at = delivery.late_at = None
        _tell("post.taken_back", delivery, by, at)
        _follow_change(delivery, by, at)


def clock_change(wall_clock: datetime, zone: str) -> str:
    """What daylight saving does to this wall-clock time, as a sentence; empty when it does nothing."""
    local = wall_clock.replace(tzinfo=ZoneInfo(zone), fold=0)
    if not datetime_exists(local):
        meant = zones.to_local(zones.to_utc(wall_clock, zone), zone)
        words = _("On that day the clocks in %(zone)s skip %(time)s. The post goes out at %(meant)s.")
        return str(words % {"zone": zone, "time": f"{wall_clock:%H:%M}", "meant": f"{meant:%H:%M}"})
    if datetime_ambiguous(local):
        words = _("On that day the clocks in %(zone)s show %(time)s twice. The post goes out the first time.")
        return str(words % {"zone": zone, "time": f"{wall_clock:%H:%M}"})
    return ""


def _moment(wall_clock: datetime, zone: str, at: datetime) -> datetime:
    """The moment that is meant. The minute that is running counts as now."""
    if not zones.is_zone(zone):
        raise Invalid(_("“%(zone)s” is not a time zone.", zone=zone))
    if not at.year - 1 <= wall_clock.year <= at.year + 3:
        raise _in_the_past(zone, at) if wall_clock.year < at.year else _too_far()
    due_at = zones.to_utc(wall_clock, zone)
    if due_at <= at - THIS_MINUTE:
        raise _in_the_past(zone, at)
    if due_at > at + FURTHEST:
        raise _too_far()
    return due_at


def _waiting(post: BrandPost, at: datetime) -> list[ChannelAccount]:
    """The accounts that a post is still to go to. Raises `NotReady` with all that is lacking, each line with its account."""
    accounts = [variant.account for variant in post.variants]
    if not accounts:
        raise Invalid(_("Choose at least one channel."))
    found = {account.id: delivery_of(post, account) for account in accounts}
    waiting = [account for account in accounts if not ((known := found[account.id]) and known.is_fixed)]
    if not waiting:
        raise _underway(next(delivery for delivery in found.values() if delivery))
    if len(waiting) > 1:
        lines = [(account.name, words) for account in waiting for words in lacking(post, account, at)]
        if lines:
            raise NotReady([_("%(account)s: %(words)s", account=name, words=words) for name, words in lines])
    return waiting


def _require_ready(post: BrandPost, account: ChannelAccount, at: datetime) -> None:
    found = lacking(post, account, at)
    if found:
        raise NotReady(found)


def _plan(
    post: BrandPost,
    account: ChannelAccount,
    wall_clock: datetime,
    zone: str,
    due_at: datetime,
    *,
    by: User,
    at: datetime,
) -> Delivery:
    delivery = _delivery(post, account)
    if delivery.is_fixed:
        raise _underway(delivery)
    _require_ready(post, account, at)
    was_planned = delivery.state in {DeliveryState.SCHEDULED, DeliveryState.IN_REVIEW}
    if was_planned and (delivery.due_at, delivery.zone) == (due_at, zone):
        if delivery.state is DeliveryState.IN_REVIEW:
            _ask_whether_it_may(delivery, by, at)
        return delivery
    before = delivery.due_at
    _begin_round(delivery)
    delivery.state, delivery.reason = DeliveryState.SCHEDULED, ""
    delivery.wall_clock, delivery.zone, delivery.due_at = wall_clock.isoformat(timespec="seconds"), zone, due_at
    delivery.late_at = due_at + timedelta(seconds=delivery.lateness_limit)
    delivery.scheduled_by_id = by.id
    delivery.lease = delivery.lease_until = None
    db.session.flush()
    _ask_whether_it_may(delivery, by, at)
    moved = {"before": before.isoformat()} if was_planned and before else {}
    _tell("post.moved" if was_planned else "post.scheduled", delivery, by, at, **moved)
    return delivery


def _ask_whether_it_may(delivery: Delivery, by: User, at: datetime) -> None:
    _follow_change(delivery, by, at)
    answers = {ask(delivery, by, at) for ask in may_go_out}
    delivery.state = DeliveryState.IN_REVIEW if DeliveryState.IN_REVIEW in answers else DeliveryState.SCHEDULED
    db.session.flush()


def _follow_change(delivery: Delivery, by: User, at: datetime) -> None:
    for follow in changed:
        follow(delivery.post, by, at)


def _delivery(post: BrandPost, account: ChannelAccount) -> Delivery:
    """The delivery, locked; made if this is the first time. The post is locked first, so two planners make one."""
    db.session.execute(select(BrandPost.id).where(BrandPost.id == post.id).with_for_update())
    db.session.refresh(post)
    if post.discarded_at is not None:
        raise Conflict(_("This post was discarded."))
    if post.is_pattern:
        raise Conflict(_("This is the pattern of a series: it never goes out itself."))
    delivery = delivery_of(post, account)
    if delivery is None:
        delivery = Delivery(post=post, account=account, state=DeliveryState.DRAFT, lateness_limit=600)
        db.session.add(delivery)
        db.session.flush()
    _lock(delivery)
    return delivery


def _begin_round(delivery: Delivery) -> None:
    """What was frozen for an earlier plan and never stood anywhere is forgotten; its tries keep their copies."""
    if delivery.tried_at is not None:
        delivery.tried_at, delivery.round = None, delivery.round + 1
    db.session.execute(delete(DeliveryPart).where(DeliveryPart.delivery_id == delivery.id))


def _lock(delivery: Delivery) -> None:
    db.session.execute(select(Delivery.id).where(Delivery.id == delivery.id).with_for_update())
    db.session.refresh(delivery)


def _tell(kind: str, delivery: Delivery, by: User, at: datetime, **more: Any) -> None:
    planned = {
        "due": delivery.due_at.astimezone(UTC).isoformat() if delivery.due_at else None,
        "wall_clock": delivery.wall_clock.replace("T", " ") if delivery.wall_clock else None,
        "zone": delivery.zone,
    }
    tell(kind, delivery, at, by=by, **planned, **more)


def _underway(delivery: Delivery) -> Underway:
    if delivery.state is DeliveryState.PUBLISHED:
        return Underway(_("This post is already out."))
    return Underway(_("This post is going out right now."), _("Look again in a moment."))


def _in_the_past(zone: str, at: datetime) -> InThePast:
    there = i18n.moment_words(at) if zone == i18n.zone() else f"{zones.to_local(at, zone):%Y-%m-%d %H:%M}"
    return InThePast(
        _("That moment has passed: in %(zone)s it is already %(now)s.", zone=zone, now=there),
        _("Choose a later time, or publish now."),
    )


def _too_far() -> NoMoment:
    return NoMoment(_("That is more than two years away."), _("Choose an earlier time."))
