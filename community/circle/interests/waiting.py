"""What waits in the circles for who keeps order there, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select

from commons.accounts.models import User
from commons.db import db
from commons.permissions import Permission
from community.circle.interests.models import CirclePost, InterestCircle, Measure, Mediation, Report


def in_circles(circle_ids: Sequence[int] | None = None) -> Counter[int]:
    """How many reported posts, disputes without a mediator and appeals wait, by circle (None: in all of them)."""
    return _reports(circle_ids) + _disputes(circle_ids) + _appeals(circle_ids)


def for_keeper(user: User, circle: InterestCircle) -> int:
    """The same for one circle as its host or staff see it: appeals are decided by staff only."""
    found = _reports([circle.id]) + _disputes([circle.id])
    return (found + _appeals([circle.id]) if user.can(Permission.CIRCLE_MANAGE) else found)[circle.id]


def _reports(circle_ids: Sequence[int] | None) -> Counter[int]:
    query = select(CirclePost.circle_id, func.count(CirclePost.id.distinct()))
    joined = query.join(Report, Report.post_id == CirclePost.id).where(Report.settled_at.is_(None))
    return _counted(joined, CirclePost.circle_id, circle_ids)


def _disputes(circle_ids: Sequence[int] | None) -> Counter[int]:
    query = select(Mediation.circle_id, func.count())
    free = query.where(Mediation.mediator_id.is_(None), Mediation.closed_at.is_(None))
    return _counted(free, Mediation.circle_id, circle_ids)


def _appeals(circle_ids: Sequence[int] | None) -> Counter[int]:
    query = select(Measure.circle_id, func.count())
    asked = query.where(
        Measure.lifted_at.is_(None), Measure.appealed_at.is_not(None), Measure.decided_at.is_(None)
    )  # fmt: skip
    return _counted(asked, Measure.circle_id, circle_ids)


def _counted(query: Select[int, int], circle: Any, circle_ids: Sequence[int] | None) -> Counter[int]:
    chosen = query if circle_ids is None else query.where(circle.in_(circle_ids))
    return Counter(dict(db.session.execute(chosen.group_by(circle)).all()))
