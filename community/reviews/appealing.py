"""Saying that something was refused or removed wrongly, and that something published breaks a clause."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from commons.db import db, insert_new
from commons.errors import Conflict, Invalid, NotAllowed
from community.circle.wording import is_blank, length, tidy
from community.members.models import Member
from community.reviews import deciding, priorities, standard
from community.reviews.models import Decision, ReviewAppeal, State, Submission, SubmissionReport, Wait

MOST_CHARACTERS = 1000
REPORT_CHARACTERS = 300


def appeal(submission: Submission, text: str, *, by: Member, at: datetime) -> ReviewAppeal:
    """Ask for somebody else to look again: once for each refusal or removal. Twice is once."""
    if submission.member_id != by.id:
        raise NotAllowed(_("Only who wrote this can appeal."))
    decision = decided_against(submission)
    if decision is None:
        raise Conflict(_("There is nothing to appeal against."))
    known = appeal_of(decision)
    if known is not None:
        return known
    row = {"decision_id": decision.id, "submission_id": submission.id, "text": _words(text, MOST_CHARACTERS), "at": at}
    if insert_new(ReviewAppeal, row) is not None:
        submission.wait, submission.due_at = Wait.APPEAL, priorities.due_at(Wait.APPEAL, at)
        db.session.flush()
    made = appeal_of(decision)
    assert made is not None
    return made


def decided_against(submission: Submission) -> Decision | None:
    """The refusal or removal that stands, once its author was told of it."""
    if submission.state not in {State.REFUSED, State.REMOVED}:
        return None
    query = select(Decision).where(
        Decision.submission_id == submission.id,
        Decision.verdict.in_(deciding.AGAINST),
        Decision.undone_at.is_(None),
        Decision.told_at.is_not(None),
    )
    return db.session.scalars(query.order_by(Decision.id.desc()).limit(1)).first()


def appeal_of(decision: Decision) -> ReviewAppeal | None:
    return db.session.scalars(select(ReviewAppeal).where(ReviewAppeal.decision_id == decision.id)).one_or_none()


def last_appeal(submission: Submission) -> ReviewAppeal | None:
    """The latest appeal, answered or not."""
    query = select(ReviewAppeal).where(ReviewAppeal.submission_id == submission.id)
    return db.session.scalars(query.order_by(ReviewAppeal.id.desc()).limit(1)).first()


def open_appeal(submission: Submission) -> ReviewAppeal | None:
    """The appeal that waits for an answer."""
    query = select(ReviewAppeal).where(ReviewAppeal.submission_id == submission.id, ReviewAppeal.answer_id.is_(None))
    return db.session.scalars(query.order_by(ReviewAppeal.id.desc()).limit(1)).first()


def report(submission: Submission, clause: str, text: str, *, by: Member, at: datetime) -> None:
    """Say which clause something published breaks; it comes before a person and stays where it is until then. Twice is once."""
    if submission.state is not State.PUBLISHED:
        raise Conflict(_("This is no longer published."))
    if submission.member_id == by.id:
        raise NotAllowed(_("This is your own. You can withdraw it."))
    words = tidy(text)
    if length(words) > REPORT_CHARACTERS:
        raise Invalid(_("At most %(count)s characters.", count=REPORT_CHARACTERS))
    cited = standard.ground_named(clause)
    row = {"submission_id": submission.id, "member_id": by.id, "clause_id": cited.id, "text": words, "at": at}
    if insert_new(SubmissionReport, row) is None:
        return
    due = priorities.due_at(Wait.REPORT, at)
    if submission.wait is not Wait.SECOND:
        submission.wait = Wait.REPORT
    submission.due_at = priorities.sooner(submission.due_at, due)
    db.session.flush()


def _words(text: str, most: int) -> str:
    words = tidy(text)
    if is_blank(words):
        raise Invalid(_("Say why this should stand."))
    if length(words) > most:
        raise Invalid(_("At most %(count)s characters.", count=most))
    return words
