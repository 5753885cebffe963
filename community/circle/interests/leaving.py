"""What the circles know about a person, for the export of one's data, and what goes when the person is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update

from commons.accounts.models import User
from commons.db import db
from community.circle.interests import mediating, reporting
from community.circle.interests.models import (
    CirclePost,
    Measure,
    Mediation,
    MediationWord,
    Membership,
    Mood,
    Report,
    Settled,
)
from community.members.models import Handle, Member
from community.members.roster import member_of


def export(user: User) -> dict[str, Any]:
    """Memberships, words, moods, reports, measures and mediations of the person, oldest first."""
    member = member_of(user)
    if member is None:
        return {}
    handles = _handles(user)
    return {
        "circles": {
            "memberships": [_membership(one) for one in _all(Membership, Membership.member_id == member.id)],
            "posts": [_post(one) for one in _all(CirclePost, CirclePost.author_id.in_(handles))],
            "moods": [_mood(one) for one in _all(Mood, Mood.member_id == member.id)],
            "reports": [_report(one) for one in _all(Report, Report.reporter_id == member.id)],
            "measures": [_measure(one) for one in _all(Measure, Measure.member_id == member.id)],
            "mediations": [_mediation(one) for one in _all(Mediation, _takes_part(handles))],
            "mediation_words": [_word(one) for one in _all(MediationWord, MediationWord.author_id.in_(handles))],
        }
    }


def erase(user: User, at: datetime) -> None:
    """Words and moods go, memberships end, open disputes are over, and those the person led are free. Safe to call twice."""
    member = member_of(user)
    if member is None:
        return
    handles = _handles(user)
    for post in _all(CirclePost, CirclePost.author_id.in_(handles) & CirclePost.id.in_(_reported())):
        reporting.settle(post, Settled.WITHDRAWN, post.author, at)
    mine = CirclePost.author_id.in_(handles)
    taken_back = {"text": "", "withdrawn_at": func.coalesce(CirclePost.withdrawn_at, at)}
    statements = [
        update(CirclePost).where(mine).values(**taken_back, pinned_at=None, featured_at=None),
        update(Membership).where(Membership.member_id == member.id, Membership.left_at.is_(None)).values(
            left_at=at, host_since=None
        ),
        update(Report).where(Report.reporter_id == member.id).values(note=""),
        update(Measure).where(Measure.member_id == member.id).values(appeal=""),
        update(MediationWord).where(MediationWord.author_id.in_(handles)).values(text=""),
    ]  # fmt: skip
    for statement in statements:
        db.session.execute(statement)
    _leave_disputes(handles, at)
    for mood in _all(Mood, Mood.member_id == member.id):
        db.session.delete(mood)
    db.session.flush()


def _leave_disputes(handles: Select[int], at: datetime) -> None:
    for dispute in _all(Mediation, Mediation.asker_id.in_(handles) | Mediation.other_id.in_(handles)):
        dispute.closed_at = dispute.closed_at or at
    for led in _all(Mediation, Mediation.mediator_id.in_(handles) & Mediation.closed_at.is_(None)):
        mediating.step_back(led, led.mediator, at)


def _handles(user: User) -> Select[int]:
    return select(Handle.id).join(Member, Member.id == Handle.member_id).where(Member.user_id == user.id)


def _reported() -> Select[int]:
    """Posts with a report that nobody has answered."""
    return select(Report.post_id).where(Report.settled_at.is_(None))


def _all(model: Any, condition: Any) -> list[Any]:
    return list(db.session.scalars(select(model).where(condition).order_by(model.id)))


def _takes_part(handles: Select[int]) -> ColumnElement[bool]:
    sides = Mediation.asker_id.in_(handles) | Mediation.other_id.in_(handles)
    return sides | Mediation.mediator_id.in_(handles)


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _membership(one: Membership) -> dict[str, Any]:
    return {
        "circle": str(one.circle.name),
        "joined_at": _time(one.joined_at),
        "left_at": _time(one.left_at),
        "host_since": _time(one.host_since),
    }


def _mood(mood: Mood) -> dict[str, Any]:
    return {"week": mood.week.isoformat(), "value": mood.value}


def _report(report: Report) -> dict[str, Any]:
    return {"at": _time(report.reported_at), "reason": report.reason.value, "note": report.note}


def _mediation(one: Mediation) -> dict[str, Any]:
    """Without the other side's name and words: those are another person's."""
    return {
        "circle": str(one.circle.name),
        "asked_at": _time(one.asked_at),
        "closed_at": _time(one.closed_at),
        "outcome": one.outcome.value if one.outcome else None,
        "outcome_words": one.outcome_words,
    }


def _word(word: MediationWord) -> dict[str, Any]:
    return {"at": _time(word.said_at), "text": word.text}


def _post(post: CirclePost) -> dict[str, Any]:
    return {
        "id": post.public_id,
        "circle": str(post.circle.name),
        "text": post.text,
        "said_at": _time(post.said_at),
        "withdrawn_at": _time(post.withdrawn_at),
        "removed_at": _time(post.removed_at),
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "kind": measure.kind.value,
        "rule": measure.rule,
        "reason": measure.reason,
        "at": _time(measure.taken_at),
        "until": _time(measure.until),
        "lifted_at": _time(measure.lifted_at),
        "appeal": measure.appeal,
        "answer": measure.answer,
    }
