"""Sending what is due: claimed by the tick, sent by a worker, once and on time or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from campaigns.publishing.models import INTERRUPTED, LATE, Attempt, AttemptOutcome, Delivery, DeliveryState
from commons import events
from commons.db import db, random_id
from community.channels.models import ChannelPost
from community.channels.protocol import Outgoing, Rejected, channel_named

LEASE = timedelta(minutes=15)
MOST_INTERRUPTIONS = 3
MISSED_AT_ONCE = 200


def claim(at: datetime, limit: int) -> Sequence[int]:
    """Take up to `limit` deliveries that are due, in one conditional update with one lease; ids in order of time.

    What is late by more than its limit is marked as missed instead. Flushed, not committed.
    """
    _miss_the_late(at)
    due = select(Delivery.id).where(_is_due(at), Delivery.late_at >= at).order_by(Delivery.due_at).limit(limit)
    change = (
        update(Delivery)
        .where(Delivery.id.in_(due.with_for_update(skip_locked=True).scalar_subquery()))
        .values(state=DeliveryState.PUBLISHING, lease=random_id(16), lease_until=at + LEASE)
        .returning(Delivery.due_at, Delivery.id)
        .execution_options(synchronize_session=False)
    )
    rows = sorted(db.session.execute(change), key=lambda row: (row.due_at, row.id))
    return [row.id for row in rows]


def deliver(delivery_id: int, at: datetime) -> None:
    """Send one claimed delivery, or mark it as missed if it has become too late. Safe to call twice: what is no longer
    publishing is left alone. The row stays locked, so whoever comes second finds it done. Flushed, not committed.
    """
    delivery = _locked(delivery_id)
    if delivery is None or delivery.state is not DeliveryState.PUBLISHING:
        return
    if delivery.late_at is not None and at > delivery.late_at:
        _end(delivery, DeliveryState.MISSED, LATE, at)
    else:
        _send(delivery, at)
    db.session.flush()


def interrupt(delivery_id: int, error: str, at: datetime) -> None:
    """Write down that a try broke off for an unexpected reason. After some of them the delivery has failed."""
    delivery = _locked(delivery_id)
    if delivery is None or delivery.state is not DeliveryState.PUBLISHING:
        return
    _attempt(delivery, {}, at).end(AttemptOutcome.INTERRUPTED, error, at)
    db.session.flush()
    if _interruptions(delivery) >= MOST_INTERRUPTIONS:
        _end(delivery, DeliveryState.FAILED, INTERRUPTED, at)


def _is_due(at: datetime) -> ColumnElement[bool]:
    """Planned and come due, or claimed by somebody who was never heard of again."""
    return or_(
        and_(Delivery.state == DeliveryState.SCHEDULED, Delivery.due_at <= at),
        and_(Delivery.state == DeliveryState.PUBLISHING, Delivery.lease_until <= at),
    )


def _miss_the_late(at: datetime) -> None:
    late = select(Delivery).where(_is_due(at), Delivery.late_at < at).order_by(Delivery.due_at).limit(MISSED_AT_ONCE)
    locked = late.with_for_update(skip_locked=True, of=Delivery).execution_options(populate_existing=True)
    for delivery in db.session.scalars(locked).all():
        _end(delivery, DeliveryState.MISSED, LATE, at)


def _locked(delivery_id: int) -> Delivery | None:
    query = select(Delivery).where(Delivery.id == delivery_id).with_for_update(of=Delivery)
    return db.session.scalar(query.execution_options(populate_existing=True))


def _send(delivery: Delivery, at: datetime) -> None:
    outgoing = _outgoing(delivery)
    attempt = _attempt(delivery, asdict(outgoing), at)
    try:
        live = channel_named(delivery.account.channel).publish(delivery.account, outgoing, at)
    except Rejected as refusal:
        attempt.end(AttemptOutcome.REJECTED, str(refusal), at)
        _end(delivery, DeliveryState.FAILED, str(refusal), at)
    else:
        attempt.end(AttemptOutcome.PUBLISHED, live.public_id, at)
        _stand(delivery, live, at)


def _outgoing(delivery: Delivery) -> Outgoing:
    post = delivery.post
    return Outgoing(
        text=post.text,
        pictures=tuple((entry.picture_id, entry.alt) for entry in post.pictures),
        link_slug=post.link.slug if post.link else None,
        campaign_id=post.campaign_id,
        author_name=post.author.name,
        ad=post.is_ad,
        key=delivery.public_id,
    )


def _attempt(delivery: Delivery, request: dict[str, object], at: datetime) -> Attempt:
    last = db.session.scalar(select(func.max(Attempt.number)).where(Attempt.delivery_id == delivery.id)) or 0
    attempt = Attempt(delivery=delivery, number=last + 1, request=request, started_at=at)
    db.session.add(attempt)
    return attempt


def _stand(delivery: Delivery, live: ChannelPost, at: datetime) -> None:
    delivery.state, delivery.reason = DeliveryState.PUBLISHED, ""
    delivery.published_at, delivery.channel_post = at, live
    delivery.lease = delivery.lease_until = None
    db.session.flush()
    events.track(
        "post.published",
        key=f"post.published:{delivery.public_id}",
        at=at,
        subject=live,
        campaign_id=delivery.post.campaign_id,
        payload={**_about(delivery), "lateness": delivery.lateness},
    )


def _end(delivery: Delivery, state: DeliveryState, reason: str, at: datetime) -> None:
    delivery.state, delivery.reason = state, reason[:300]
    delivery.lease = delivery.lease_until = None
    db.session.flush()
    events.track(
        f"post.{state.value}",
        key=f"post.{state.value}:{delivery.public_id}:{random_id()}",
        at=at,
        subject=delivery,
        campaign_id=delivery.post.campaign_id,
        payload={**_about(delivery), "reason": delivery.reason},
    )


def _about(delivery: Delivery) -> dict[str, object]:
    return {"post": delivery.post.public_id, "delivery": delivery.public_id, "text": delivery.post.text[:80]}


def _interruptions(delivery: Delivery) -> int:
    """Tries that broke off since the moment it is meant for."""
    return (
        db.session.scalar(
            select(func.count()).where(
                Attempt.delivery_id == delivery.id,
                Attempt.outcome == AttemptOutcome.INTERRUPTED,
                Attempt.started_at >= delivery.due_at,
            )
        )
        or 0
    )
