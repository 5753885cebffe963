"""Places where codes hang, the codes that are good once, and who scanned where."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.planning.models import Mission
from commons.accounts.models import User
from commons.db import Model, Public, word_enum
from commons.permissions import Permission
from community.members.models import Member


class Sort(enum.StrEnum):
    """How a place shows its code: printed for good, on a screen where it changes, or printed once for each person."""

    FIXED = "fixed"
    ROTATING = "rotating"
    ONE_TIME = "one_time"


class ScanPlace(Public, Model):
    """A place of a mission. Its codes hold from `opens_at` to `closes_at`, within the mission's time, until it is ended."""

    __tablename__ = "scan_place"
    __table_args__ = (Index("ix_scan_place_mission_id", "mission_id"),)

    mission_id: Mapped[int] = mapped_column(ForeignKey("mission.id"))
    name: Mapped[str] = mapped_column(String(60))
    sort: Mapped[Sort] = mapped_column(word_enum(Sort))
    secret: Mapped[str] = mapped_column(String(32))
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    mission: Mapped[Mission] = relationship()
    made_by: Mapped[User] = relationship()

    def is_open(self, at: datetime) -> bool:
        own = (self.opens_at is None or self.opens_at <= at) and (self.closes_at is None or at < self.closes_at)
        return own and self.ended_at is None and self.mission.is_open(at)

    @classmethod
    def visible_to(cls, user: User) -> Select[ScanPlace]:
        """For those who may read campaigns; whoever stands before a place has its code."""
        may = user.is_authenticated and user.can(Permission.CAMPAIGN_READ)
        return select(cls) if may else select(cls).where(false())


class OneTimeCode(Model):
    """A code that is good for the first who scans it."""

    __tablename__ = "scan_code"

    place_id: Mapped[int] = mapped_column(ForeignKey("scan_place.id"), index=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Scan(Model):
    """A fan has scanned the code of a place, once."""

    __tablename__ = "scan"
    __table_args__ = (UniqueConstraint("place_id", "member_id"),)

    place_id: Mapped[int] = mapped_column(ForeignKey("scan_place.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    scanned_at: Mapped[datetime]

    place: Mapped[ScanPlace] = relationship()
    member: Mapped[Member] = relationship()
