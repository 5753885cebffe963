"""What happens by itself: letters, reminders, and the end of what took too long."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from campaigns.approval import asking, letters, voiding
from campaigns.approval.models import ApprovalItem, ApprovalRequest, RequestState
from campaigns.approval.people import called
from campaigns.posts.models import BrandPost
from campaigns.publishing.models import Delivery
from commons import clock, jobs
from commons.accounts.models import User
from commons.db import changed, db

# Reminders begin when the first of it is due within this time.
NEAR = timedelta(hours=24)
REMINDED_AT_ONCE = 100


@jobs.job("approval.call")
def call(request_id: int, step: int) -> None:
    """Write to those who may decide the step, unless that is over."""
    request = db.session.get(ApprovalRequest, request_id)
    if request is None or not request.is_pending or request.step != step:
        return
    at = clock.now()
    for user in called(request):
        letters.asked(request, user, at)
    request.reminded_at = at


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
    """Write again to those who may decide what is due soon: not more often than the route says. How many requests."""
    near = select(ApprovalItem.request_id).where(
        ApprovalItem.live_delivery_id.is_not(None), ApprovalItem.due_at <= at + NEAR, ApprovalItem.due_at > at
    )
    query = select(ApprovalRequest).where(
        ApprovalRequest.state == RequestState.PENDING,
        or_(ApprovalRequest.id.in_(near), ApprovalRequest.fast),
        ApprovalRequest.reminded_at.is_not(None),
    )
    count = 0
    for request in db.session.scalars(query.order_by(ApprovalRequest.id).limit(REMINDED_AT_ONCE)):
        before = at - timedelta(hours=request.remind_hours)
        due = (ApprovalRequest.id == request.id, ApprovalRequest.reminded_at <= before)
        if changed(update(ApprovalRequest).where(*due).values(reminded_at=at)):
            count += 1
            for user in called(request):
                letters.asked(request, user, at, again=True)
    return count


def pending_without_purpose() -> list[ApprovalRequest]:
    """Pending requests with a delivery that will not go out any more."""
    ended = (
        select(ApprovalItem.request_id)
        .join(Delivery, Delivery.id == ApprovalItem.live_delivery_id)
        .where(Delivery.state.in_(voiding.ENDED))
    )
    query = select(ApprovalRequest).where(ApprovalRequest.state == RequestState.PENDING, ApprovalRequest.id.in_(ended))
    return list(db.session.scalars(query.order_by(ApprovalRequest.id).limit(REMINDED_AT_ONCE)))


jobs.every("approval.tidy", seconds=60)
