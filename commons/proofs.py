"""Proofs that the books of a room agree: made once a night, and each of them kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Mapped, mapped_column

from commons import zones
from commons.db import Model, db

NIGHT = time(3)
"""When a night's proof is made: the quietest hour, where the brand is at home."""


class KeptProof:
    """Mixin: what was found at one moment; `differences` is empty when all agrees. Rooms add what was compared."""

    if TYPE_CHECKING:
        __tablename__: str
        id: Mapped[int]

    differences: Mapped[list[Any]] = mapped_column(default=list)
    checked_at: Mapped[datetime]


Proof = TypeVar("Proof", bound=KeptProof)


@dataclass(frozen=True)
class Nights(Generic[Proof]):
    """The proofs of one room."""

    proofs: type[Proof]

    def newest(self, limit: int = 30) -> Sequence[Proof]:
        """The newest outcomes, newest first."""
        return db.session.scalars(select(self.proofs).order_by(self.proofs.id.desc()).limit(limit)).all()

    def latest(self) -> Proof | None:
        """The newest outcome; None before the first night."""
        return next(iter(self.newest(1)), None)

    def is_due(self, at: datetime, zone: str) -> bool:
        """Whether nothing was compared since the last night began, at three o'clock in `zone`."""
        day = zones.day_of(at, zone)
        tonight, before = (zones.to_utc(datetime.combine(day - timedelta(days=back), NIGHT), zone) for back in (0, 1))
        proof = self.latest()
        return proof is None or proof.checked_at < (tonight if tonight <= at else before)


def sum_by(key: Any, amount: Any) -> Subquery:
    """The `total` of an amount, by a key that goes by `of`."""
    return select(key.label("of"), func.sum(amount).label("total")).group_by(key).subquery()


def count_of(model: type[Model]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0
