"""What fans write in interest circles: clean words stand at once, what a rule points at waits for a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from commons.accounts.models import User
from commons.db import db
from commons.events import Event
from community.circle.interests import measures, posting, reporting
from community.circle.interests.models import CirclePost, Settled
from community.members import roster
from community.reviews import priorities
from community.reviews.models import Kind, State, Submission, Wait
from community.reviews.submitting import Draft, submit

WITHHELD = frozenset({State.WAITING, State.REFUSED, State.REMOVED})
"""How a submission stands whose words nobody but its author and who reviews may read."""


def before_it_stands(post: CirclePost, at: datetime) -> bool:
    """Whether a fan's words may stand now. What is kept back stands once a person lets it."""
    member = post.author.member
    if member is None:
        return True
    made = submit(member, Draft(Kind.FOREIGN, post.text, subject=post), key=f"circle.{post.public_id}", at=at)
    return made.state is State.PUBLISHED


def follow(submission: Submission, at: datetime) -> None:
    """The post follows what was decided about it. What a host removed by a rule of the circle stays removed until that is lifted."""
    post = _post_of(submission)
    if post is None or post.withdrawn_at is not None:
        return
    if submission.state is State.WITHDRAWN:
        posting.withdraw(post, post.author, at)
    elif submission.state is State.PUBLISHED:
        post.removed_at = None if measures.removal_of(post) is None else post.removed_at
        posting.let_stand(post, at)
    elif submission.state in {State.REFUSED, State.REMOVED}:
        post.removed_at = at
    else:
        post.stands_since = post.removed_at = None
    db.session.flush()


def address_of(submission: Submission) -> str:
    """Where the post stands in its circle, among what it answers; empty for what is none."""
    post = _post_of(submission)
    return f"/circle/interests/posts/{(post.parent or post).public_id}" if post is not None else ""


def explained(post: CirclePost) -> str | None:
    """Where its author reads why the post waits, or why it does not stand, and appeals; None for what stands."""
    found = _submission_of(post)
    return found.url if found is not None and found.state in WITHHELD else None


def is_criticism(post: CirclePost) -> bool:
    """Whether it may judge us, as it was seen when it was written."""
    found = _submission_of(post)
    return found is not None and found.critical


def hand_on(post: CirclePost, at: datetime) -> None:
    """Somebody would remove it by a rule of its circle: it comes before people, as if it had been reported here."""
    found = _submission_of(post)
    if found is None or found.state is not State.PUBLISHED or found.wait is Wait.SECOND:
        return
    found.wait, found.due_at = Wait.REPORT, priorities.sooner(found.due_at, priorities.due_at(Wait.REPORT, at))
    db.session.flush()


def read(facts: Sequence[Event]) -> None:
    """What its author took back needs no review any more; what was removed for good answers the reports in its circle."""
    ids = [fact.subject_id for fact in facts if fact.kind == "circle.withdrawn"]
    if ids:
        _forget(ids)
    for fact in facts:
        if fact.kind == "review.removed":
            _answer_reports(fact)


def _forget(post_ids: Sequence[int | None]) -> None:
    query = select(Submission).where(
        Submission.subject_type == CirclePost.__tablename__, Submission.subject_id.in_(post_ids)
    )
    for submission in db.session.scalars(query):
        submission.state, submission.wait, submission.due_at = State.WITHDRAWN, None, None
        submission.text, submission.fingerprint, submission.findings = "", "", []
    db.session.flush()


def _answer_reports(fact: Event) -> None:
    submission = db.session.get(Submission, fact.subject_id)
    post = _post_of(submission) if submission is not None else None
    by = db.session.get(User, fact.actor_id)
    if post is not None and by is not None:
        reporting.settle(post, Settled.REMOVED, roster.staff_handle(by, fact.occurred_at), fact.learnt_at)


def _submission_of(post: CirclePost) -> Submission | None:
    query = select(Submission).where(
        Submission.subject_type == CirclePost.__tablename__, Submission.subject_id == post.id
    )
    return db.session.scalars(query).one_or_none()


def _post_of(submission: Submission) -> CirclePost | None:
    if submission.subject_type != CirclePost.__tablename__:
        return None
    return db.session.get(CirclePost, submission.subject_id)
