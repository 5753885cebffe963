"""The public counter: what was refused and removed under each clause, and what became of criticism."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import aliased

from commons.db import db
from community.circle.interests.models import Measure, MeasureKind
from community.reviews.models import Clause, Decision, Kind, ReviewAppeal, State, Submission, Verdict

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Line:
    """What happened under one number of the standard in a period; of it, how much judged us badly, and how much came back.

    Without a number: what hosts and staff removed by the rules of a circle.
    """

    number: str
    refused: int = 0
    removed: int = 0
    critical: int = 0
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
    in_circles, asked, right = _in_circles(since)
    return Counter(
        [*_lines(since), *([in_circles] if in_circles.removed else [])],
        appeals + asked,
        upheld + right,
        _share(since, critical=True),
        _share(since, critical=False),
    )


def _lines(since: datetime) -> list[Line]:
    answer = aliased(Decision)
    restored, critical = func.count(answer.id), func.sum(case((Submission.critical, 1), else_=0))
    query = (
        select(Clause.number, Decision.verdict, func.count(Decision.id), critical, restored, func.min(Clause.position))
        .join(Clause, Decision.clause_id == Clause.id)
        .join(Submission, Submission.id == Decision.submission_id)
        .outerjoin(ReviewAppeal, ReviewAppeal.decision_id == Decision.id)
        .outerjoin(answer, and_(answer.id == ReviewAppeal.answer_id, answer.verdict == Verdict.UPHOLD, answer.told_at.is_not(None)))
        .where(Decision.verdict.in_([Verdict.REFUSE, Verdict.REMOVE]), *_settled(since))
        .group_by(Clause.number, Decision.verdict)
    )  # fmt: skip
    found: dict[str, Line] = {}
    for number, verdict, times, badly, back, _place in sorted(db.session.execute(query), key=lambda row: row[5]):
        line = found.get(number, Line(number))
        line = replace(line, restored=line.restored + back, critical=line.critical + badly)
        found[number] = replace(line, refused=times) if verdict is Verdict.REFUSE else replace(line, removed=times)
    return list(found.values())


def _in_circles(since: datetime) -> tuple[Line, int, int]:
    """Posts removed by the rules of a circle, none of them critical (`measures.remove`); how many of the removals were
    appealed, and how many of these lifted."""
    lifted_after_appeal = case((Measure.appealed_at.is_not(None), Measure.lifted_at))
    query = select(
        func.count(),
        func.count(Measure.lifted_at),
        func.count(Measure.appealed_at),
        func.count(lifted_after_appeal),
    ).where(Measure.kind == MeasureKind.REMOVAL, Measure.taken_at > since)
    removed, restored, asked, right = db.session.execute(query).one()
    return Line("", removed=removed, restored=restored), asked, right


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
