"""The public counter: what was refused and removed under each clause, and what became of criticism."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from commons.db import db
from community.reviews.models import Clause, Decision, Kind, ReviewAppeal, State, Submission, Verdict

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Line:
    """What happened under one number of the standard in a period; `restored` of it on appeal."""

    number: str
    refused: int = 0
    removed: int = 0
    restored: int = 0


@dataclass(frozen=True)
class Counter:
    """The whole of it. `critical` counts order reviews that judge us badly, `others` those that do not: how many were decided,
    and how many of them published."""

    lines: Sequence[Line]
    appeals: int
    upheld: int
    critical: Share
    others: Share

    @property
    def refused(self) -> int:
        return sum(line.refused for line in self.lines)

    @property
    def removed(self) -> int:
        return sum(line.removed for line in self.lines)


@dataclass(frozen=True)
class Share:
    """How many of something were published out of how many that were decided."""

    published: int
    decided: int

    @property
    def part(self) -> float:
        return self.published / self.decided if self.decided else 0.0


def count(at: datetime, since: datetime | None = None) -> Counter:
    """The counts of a period, the last year where no beginning is given. What can still be undone does not count yet."""
    since = since or at - YEAR
    appeals, upheld = _appeals(since)
    return Counter(_lines(since), appeals, upheld, _share(since, critical=True), _share(since, critical=False))


def _lines(since: datetime) -> list[Line]:
    answer = aliased(Decision)
    restored = func.count(answer.id)
    query = (
        select(Clause.number, Decision.verdict, func.count(Decision.id), restored, func.min(Clause.position))
        .join(Clause, Decision.clause_id == Clause.id)
        .outerjoin(ReviewAppeal, ReviewAppeal.decision_id == Decision.id)
        .outerjoin(answer, and_(answer.id == ReviewAppeal.answer_id, answer.verdict == Verdict.UPHOLD, answer.told_at.is_not(None)))
        .where(Decision.verdict.in_([Verdict.REFUSE, Verdict.REMOVE]), *_settled(since))
        .group_by(Clause.number, Decision.verdict)
    )  # fmt: skip
    found: dict[str, Line] = {}
    for number, verdict, times, back, _place in sorted(db.session.execute(query), key=lambda row: row[4]):
        line = found.get(number, Line(number))
        line = replace(line, restored=line.restored + back)
        found[number] = replace(line, refused=times) if verdict is Verdict.REFUSE else replace(line, removed=times)
    return list(found.values())


def _settled(since: datetime) -> list[ColumnElement[bool]]:
    return [Decision.undone_at.is_(None), Decision.told_at.is_not(None), Decision.at > since]


def _appeals(since: datetime) -> tuple[int, int]:
    answer = aliased(Decision)
    query = (
        select(func.count(ReviewAppeal.id), func.count(answer.id))
        .outerjoin(answer, and_(answer.id == ReviewAppeal.answer_id, answer.verdict == Verdict.UPHOLD, answer.told_at.is_not(None)))
        .where(ReviewAppeal.at > since)
    )  # fmt: skip
    made, upheld = db.session.execute(query).one()
    return int(made), int(upheld)


def _share(since: datetime, *, critical: bool) -> Share:
    mine = (
        Submission.kind == Kind.ORDER_REVIEW,
        Submission.critical.is_(critical),
        Submission.submitted_at > since,
    )
    query = select(Submission.state, func.count()).where(*mine).group_by(Submission.state)
    counts = dict(db.session.execute(query).all())
    published = counts.get(State.PUBLISHED, 0)
    return Share(published, published + counts.get(State.REFUSED, 0) + counts.get(State.REMOVED, 0))
