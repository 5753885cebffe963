"""Publishing in the circle: the post, the try and the facts are one transaction, so it happens once or not at all."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from campaigns.publishing.content import frozen, outgoing_of
from campaigns.publishing.ending import end, stand
from campaigns.publishing.models import (
    INTERRUPTED,
    LATE,
    Attempt,
    AttemptOutcome,
    Delivery,
    DeliveryState,
)
from campaigns.publishing.rows import locked, next_number
from campaigns.publishing.slots import may_be_sent
from commons.db import db
from community.channels.outcomes import Rejected
from community.channels.protocol import inside_named

MOST_INTERRUPTIONS = 3


def deliver(delivery_id: int, at: datetime) -> None:
    """Send one claimed delivery, or mark it as missed if it has become too late. Safe to call twice: what is no longer
    publishing is left alone. The row stays locked, so whoever comes second finds it done. Flushed, not committed.
    """
    delivery = locked(delivery_id)
    if delivery is None or delivery.state is not DeliveryState.PUBLISHING:
        return
    if delivery.late_at is not None and at > delivery.late_at:
        end(delivery, DeliveryState.MISSED, LATE, at)
    elif all(ask(delivery, at) for ask in may_be_sent):
        _send(delivery, at)
    db.session.flush()


def interrupt(delivery_id: int, error: str, at: datetime) -> None:
    """Write down that a try broke off for an unexpected reason. After some of them the delivery has failed."""
    delivery = locked(delivery_id)
    if delivery is None or delivery.state is not DeliveryState.PUBLISHING:
        return
    _attempt(delivery, {}, at).end(AttemptOutcome.INTERRUPTED, error, at)
    db.session.flush()
    if _interruptions(delivery) >= MOST_INTERRUPTIONS:
        end(delivery, DeliveryState.FAILED, INTERRUPTED, at)


def _send(delivery: Delivery, at: datetime) -> None:
    outgoing = outgoing_of(delivery.post, delivery.account, at, key=delivery.public_id)
    attempt = _attempt(delivery, frozen(outgoing), at)
    try:
        live = inside_named(delivery.account.channel).publish(delivery.account, outgoing, at)
    except Rejected as refusal:
        attempt.end(AttemptOutcome.REJECTED, str(refusal), at)
        end(delivery, DeliveryState.FAILED, str(refusal), at)
    else:
        attempt.end(AttemptOutcome.PUBLISHED, live.public_id, at)
        stand(delivery, live, at)


def _attempt(delivery: Delivery, request: dict[str, object], at: datetime) -> Attempt:
    attempt = Attempt(
        delivery=delivery, number=next_number(delivery), round=delivery.round, request=request, started_at=at
    )
    db.session.add(attempt)
    return attempt


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
