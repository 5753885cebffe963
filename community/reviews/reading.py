"""The queue and the pages: what waits in which order, what was decided, what is published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from commons.accounts.models import User
from commons.db import db
from commons.paging import Page, page_of
from commons.permissions import Permission
from community.members.models import Member
from community.reviews import deciding
from community.reviews.models import Decision, Kind, State, Submission, Verdict, Wait

PAGE = 20


def queue(by: User, wait: Wait | None = None) -> Select[Submission]:
    """What this person may decide now, the most urgent first."""
    query = Submission.visible_to(by).where(Submission.due_at.is_not(None), ~_needs_other(by))
    if wait is not None:
        query = query.where(Submission.wait == wait)
    return query.options(joinedload(Submission.member)).order_by(Submission.due_at, Submission.id)


def page_of_queue(by: User, wait: Wait | None, number: int) -> Page[Submission]:
    return page_of(queue(by, wait), number, PAGE)


def next_after(by: User, submission: Submission | None = None, wait: Wait | None = None) -> Submission | None:
    """The most urgent one; after `submission` where that is given, and round to the first at the end."""
    first = db.session.scalars(queue(by, wait).limit(1)).first()
    if submission is None or submission.due_at is None:
        return first
    later = queue(by, wait).where(
        (Submission.due_at > submission.due_at)
        | and_(Submission.due_at == submission.due_at, Submission.id > submission.id)
    )
    return db.session.scalars(later.limit(1)).first() or first


def previous_before(by: User, submission: Submission, wait: Wait | None = None) -> Submission | None:
    if submission.due_at is None:
        return None
    earlier = queue(by, wait).where(
        (Submission.due_at < submission.due_at)
        | and_(Submission.due_at == submission.due_at, Submission.id < submission.id)
    )
    return db.session.scalars(
        earlier.order_by(None).order_by(Submission.due_at.desc(), Submission.id.desc()).limit(1)
    ).first()


def counts(by: User) -> dict[Wait, int]:
    """How much waits for this person, by reason."""
    query = (
        select(Submission.wait, func.count())
        .where(Submission.due_at.is_not(None), ~_needs_other(by))
        .group_by(Submission.wait)
    )
    found = {wait: number for wait, number in db.session.execute(query) if wait is not None}
    return {wait: found.get(wait, 0) for wait in Wait}


def waiting(user: User) -> int:
    """How much waits for this person."""
    return sum(counts(user).values()) if user.can(Permission.CONTENT_REVIEW) else 0


def overdue(by: User, at: datetime) -> int:
    query = select(func.count()).where(Submission.due_at < at, ~_needs_other(by))
    return db.session.scalars(query).one()


def last_undoable(by: User, at: datetime) -> Decision | None:
    """What this person decided last, as long as it can be undone."""
    query = select(Decision).where(
        Decision.by_id == by.id,
        Decision.undone_at.is_(None),
        Decision.told_at.is_(None),
        Decision.at > at - deciding.UNDO,
    )
    return db.session.scalars(query.order_by(Decision.id.desc()).limit(1)).first()


def decided(number: int) -> Page[Decision]:
    """What was decided, the newest first."""
    query = select(Decision).options(joinedload(Decision.submission).joinedload(Submission.member))
    return page_of(query.order_by(Decision.id.desc()), number, PAGE)


def published(kind: Kind | None, before: Submission | None, about: str = "") -> tuple[Sequence[Submission], bool]:
    """What stands for everybody, the newest first; things of other rooms stand on their own pages."""
    query = select(Submission).where(Submission.state == State.PUBLISHED, Submission.kind != Kind.FOREIGN)
    if kind is not None:
        query = query.where(Submission.kind == kind)
    if about:
        query = query.where(Submission.order_about == about)
    if before is not None and before.published_at is not None:
        query = query.where(
            (Submission.published_at < before.published_at)
            | and_(Submission.published_at == before.published_at, Submission.id < before.id)
        )
    query = query.options(joinedload(Submission.member))
    found = db.session.scalars(query.order_by(Submission.published_at.desc(), Submission.id.desc()).limit(PAGE + 1))
    rows = found.unique().all()
    return rows[:PAGE], len(rows) > PAGE


def mine(member: Member, number: int) -> Page[Submission]:
    """What the member handed in, the newest first. Posts in circles only while they wait or where they were turned away."""
    here = or_(Submission.kind != Kind.FOREIGN, Submission.state.in_([State.WAITING, State.REFUSED, State.REMOVED]))
    query = select(Submission).where(Submission.member_id == member.id, here)
    return page_of(query.order_by(Submission.submitted_at.desc(), Submission.id.desc()), number, PAGE)


def record_of(member_id: int) -> dict[State, int]:
    """How much of a member stands how: what a reviewer should know of an author."""
    query = select(Submission.state, func.count()).where(Submission.member_id == member_id).group_by(Submission.state)
    found = dict(db.session.execute(query).all())
    return {state: found.get(state, 0) for state in State}


def _needs_other(by: User) -> ColumnElement[bool]:
    """Whether somebody else has to decide: this person proposed it, or decided against it before the appeal."""
    mine_against = aliased(Decision)
    return exists().where(
        mine_against.submission_id == Submission.id,
        mine_against.by_id == by.id,
        mine_against.undone_at.is_(None),
        mine_against.verdict.in_([Verdict.PROPOSE, *deciding.AGAINST]),
        Submission.wait.in_([Wait.SECOND, Wait.APPEAL]),
    )
