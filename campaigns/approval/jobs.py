"""What happens by itself: letters, reminders, and the end of what took too long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update

from campaigns.approval import asking, letters, voiding
from campaigns.approval.models import ApprovalItem, ApprovalRequest, RequestState
from campaigns.approval.people import may_decide
from campaigns.approval.routing import approvers
from campaigns.approval.telling import BREATH
from campaigns.posts.models import BrandPost
from campaigns.publishing.models import Delivery
from commons import clock, jobs
from commons.accounts.models import User
from commons.db import changed, db

# Reminders begin when the first of it is due within this time.
NEAR = timedelta(hours=24)
REMINDED_AT_ONCE = 100
# In the real-time lane minutes count: at first it reminds as often as this, later as any other request.
FAST_PAUSE, FAST_FOR = timedelta(minutes=5), timedelta(minutes=20)


@jobs.job("approval.call")
def call(request_id: int, step: int) -> None:
    """Write to those who may decide the step, unless that is over or they were. What was asked in one breath is one letter."""
    request = db.session.get(ApprovalRequest, request_id)
    if request is None or not request.is_pending or request.step != step:
        return
    at = clock.now()
    not_yet = ApprovalRequest.reminded_at.is_(None)
    _write([one for one in _of_one_breath(request) if _claim(one, not_yet, at)], at)


@jobs.job("approval.answer")
def answer(request_id: int, outcome: str, note: str, who: str) -> None:
    """Write to whoever asked, and to the author."""
    request = db.session.get(ApprovalRequest, request_id)
    if request is None:
        return
    people = {request.asked_by_id, request.post.author_id} - {None}
    for user in db.session.scalars(select(User).where(User.id.in_(people)).order_by(User.id)):
        letters.answered(request, user, outcome, note, who, clock.now())


@jobs.job("approval.follow")
def follow(post_id: int) -> None:
    """Ask anew about a post whose sending was stopped because it is not what was agreed to."""
    post = db.session.get(BrandPost, post_id)
    if post is not None:
        asking.hold(post)
        voiding.follow(post, None, clock.now())


@jobs.job("approval.tidy")
def tidy() -> None:
    """End what took too long or leads nowhere any more, and remind of what is near."""
    at = clock.now()
    voiding.expire_due(at)
    for request in pending_without_purpose():
        asking.hold(request.post)
        voiding.drop_what_ended(request, at)
    remind(at)


def remind(at: datetime) -> int:
    """Write again to those who may decide what is due soon, or goes out as soon as they do: not more often than the route
    says. How many requests.
    """
    near = and_(ApprovalItem.due_at <= at + NEAR, ApprovalItem.due_at > at)
    urgent = select(ApprovalItem.request_id).where(
        ApprovalItem.live_delivery_id.is_not(None), or_(near, ApprovalItem.at_once)
    )
    query = select(ApprovalRequest).where(
        ApprovalRequest.state == RequestState.PENDING,
        or_(ApprovalRequest.id.in_(urgent), ApprovalRequest.fast),
        ApprovalRequest.reminded_at.is_not(None),
    )
    longest_ago = db.session.scalars(query.order_by(ApprovalRequest.reminded_at).limit(REMINDED_AT_ONCE)).all()
    due = [one for one in longest_ago if _claim(one, ApprovalRequest.reminded_at <= at - _pause(one, at), at)]
    _write(due, at, again=True)
    return len(due)


def pending_without_purpose() -> list[ApprovalRequest]:
    """Pending requests with a delivery that will not go out any more."""
    ended = (
        select(ApprovalItem.request_id)
        .join(Delivery, Delivery.id == ApprovalItem.live_delivery_id)
        .where(Delivery.state.in_(voiding.ENDED))
    )
    query = select(ApprovalRequest).where(ApprovalRequest.state == RequestState.PENDING, ApprovalRequest.id.in_(ended))
    return list(db.session.scalars(query.order_by(ApprovalRequest.id).limit(REMINDED_AT_ONCE)))


def _of_one_breath(request: ApprovalRequest) -> Sequence[ApprovalRequest]:
    """The request, and what the same person asked with it: a series, say, or a whole table of posts."""
    query = select(ApprovalRequest).where(
        ApprovalRequest.state == RequestState.PENDING,
        ApprovalRequest.asked_by_id == request.asked_by_id,
        ApprovalRequest.asked_at.between(request.asked_at - BREATH, request.asked_at + BREATH),
        ApprovalRequest.step == request.step,
        ApprovalRequest.fast == request.fast,
    )
    return db.session.scalars(query.order_by(ApprovalRequest.id)).all()


def _pause(request: ApprovalRequest, at: datetime) -> timedelta:
    """How long nobody is reminded."""
    if request.fast and at - request.asked_at <= FAST_FOR:
        return FAST_PAUSE
    return timedelta(hours=request.remind_hours)


def _claim(request: ApprovalRequest, still: ColumnElement[bool], at: datetime) -> bool:
    """Whether it is ours to write about it: of two at once, one does."""
    return changed(update(ApprovalRequest).where(ApprovalRequest.id == request.id, still).values(reminded_at=at)) > 0


def _write(requests: Sequence[ApprovalRequest], at: datetime, *, again: bool = False) -> None:
    """One letter to each who may decide any of them."""
    for user in approvers():
        mine = [request for request in requests if may_decide(request, user)]
        if mine:
            letters.asked(mine, user, at, again=again)


jobs.every("approval.tidy", seconds=60)
