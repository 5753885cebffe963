"""What levels took from when on, who may lose one and was told, and who was given one by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, false, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import Model, Public
from commons.permissions import Permission
from community.loyalty.models import Level
from community.members.models import Member

OPEN_GRACE = text("closed_at IS NULL")
OPEN_LOCK = text("ended_at IS NULL")


class LadderVersion(Model):
    """What all levels took from `starts_at` on: never changed, so that a level stays explained by what held when it was given.

    `rungs`: for each level its rank, threshold and breadth. Growth counts for `period_days`; None: for ever.
    """

    __tablename__ = "ladder_version"

    number: Mapped[int] = mapped_column(unique=True)
    period_days: Mapped[int | None]
    rungs: Mapped[list[Any]] = mapped_column(default=list)
    starts_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    made_by: Mapped[User | None] = relationship()


class LevelGrace(Model):
    """A member's level is not held any more: told at `began_at`, lost at `ends_at` unless it is held again by then.

    `fell`: how it ended, once it is closed.
    """

    __tablename__ = "level_grace"
    __table_args__ = (
        Index("ix_level_grace_open", "member_id", unique=True, postgresql_where=OPEN_GRACE, sqlite_where=OPEN_GRACE),
        Index("ix_level_grace_ends_at", "ends_at", postgresql_where=OPEN_GRACE, sqlite_where=OPEN_GRACE),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    level_id: Mapped[int] = mapped_column(ForeignKey("level.id"))
    to_level_id: Mapped[int] = mapped_column(ForeignKey("level.id"))
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    fell: Mapped[bool] = mapped_column(default=False)

    member: Mapped[Member] = relationship()
    level: Mapped[Level] = relationship(foreign_keys=[level_id])
    to_level: Mapped[Level] = relationship(foreign_keys=[to_level_id])


class LevelLock(Public, Model):
    """A person set a member's level by hand, and why: it neither rises nor falls until the lock ends."""

    __tablename__ = "level_lock"
    __table_args__ = (
        Index("ix_level_lock_open", "member_id", unique=True, postgresql_where=OPEN_LOCK, sqlite_where=OPEN_LOCK),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    level_id: Mapped[int] = mapped_column(ForeignKey("level.id"))
    reason: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    member: Mapped[Member] = relationship()
    level: Mapped[Level] = relationship()
    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])

    @classmethod
    def visible_to(cls, user: User) -> Select[LevelLock]:
        """Staff who may see points see every lock."""
        return select(cls) if user.can(Permission.LOYALTY_READ) else select(cls).where(false())
