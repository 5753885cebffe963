"""What fans write in interest circles: clean words stand at once, what a rule points at waits for a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from commons.db import db
from commons.events import Event
from community.circle.interests import posting
from community.circle.interests.models import CirclePost
from community.reviews.models import Kind, State, Submission
from community.reviews.submitting import Draft, submit


def before_it_stands(post: CirclePost, at: datetime) -> bool:
    """Whether a fan's words may stand now. What is kept back stands once a person lets it."""
    member = post.author.member
    if member is None:
        return True
    made = submit(member, Draft(Kind.FOREIGN, post.text, subject=post), key=f"circle.{post.public_id}", at=at)
    return made.state is State.PUBLISHED


def follow(submission: Submission, at: datetime) -> None:
    """The post follows what was decided about it."""
    if submission.subject_type != CirclePost.__tablename__:
        return
    post = db.session.get(CirclePost, submission.subject_id)
    if post is None or post.withdrawn_at is not None:
        return
    if submission.state is State.PUBLISHED:
        post.removed_at = None
        posting.let_stand(post, at)
    elif submission.state in {State.REFUSED, State.REMOVED}:
        post.removed_at = at
    else:
        post.stands_since = post.removed_at = None
    db.session.flush()


def address_of(submission: Submission) -> str:
    """Where the post stands in its circle, among what it answers; empty for what is none."""
    if submission.subject_type != CirclePost.__tablename__:
        return ""
    post = db.session.get(CirclePost, submission.subject_id)
    return f"/circle/interests/posts/{(post.parent or post).public_id}" if post is not None else ""


def read(facts: Sequence[Event]) -> None:
    """What its author took back needs no review any more."""
    ids = [fact.subject_id for fact in facts if fact.kind == "circle.withdrawn"]
    if not ids:
        return
    query = select(Submission).where(
        Submission.subject_type == CirclePost.__tablename__, Submission.subject_id.in_(ids)
    )
    for submission in db.session.scalars(query):
        submission.state, submission.wait, submission.due_at = State.WITHDRAWN, None, None
        submission.text, submission.fingerprint, submission.findings = "", "", []
    db.session.flush()
