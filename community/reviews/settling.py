"""What follows once a decision can no longer be undone: its facts are written, and the author is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from commons import clock, events, jobs
from commons.db import db
from commons.events import Evidence
from community.notices.telling import tell
from community.reviews import deciding, publishing
from community.reviews.models import Decision, State, Submission, Verdict

AT_ONCE = 200

NOTICES = {
    "review.published": _l("What you handed in is published. Thank you for it."),
    "review.refused": _l(
        "What you handed in is not published. Clause %(clause)s, %(title)s. %(reason)s You may appeal once; somebody else looks"
        " at it then."
    ),
    "review.removed": _l(
        "Something of yours was removed. Clause %(clause)s, %(title)s. %(reason)s You may appeal once; somebody else looks at"
        " it then."
    ),
    "review.upheld": _l(
        "Your appeal was right. What you wrote is there for everybody, and everything is as before. %(reason)s"
    ),
    "review.report_kept": _l("We looked at what you reported; it breaks no clause and stays."),
    "review.report_removed": _l("What you reported was removed. Thank you."),
    "review.declined": _l("Somebody else has looked at your appeal, and the decision stays. %(reason)s"),
}

_ANSWERS = {Verdict.KEEP: "review.report_kept", Verdict.REMOVE: "review.report_removed"}
_SAYS = {
    Verdict.PUBLISH: "review.published",
    Verdict.REFUSE: "review.refused",
    Verdict.REMOVE: "review.removed",
    Verdict.UPHOLD: "review.upheld",
    Verdict.DECLINE: "review.declined",
}


@jobs.job("reviews.settle", queue="default")
def settle_due() -> None:
    """Settle what can no longer be undone; what one turn does not reach, the next one takes at once."""
    if settle(clock.now()) == AT_ONCE:
        jobs.send("reviews.settle")


def settle(at: datetime) -> int:
    """Tell the authors of everything that was decided longer ago than `deciding.UNDO`; how many decisions that were."""
    query = (
        select(Decision)
        .where(Decision.told_at.is_(None), Decision.undone_at.is_(None), Decision.at <= at - deciding.UNDO)
        .order_by(Decision.at, Decision.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=Decision)
    )
    due = db.session.scalars(query).all()
    for decision in due:
        decision.told_at = at
        _follow(decision, at)
        db.session.flush()
    return len(due)


def _follow(decision: Decision, at: datetime) -> None:
    submission = decision.submission
    _answer_reports(decision, at)
    kind = _SAYS.get(decision.verdict)
    if kind is None or submission.state is State.WITHDRAWN:
        return
    _FACTS[decision.verdict](submission, decision)
    clause = decision.clause
    details: dict[str, Any] = {"reason": decision.reason}
    if clause is not None:
        details |= {"clause": clause.number, "title": {"zh": clause.title.zh, "en": clause.title.en}}
    tell(submission.member_id, kind, key=f"{kind}:{decision.id}", at=at, url=submission.url, details=details)


def _answer_reports(decision: Decision, at: datetime) -> None:
    """Who reported it before it was decided learns what became of it, once."""
    kind, submission = _ANSWERS.get(decision.verdict), decision.submission
    if kind is None:
        return
    url = submission.url if decision.verdict is Verdict.KEEP else "/circle/standard"
    for report in submission.reports:
        if report.at <= decision.at:
            tell(report.member_id, kind, key=f"review.report:{report.id}", at=at, url=url)


def _published(submission: Submission, decision: Decision) -> None:
    publishing.note(submission, decision.at, Evidence.STAFF)


def _refused(submission: Submission, decision: Decision) -> None:
    """Names a fact too where there is one: a post that stood until its publication was undone has earned already."""
    _note("review.refused", submission, decision, published_event_id=_published_id(submission))


def _removed(submission: Submission, decision: Decision) -> None:
    """Names the fact that it undoes, so that what was earned for the publication goes with it."""
    _note("review.removed", submission, decision, published_event_id=_published_id(submission))


def _published_id(submission: Submission) -> int | None:
    fact = publishing.fact_of(submission)
    return fact.id if fact is not None else None


def _upheld(submission: Submission, decision: Decision) -> None:
    """What was undone comes back, at the moment when it was published first: points included."""
    publishing.note(submission, submission.published_at or decision.at, Evidence.STAFF, again=f":{decision.public_id}")
    _note("review.upheld", submission, decision)


def _declined(submission: Submission, decision: Decision) -> None:
    _note("review.declined", submission, decision)


def _note(kind: str, submission: Submission, decision: Decision, **more: Any) -> None:
    clause = decision.clause
    payload = {"clause": clause.number if clause else None, "reason": decision.reason, **more}
    events.track(
        kind,
        key=f"{kind}:{decision.public_id}",
        at=decision.at,
        member_id=submission.member_id,
        actor_id=decision.by_id,
        subject=submission,
        evidence=Evidence.STAFF,
        payload=payload,
    )


_FACTS: Mapping[Verdict, Any] = {
    Verdict.PUBLISH: _published,
    Verdict.REFUSE: _refused,
    Verdict.REMOVE: _removed,
    Verdict.UPHOLD: _upheld,
    Verdict.DECLINE: _declined,
}

jobs.every("reviews.settle", seconds=20)
