"""Asking whether a post may go out: a request is opened when something is planned that needs agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, exists, select

from campaigns.approval import telling
from campaigns.approval.binding import live_item
from campaigns.approval.models import (
    LASTS_DAYS,
    OPEN,
    REMIND_HOURS,
    TOLERANCE_MINUTES,
    ApprovalItem,
    ApprovalRequest,
    ApprovalRoute,
    RequestState,
)
from campaigns.approval.routing import FAST_STEPS, route_for
from campaigns.posts.models import BrandPost
from campaigns.publishing import scheduling
from campaigns.publishing.fingerprint import bound, hash_of
from campaigns.publishing.models import Delivery, DeliveryState
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict
from community.channels.models import ChannelAccount

# So long after its time, what nobody has agreed to has been missed.
MISSED_BY_THEN = timedelta(days=1)

# What goes out without another word.
PLANNED = frozenset({DeliveryState.SCHEDULED, DeliveryState.APPROVED})


@dataclass(frozen=True)
class Terms:
    """What a request is asked under."""

    steps: Sequence[Mapping[str, Any]]
    tolerance_minutes: int = TOLERANCE_MINUTES
    lasts_days: int = LASTS_DAYS
    remind_hours: int = REMIND_HOURS
    fast: bool = False

    @classmethod
    def of(cls, route: ApprovalRoute) -> Terms:
        return cls(route.steps, route.tolerance_minutes, route.lasts_days, route.remind_hours)


FAST = Terms(FAST_STEPS, fast=True)


def may_go_out(delivery: Delivery, by: User, at: datetime) -> DeliveryState:
    """The state in which what was just planned waits. Opens a request where one is needed and there is none."""
    item = live_item(delivery) or ensure(delivery, by, at)
    if item is None or item.request.state is RequestState.APPROVED:
        return DeliveryState.SCHEDULED
    return DeliveryState.IN_REVIEW


def ensure(
    delivery: Delivery, by: User | None, at: datetime, *, at_once: bool = False, editor_id: int | None = None
) -> ApprovalItem | None:
    """Ask for a delivery that no request speaks for, if its route wants that."""
    route = route_for(delivery.post, delivery.account)
    if route is None or not route.steps:
        return None
    return ask(delivery, Terms.of(route), by, at, at_once=at_once, editor_id=editor_id)


def ask(
    delivery: Delivery,
    terms: Terms,
    by: User | None,
    at: datetime,
    *,
    at_once: bool = False,
    editor_id: int | None = None,
) -> ApprovalItem:
    """Put the delivery into the request that nobody has decided on yet, or into a new one.

    `at_once`: it goes out the moment that everybody has agreed. `editor_id` changed the words; else whoever did so last.
    """
    request = _joinable(delivery.post, terms) or _begin(delivery, terms, by, at)
    request.editor_id = editor_id or request.editor_id
    item = ApprovalItem(delivery_id=delivery.id, live_delivery_id=delivery.id, content={}, fingerprint="")
    item.delivery, item.at_once = delivery, at_once
    request.items.append(item)
    db.session.flush()
    refresh(request, at)
    return item


def ask_fast(post: BrandPost, accounts: Sequence[ChannelAccount], *, by: User, at: datetime) -> ApprovalRequest:
    """Have the post go out at once on all these accounts, as soon as any one approver agrees.

    Raises what `scheduling.submit` raises, and then nothing was asked.
    """
    deliveries = [scheduling.submit(post, account, by=by, at=at) for account in accounts]
    items = [ask(delivery, FAST, by, at, at_once=True) for delivery in deliveries if live_item(delivery) is None]
    if not items:
        raise Conflict(_("This was asked for already."))
    return items[0].request


def ask_again(post: BrandPost, *, by: User, at: datetime) -> list[ApprovalItem]:
    """Ask anew for what waits and nobody is asked about: changes were wanted, or it took too long. Raises `Conflict`."""
    hold(post)
    waiting = stranded(post)
    if not waiting:
        raise Conflict(_("Nothing of this post waits for somebody to ask."))
    items = []
    for delivery in waiting:
        last = last_item(delivery)
        if last is not None and last.request.fast:
            items.append(ask(delivery, FAST, by, at, at_once=delivery.due_at is None))
        elif item := ensure(delivery, by, at, at_once=delivery.due_at is None and last is not None and last.at_once):
            items.append(item)
        else:
            scheduling.release(delivery, at)
    return items


def refresh(request: ApprovalRequest, at: datetime) -> None:
    """Let a request that nobody has decided on speak of the post as it is now. Flushed."""
    for item in request.live_items:
        item.at_once = wait_for_agreement(item.delivery, at) or (item.at_once and item.delivery.due_at is None)
        item.content = bound(item.delivery, at)
        item.fingerprint, item.due_at = hash_of(item.content), item.delivery.due_at
    parts = [
        [item.delivery_id, item.fingerprint, item.due_at.isoformat() if item.due_at else item.at_once]
        for item in request.live_items
    ]
    request.seal = hash_of({"items": parts, "steps": request.steps})
    request.ends_at = end_of(request, request.asked_at)
    db.session.flush()


def end_of(request: ApprovalRequest, since: datetime) -> datetime:
    """Until when somebody may decide: for the days of the route, and as long as something of it has yet to come due."""
    dues = [item.due_at + MISSED_BY_THEN for item in request.live_items if item.due_at is not None]
    return max([since + timedelta(days=request.lasts_days), *dues])


def wait_for_agreement(delivery: Delivery, at: datetime) -> bool:
    """What was to go out now goes out the moment that everybody has agreed: until then it has no time. Whether it is so."""
    if delivery.state is not DeliveryState.SCHEDULED or delivery.due_at is None or delivery.due_at > at:
        return False
    delivery.wall_clock = delivery.zone = delivery.due_at = delivery.late_at = None
    return True


def open_requests(post: BrandPost) -> Sequence[ApprovalRequest]:
    """The post's requests that still speak for a delivery, as the database has them now."""
    query = select(ApprovalRequest).where(ApprovalRequest.post_id == post.id, ApprovalRequest.state.in_(OPEN))
    query = query.order_by(ApprovalRequest.id).execution_options(populate_existing=True)
    return [request for request in db.session.scalars(query) if request.live_items]


def stranded(post: BrandPost) -> Sequence[Delivery]:
    """The post's deliveries that wait for agreement while nobody is asked."""
    asked = exists().where(ApprovalItem.live_delivery_id == Delivery.id)
    query = select(Delivery).where(Delivery.post_id == post.id, Delivery.state == DeliveryState.IN_REVIEW, ~asked)
    return db.session.scalars(query.order_by(Delivery.id)).all()


def unasked() -> Select[Delivery]:
    """What is planned, and nobody was asked about."""
    asked = exists().where(ApprovalItem.live_delivery_id == Delivery.id)
    return select(Delivery).where(Delivery.state.in_(PLANNED), ~asked)


def last_item(delivery: Delivery) -> ApprovalItem | None:
    """What was asked about a delivery last, whatever became of it."""
    query = select(ApprovalItem).where(ApprovalItem.delivery_id == delivery.id)
    return db.session.scalar(query.order_by(ApprovalItem.id.desc()).limit(1))


def hold(post: BrandPost) -> None:
    """Hold the post until the transaction ends: whoever changes, plans or decides takes this first."""
    db.session.execute(select(BrandPost.id).where(BrandPost.id == post.id).with_for_update())


def _joinable(post: BrandPost, terms: Terms) -> ApprovalRequest | None:
    def fits(request: ApprovalRequest) -> bool:
        same = (list(request.steps), request.fast) == (list(terms.steps), terms.fast)
        return same and request.is_pending and not request.standing

    return next(filter(fits, open_requests(post)), None)


def _begin(delivery: Delivery, terms: Terms, by: User | None, at: datetime) -> ApprovalRequest:
    request = ApprovalRequest(
        post=delivery.post,
        steps=[dict(step) for step in terms.steps],
        fast=terms.fast,
        tolerance_minutes=terms.tolerance_minutes,
        lasts_days=terms.lasts_days,
        remind_hours=terms.remind_hours,
        asked_by_id=by.id if by else delivery.scheduled_by_id,
        editor_id=telling.last_editor_id(delivery.post),
        asked_at=at,
        ends_at=at + timedelta(days=terms.lasts_days),
    )
    db.session.add(request)
    db.session.flush()
    telling.tell("approval.asked", request, by, at)
    telling.call(request, at)
    return request
