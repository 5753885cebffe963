"""What was agreed to has changed, or took too long: the agreement is void, and is asked for again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from campaigns.approval import asking, telling
from campaigns.approval.binding import in_time
from campaigns.approval.models import OPEN, ApprovalItem, ApprovalRequest, RequestState
from campaigns.posts.models import BrandPost
from campaigns.publishing import scheduling
from campaigns.publishing.fingerprint import fingerprint
from campaigns.publishing.models import Delivery, DeliveryState
from commons.accounts.models import User
from commons.db import db

WAITING = frozenset({DeliveryState.IN_REVIEW, DeliveryState.SCHEDULED, DeliveryState.APPROVED, DeliveryState.HELD})
ENDED = frozenset({DeliveryState.DRAFT, DeliveryState.CANCELLED, DeliveryState.MISSED})
ENDS_AT_ONCE = 100


def follow(post: BrandPost, by: User | None, at: datetime) -> None:
    """What follows when the post, or the time of a delivery, has changed. The post is locked by the caller.

    A request that nobody has decided on speaks of the new state. One that somebody has is void, and another is opened.
    What is planned, and by now needs agreement, waits for it.
    """
    for request in asking.open_requests(post):
        if drop_what_ended(request, at):
            _compare(request, by, at)
    unasked = asking.unasked().where(Delivery.post_id == post.id).order_by(Delivery.id)
    for delivery in db.session.scalars(unasked).all():
        if asking.ensure(delivery, by, at) is not None:
            scheduling.review_again(delivery, at)


def expire_due(at: datetime) -> int:
    """Requests that nobody decided on for too long, and approvals that were not used: over. How many."""
    unused = exists().where(ApprovalItem.request_id == ApprovalRequest.id, waits(ApprovalItem.live_delivery_id))
    query = select(ApprovalRequest).where(ApprovalRequest.state.in_(OPEN), ApprovalRequest.ends_at <= at, unused)
    count = 0
    for request in db.session.scalars(query.order_by(ApprovalRequest.id).limit(ENDS_AT_ONCE)):
        asking.hold(request.post)
        db.session.refresh(request)
        if request.state in OPEN and request.ends_at <= at:
            _expire(request, at)
            count += 1
    return count


def drop_what_ended(request: ApprovalRequest, at: datetime) -> bool:
    """Let go of deliveries that will not go out any more; whether the request still speaks for one."""
    for item in request.live_items:
        if item.delivery.state in ENDED:
            item.live_delivery_id = None
    if not request.live_items:
        missed = any(item.delivery.state is DeliveryState.MISSED for item in request.items)
        close(request, RequestState.EXPIRED if missed else RequestState.WITHDRAWN, at)
    db.session.flush()
    return bool(request.live_items)


def close(request: ApprovalRequest, state: RequestState, at: datetime) -> Sequence[Delivery]:
    """The request is over and speaks for nothing any more; the deliveries that it spoke for. Flushed."""
    deliveries = [item.delivery for item in request.live_items]
    for item in request.live_items:
        item.live_delivery_id = None
    request.state, request.closed_at = state, at
    db.session.flush()
    return deliveries


def _compare(request: ApprovalRequest, by: User | None, at: datetime) -> None:
    items = [item for item in request.live_items if item.delivery.state in WAITING]
    for item in items:
        if request.is_pending and item.at_once:
            asking.wait_for_agreement(item.delivery, at)
    edited = any(item.fingerprint != fingerprint(item.delivery, at) for item in items)
    moved = any(not in_time(item) for item in items)
    if edited and by is not None:
        request.editor_id = by.id
    if request.is_pending and not request.standing:
        if edited or any(item.due_at != item.delivery.due_at for item in items):
            asking.refresh(request, at)
    elif edited or moved:
        _void(request, items, "content" if edited else "time", by, at)
    elif request.is_pending:
        for item in items:
            item.at_once = asking.wait_for_agreement(item.delivery, at) or item.at_once


def _void(request: ApprovalRequest, items: Sequence[ApprovalItem], why: str, by: User | None, at: datetime) -> None:
    """Nothing that was agreed to holds; the same is asked again, from the first step."""
    close(request, RequestState.VOIDED, at)
    telling.tell("approval.voided", request, by, at, why=why)
    telling.answer(request, "voided")
    for item in items:
        delivery, editor_id = item.delivery, request.editor_id
        at_once = asking.wait_for_agreement(delivery, at) or (item.at_once and delivery.due_at is None)
        scheduling.review_again(delivery, at)
        if request.fast:
            asking.ask(delivery, asking.FAST, by, at, at_once=at_once, editor_id=editor_id)
        elif asking.ensure(delivery, by, at, at_once=at_once, editor_id=editor_id) is None:
            scheduling.release(delivery, at)


def waits(delivery_id: ColumnElement[int] | InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
    """Whether the delivery has yet to go out."""
    return exists().where(Delivery.id == delivery_id, Delivery.state.in_(WAITING))


def _expire(request: ApprovalRequest, at: datetime) -> None:
    outcome = "undecided" if request.is_pending else "unused"
    for delivery in close(request, RequestState.EXPIRED, at):
        scheduling.review_again(delivery, at)
    telling.tell("approval.expired", request, None, at)
    telling.answer(request, outcome)
