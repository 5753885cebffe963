"""What the room knows about a person, for the export of one's data, and what goes when the person is erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from commons.accounts.models import User
from commons.db import db
from community.members.roster import member_of
from community.reviews import submitting
from community.reviews.models import ReviewAppeal, Submission, SubmissionReport


def export(user: User) -> dict[str, Any]:
    """What was handed in, what was decided about it, appeals and reports."""
    member = member_of(user)
    if member is None:
        return {}
    mine = select(Submission).where(Submission.member_id == member.id).order_by(Submission.id)
    reports = select(SubmissionReport).where(SubmissionReport.member_id == member.id).order_by(SubmissionReport.id)
    return {
        "submissions": [_submission(one) for one in db.session.scalars(mine)],
        "reports": [{"at": one.at.isoformat(), "clause": one.clause.number, "text": one.text} for one in db.session.scalars(reports)],
    }  # fmt: skip


def erase(user: User, at: datetime) -> None:
    """Words, pictures, appeals and reports go; the counts stay."""
    member = member_of(user)
    if member is None:
        return
    for one in db.session.scalars(select(Submission).where(Submission.member_id == member.id)):
        submitting.withdraw(one, member, at)
        for appeal in db.session.scalars(select(ReviewAppeal).where(ReviewAppeal.submission_id == one.id)):
            appeal.text = ""
    for report in db.session.scalars(select(SubmissionReport).where(SubmissionReport.member_id == member.id)):
        report.text = ""
    db.session.flush()


def _submission(one: Submission) -> dict[str, Any]:
    return {
        "at": one.submitted_at.isoformat(),
        "kind": one.kind.value,
        "text": one.text,
        "stars": one.stars,
        "aspects": one.aspects,
        "pictures": [shown.url for shown in one.pictures],
        "state": one.state.value,
        "decisions": [
            {
                "at": decision.at.isoformat(),
                "verdict": decision.verdict.value,
                "clause": decision.clause.number if decision.clause else None,
                "reason": decision.reason,
            }
            for decision in one.decisions
            if decision.told_at is not None
        ],
        "appeals": [_appeal(appeal) for appeal in _appeals(one)],
    }


def _appeals(one: Submission) -> Sequence[ReviewAppeal]:
    query = select(ReviewAppeal).where(ReviewAppeal.submission_id == one.id)
    return db.session.scalars(query.options(joinedload(ReviewAppeal.answer)).order_by(ReviewAppeal.id)).all()


def _appeal(appeal: ReviewAppeal) -> dict[str, Any]:
    """The answer only where its author has been told."""
    told = appeal.answer if appeal.answer is not None and appeal.answer.told_at is not None else None
    answer = {"verdict": told.verdict.value, "reason": told.reason} if told else None
    return {"at": appeal.at.isoformat(), "text": appeal.text, "answer": answer}
