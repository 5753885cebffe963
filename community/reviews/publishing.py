"""The fact that something was published: what points, timelines and segments read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from commons import events
from commons.db import db
from commons.events import Event, Evidence
from community.loyalty.rules.undoing import is_undone
from community.reviews.models import Kind, Submission

KIND = "review.published"


def note(submission: Submission, at: datetime, evidence: Evidence, *, again: str = "") -> None:
    """Write the fact. It never says how well the author judged: no rule could pay for that.

    Another room's thing has a fact of its own there; only when it comes back (`again`) that one is written anew here.
    """
    if submission.kind is Kind.FOREIGN:
        if again:
            _note_foreign(submission, at, again)
        return
    payload = {
        "kind": submission.kind.value,
        "pictures": len(submission.pictures),
        "with_order": submission.order_about is not None,
    }
    events.track(
        KIND,
        key=f"{KIND}:{submission.public_id}{again}",
        at=at,
        member_id=submission.member_id,
        subject=submission,
        evidence=evidence,
        payload=payload,
    )


def fact_of(submission: Submission) -> Event | None:
    """The fact that stands for its publication, the latest."""
    query = select(Event).where(Event.member_id == submission.member_id)
    if submission.kind is Kind.FOREIGN:
        query = query.where(
            Event.kind.in_(["circle.posted", "circle.answered"]),
            Event.subject_type == submission.subject_type,
            Event.subject_id == submission.subject_id,
        )
    else:
        query = query.where(
            Event.kind == KIND,
            Event.subject_type == Submission.__tablename__,
            Event.subject_id == submission.id,
        )
    return db.session.scalars(query.order_by(Event.id.desc()).limit(1)).first()


def _note_foreign(submission: Submission, at: datetime, again: str) -> None:
    """Only where the fact was undone: words that were refused and stand for the first time now have a fresh one."""
    fact = fact_of(submission)
    if fact is None or not is_undone(fact):
        return
    copy = events.track(
        fact.kind,
        key=f"{fact.key}{again}",
        at=at,
        member_id=fact.member_id,
        evidence=fact.evidence,
        payload=fact.payload,
    )
    if copy is not None:
        copy.subject_type, copy.subject_id = fact.subject_type, fact.subject_id
