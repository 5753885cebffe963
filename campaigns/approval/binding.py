"""Whether what was agreed to is still what will be sent, when it will be sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select

from campaigns.approval.models import ApprovalItem, RequestState
from campaigns.publishing.fingerprint import fingerprint
from campaigns.publishing.models import Delivery, DeliveryState
from campaigns.publishing.telling import tell
from commons import bulk, jobs
from commons.db import db


def holds(delivery: Delivery, at: datetime) -> bool:
    """Whether nobody has to agree to this delivery, or everybody has: to exactly this, for about this time, not too long ago.

    Asked before the first try. Whoever hears no calls `send_back`.
    """
    item = live_item(delivery)
    if item is None:
        return True
    request = item.request
    return request.state is RequestState.APPROVED and at < request.ends_at and matches(item, at)


def send_back(delivery: Delivery, at: datetime) -> None:
    """It was about to be sent, and is not what was agreed to: it waits for agreement instead. Flushed.

    Whoever has to agree is asked again by a job after the commit.
    """
    delivery.state, delivery.lease, delivery.lease_until = DeliveryState.IN_REVIEW, None, None
    tell("approval.sent_back", delivery, at)
    jobs.send("approval.follow", post_id=delivery.post_id)


def may_be_sent(delivery: Delivery, at: datetime) -> bool:
    """For the slot of that name: what does not hold any more is sent back at the last moment."""
    if holds(delivery, at):
        return True
    send_back(delivery, at)
    return False


def bound_among(delivery_ids: Collection[int]) -> set[int]:
    """Those of the deliveries that an approval speaks for; for all others `holds` is true."""
    query = select(ApprovalItem.live_delivery_id).where(bulk.among(ApprovalItem.live_delivery_id, delivery_ids))
    return {one for one in db.session.scalars(query) if one is not None}


def live_item(delivery: Delivery) -> ApprovalItem | None:
    """The request's item that speaks for this delivery now, pending or approved."""
    return db.session.scalar(select(ApprovalItem).where(ApprovalItem.live_delivery_id == delivery.id))


def matches(item: ApprovalItem, at: datetime) -> bool:
    """Whether the delivery still is what the item says, and for about the time that it says."""
    return in_time(item) and item.fingerprint == fingerprint(item.delivery, at)


def in_time(item: ApprovalItem) -> bool:
    """Whether it goes out within the tolerance of the time that was agreed to. Several small moves count as one."""
    due, tolerance = item.delivery.due_at, timedelta(minutes=item.request.tolerance_minutes)
    if item.at_once:
        agreed = item.request.closed_at
        return due is None or (agreed is not None and due <= agreed + tolerance)
    if item.due_at is None:
        return True
    return due is not None and abs(due - item.due_at) <= tolerance
