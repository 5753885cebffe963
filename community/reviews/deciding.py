"""What people decide about submissions: with a clause where something shall not stand, by two where it is critical of us."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, NotAllowed
from community.reviews import priorities, slots, standard
from community.reviews.models import Decision, ReviewAppeal, State, Submission, Verdict, Wait

UNDO = timedelta(seconds=60)
REASON = 500

AGAINST = frozenset({Verdict.REFUSE, Verdict.REMOVE})
OPTIONS = {
    State.WAITING: (Verdict.PUBLISH, Verdict.REFUSE),
    State.PUBLISHED: (Verdict.KEEP, Verdict.REMOVE),
    State.REFUSED: (Verdict.UPHOLD, Verdict.DECLINE),
    State.REMOVED: (Verdict.UPHOLD, Verdict.DECLINE),
    State.WITHDRAWN: (),
}
"""What can be decided about something that stands like this: first what speaks for it, then what speaks against it."""

BECOMES = {
    Verdict.PUBLISH: State.PUBLISHED,
    Verdict.REFUSE: State.REFUSED,
    Verdict.REMOVE: State.REMOVED,
    Verdict.UPHOLD: State.PUBLISHED,
}


class Decided(Conflict):
    """Somebody has decided meanwhile."""


def decide(
    submission: Submission, verdict: Verdict, *, by: User, at: datetime, clause: str = "", reason: str = ""
) -> Decision:
    """Decide what stands in the queue, or remove something published.

    Against something critical this is only a proposal (`Verdict.PROPOSE`), on which somebody else decides. `Invalid` without a
    clause that may be cited, `Decided` where it was decided meanwhile, `NotAllowed` where it has to be somebody else.
    """
    _lock(submission)
    if verdict not in OPTIONS[submission.state] or (verdict not in AGAINST and not submission.waits):
        raise Decided(_("This has been decided meanwhile."), _("Go on with the next one."))
    objection = why_not(submission, by)
    if objection:
        raise NotAllowed(objection)
    cited = standard.ground_named(clause) if verdict in AGAINST else None
    if verdict in AGAINST and submission.critical and submission.wait is not Wait.SECOND:
        verdict = Verdict.PROPOSE
    decision = Decision(
        submission=submission, verdict=verdict, clause=cited, reason=reason.strip()[:REASON], by=by, at=at,
        before=_standing(submission),
    )  # fmt: skip
    db.session.add(decision)
    _apply(submission, verdict, at)
    db.session.flush()
    _answer_appeal(submission, decision)
    _follow(submission, at)
    return decision


def decide_alike(
    submission: Submission, verdict: Verdict, *, by: User, at: datetime, clause: str = "", reason: str = ""
) -> list[Decision]:
    """Decide this one and everything that waits with the same words, whoever wrote it."""
    alike = [submission, *waiting_alike(submission)]
    return [
        decide(one, verdict, by=by, at=at, clause=clause, reason=reason)
        for one in alike
        if verdict in OPTIONS[one.state] and not why_not(one, by)
    ]


def undo(decision: Decision, *, by: User, at: datetime) -> None:
    """Take a decision back while nobody has been told. Twice is once."""
    submission = decision.submission
    _lock(submission)
    db.session.refresh(decision)
    if decision.undone_at is not None:
        return
    if decision.by_id != by.id:
        raise NotAllowed(_("Only who decided can undo it."))
    if decision.told_at is not None or at >= decision.at + UNDO:
        raise Decided(_("It is too late to undo this: the author is told."), _("Decide it anew instead."))
    if latest(submission) is not decision:
        raise Decided(_("Somebody has decided further meanwhile."))
    decision.undone_at = at
    _restore(submission, decision.before)
    appeal = db.session.scalars(select(ReviewAppeal).where(ReviewAppeal.answer_id == decision.id)).one_or_none()
    if appeal is not None:
        appeal.answer_id = None
    db.session.flush()
    _follow(submission, at)


def why_not(submission: Submission, by: User) -> str:
    """Why this person may not decide it now; empty if he may."""
    if submission.wait not in {Wait.SECOND, Wait.APPEAL} or by.id not in _against(submission):
        return ""
    if submission.wait is Wait.SECOND:
        return str(_("You have proposed this; somebody else looks at it now."))
    return str(_("You have decided against this; somebody else looks at the appeal."))


def latest(submission: Submission) -> Decision | None:
    """The last decision that was not undone."""
    query = select(Decision).where(Decision.submission_id == submission.id, Decision.undone_at.is_(None))
    return db.session.scalars(query.order_by(Decision.id.desc()).limit(1)).first()


def waiting_alike(submission: Submission) -> list[Submission]:
    """What else waits with the same words, the oldest first."""
    if not submission.fingerprint:
        return []
    query = select(Submission).where(
        Submission.fingerprint == submission.fingerprint,
        Submission.id != submission.id,
        Submission.state == State.WAITING,
        Submission.due_at.is_not(None),
    )
    return list(db.session.scalars(query.order_by(Submission.id).limit(200)))


def _apply(submission: Submission, verdict: Verdict, at: datetime) -> None:
    if verdict is Verdict.PROPOSE:
        submission.wait = Wait.SECOND
        submission.due_at = priorities.due_at(Wait.SECOND, at)
        return
    submission.wait, submission.due_at = None, None
    submission.state = BECOMES.get(verdict, submission.state)
    if verdict in {Verdict.PUBLISH, Verdict.UPHOLD}:
        submission.published_at = submission.published_at or at


def _answer_appeal(submission: Submission, decision: Decision) -> None:
    if decision.verdict in {Verdict.UPHOLD, Verdict.DECLINE}:
        query = select(ReviewAppeal).where(
            ReviewAppeal.submission_id == submission.id, ReviewAppeal.answer_id.is_(None)
        )
        for appeal in db.session.scalars(query):
            appeal.answer_id = decision.id
        db.session.flush()


def _against(submission: Submission) -> set[int]:
    """Who decided against it and was not wrong yet: the proposer and who agreed."""
    query = select(Decision.by_id).where(
        Decision.submission_id == submission.id,
        Decision.undone_at.is_(None),
        Decision.verdict.in_([*AGAINST, Verdict.PROPOSE]),
    )
    return set(db.session.scalars(query))


def _standing(submission: Submission) -> dict[str, Any]:
    return {
        "state": submission.state.value,
        "wait": submission.wait.value if submission.wait else None,
        "due_at": submission.due_at.isoformat() if submission.due_at else None,
        "published_at": submission.published_at.isoformat() if submission.published_at else None,
    }


def _restore(submission: Submission, before: dict[str, Any]) -> None:
    submission.state = State(before["state"])
    submission.wait = Wait(before["wait"]) if before["wait"] else None
    submission.due_at = datetime.fromisoformat(before["due_at"]) if before["due_at"] else None
    submission.published_at = datetime.fromisoformat(before["published_at"]) if before["published_at"] else None


def _lock(submission: Submission) -> None:
    query = select(Submission).where(Submission.id == submission.id).with_for_update(of=Submission)
    db.session.scalars(query.execution_options(populate_existing=True)).one()


def _follow(submission: Submission, at: datetime) -> None:
    for follow in slots.followers:
        follow(submission, at)
