"""Which levels a person has set by hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from commons.db import db
from community.loyalty.levels.models import LevelLock


def locked(member_ids: Collection[int], at: datetime | None) -> dict[int, LevelLock]:
    """The locks that hold `at` that moment, by member id."""
    if not member_ids:
        return {}
    query = select(LevelLock).where(LevelLock.member_id.in_(member_ids), LevelLock.ended_at.is_(None))
    found = db.session.scalars(query.options(joinedload(LevelLock.level)))
    return {lock.member_id: lock for lock in found if at is None or lock.until is None or lock.until > at}


def lock_of(member_id: int, at: datetime) -> LevelLock | None:
    return locked([member_id], at).get(member_id)


def due(at: datetime, limit: int) -> Sequence[LevelLock]:
    """Up to `limit` locks that have not been ended although their time is over."""
    query = select(LevelLock).where(LevelLock.ended_at.is_(None), LevelLock.until <= at)
    return db.session.scalars(query.order_by(LevelLock.until).limit(limit)).all()
