"""The ladder in force, and the earlier ones that levels were given under."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from commons.accounts.models import User
from commons.db import db
from community.loyalty.levels.ladder import Ladder, Rung
from community.loyalty.levels.models import LadderVersion
from community.loyalty.models import Level


def levels() -> Sequence[Level]:
    """All levels, the lowest first."""
    return db.session.scalars(select(Level).order_by(Level.rank)).all()


def rungs_of(levels: Iterable[Level]) -> list[Rung]:
    rungs = (Rung(level.rank, level.threshold, level.breadth) for level in levels)
    return sorted(rungs, key=lambda rung: rung.rank)


def newest() -> LadderVersion | None:
    """The version in force; None before the circle is prepared."""
    return db.session.scalars(select(LadderVersion).order_by(LadderVersion.number.desc()).limit(1)).one_or_none()


def versions() -> Sequence[LadderVersion]:
    """Every version, the newest first."""
    return db.session.scalars(select(LadderVersion).order_by(LadderVersion.number.desc())).all()


def some(version_ids: Collection[int]) -> Mapping[int, Ladder]:
    """These versions as ladders, by id."""
    found = db.session.scalars(select(LadderVersion).where(LadderVersion.id.in_(version_ids)))
    return {version.id: ladder_of(version) for version in found}


def ladder_of(version: LadderVersion) -> Ladder:
    rungs = (Rung(rung["rank"], rung["threshold"], rung["breadth"]) for rung in version.rungs)
    return Ladder(tuple(sorted(rungs, key=lambda rung: rung.rank)), version.period_days)


def in_force(levels: Iterable[Level], version: LadderVersion | None) -> Ladder:
    return Ladder(tuple(rungs_of(levels)), version.period_days if version is not None else None)


def keep_version(levels: Sequence[Level], period_days: int | None, at: datetime, by: User | None) -> LadderVersion:
    """Write down what the levels take from `at` on (flushed)."""
    before = newest()
    version = LadderVersion(
        number=before.number + 1 if before is not None else 1,
        period_days=period_days,
        rungs=[_plain(rung) for rung in rungs_of(levels)],
        starts_at=at,
        made_by_id=by.id if by is not None else None,
    )
    db.session.add(version)
    db.session.flush()
    return version


def _plain(rung: Rung) -> dict[str, Any]:
    return {"rank": rung.rank, "threshold": rung.threshold, "breadth": rung.breadth}
