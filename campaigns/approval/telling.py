"""Who hears of it: the fact of each act, and the jobs that write to people after the commit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from campaigns.approval.models import ApprovalRequest
from campaigns.posts.models import BrandPost, PostVersion
from commons import events, jobs
from commons.accounts.models import User
from commons.db import db, random_id

# Somebody who plans for five channels, or corrects a word, is one letter.
BREATH = timedelta(minutes=2)


def tell(kind: str, request: ApprovalRequest, by: User | None, at: datetime, **more: Any) -> None:
    """Write the fact down."""
    post = request.post
    events.track(
        kind,
        key=f"{kind}:{request.public_id}:{random_id()}",
        at=at,
        actor_id=by.id if by else None,
        subject=request,
        campaign_id=post.campaign_id,
        payload={"post": post.public_id, "text": post.text[:80], "request": request.public_id, **more},
    )


def call(request: ApprovalRequest, at: datetime) -> None:
    """Write to those who may decide the step that is next: soon, and at once in the real-time lane."""
    request.reminded_at = None
    due = at if request.fast else at + BREATH
    key = f"approval.call {request.public_id} {request.step} {len(request.decisions)}"
    jobs.send("approval.call", due=due, key=key, request_id=request.id, step=request.step)


def answer(request: ApprovalRequest, outcome: str, note: str = "", who: str = "") -> None:
    """Write to whoever asked what became of it: approved, rejected, changes_asked, undone, voided, undecided or unused."""
    jobs.send("approval.answer", request_id=request.id, outcome=outcome, note=note, who=who)


def last_editor_id(post: BrandPost) -> int | None:
    """Who changed the post last."""
    query = select(PostVersion.author_id).where(PostVersion.post_id == post.id).order_by(PostVersion.number.desc())
    return db.session.scalar(query.limit(1))
