"""Segments: groups of members by rules, who is in them now, and the proofs of that."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Select, String, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import Base, BigId, Model, Public, word_enum
from commons.permissions import Permission
from community.members.segments import tree
from community.members.segments.tree import Group


class Segment(Public, Model):
    """A group of members by rules. `size` counts the kept rows; `settled_day` is the day they are right for.

    `follows` are the kinds of facts after which somebody may come or go ("*" for any); `drifts` says that a new day alone
    may change it. Both follow from the rules and are kept so that a fact costs no look into them.
    """

    __tablename__ = "segment"

    name: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(300), default="")
    written: Mapped[dict[str, Any]]
    follows: Mapped[list[Any]] = mapped_column(default=list)
    drifts: Mapped[bool] = mapped_column(default=False)
    size: Mapped[int] = mapped_column(default=0)
    settled_day: Mapped[date | None] = mapped_column(Date)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    made_by: Mapped[User] = relationship()
    rounds: Mapped[list[SegmentRound]] = relationship(back_populates="segment", order_by="SegmentRound.id.desc()")

    @property
    def rules(self) -> Group:
        return tree.parse(self.written)

    @property
    def round(self) -> SegmentRound | None:
        """The newest look over all members."""
        return self.rounds[0] if self.rounds else None

    @property
    def is_settled(self) -> bool:
        """Whether the kept rows follow the rules as they stand; not so while they are worked out for the first time."""
        newest = self.round
        return newest is None or newest.ended_at is not None or newest.reason in {Reason.PROOF, Reason.AGAIN}

    @classmethod
    def visible_to(cls, user: User) -> Select[Segment]:
        """Staff who may read profiles see all that were not removed."""
        if user.is_authenticated and user.can(Permission.MEMBER_READ):
            return select(cls).where(cls.removed_at.is_(None))
        return select(cls).where(false())


class SegmentMember(Base):
    """That a member is in a segment, and since when."""

    __tablename__ = "segment_member"

    segment_id: Mapped[int] = mapped_column(ForeignKey("segment.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    since: Mapped[datetime]


class SegmentDue(Model):
    """A member who has to be looked at again because of a fact; `due_at` moves on while a worker has the row."""

    __tablename__ = "segment_due"

    member_id: Mapped[int] = mapped_column(BigId, index=True)
    kind: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime] = mapped_column(index=True)


class Reason(enum.StrEnum):
    """Why everybody is looked at: new rules, once more for what was being written meanwhile, a new day, or to prove that
    the rows are right.
    """

    RULES = "rules"
    AGAIN = "again"
    DAY = "day"
    PROOF = "proof"


class SegmentRound(Model):
    """One look over all members, piece by piece. `up_to` is the last member looked at.

    One that was `broken_off` ended before all were seen, because another began. `strays` were found in the wrong place
    although neither rules nor day had changed: a proof that finds none is a good one. `waits_for` are the transactions that
    were writing when a look for new rules began: a second look waits until they are over (see `latecomers`).
    """

    __tablename__ = "segment_round"
    __table_args__ = (Index("ix_segment_round_segment_id_id", "segment_id", "id"),)

    segment_id: Mapped[int] = mapped_column(ForeignKey("segment.id"))
    reason: Mapped[Reason] = mapped_column(word_enum(Reason))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    up_to: Mapped[int] = mapped_column(BigId, default=0)
    looked_at: Mapped[int] = mapped_column(default=0)
    wanted: Mapped[int] = mapped_column(default=0)
    came: Mapped[int] = mapped_column(default=0)
    went: Mapped[int] = mapped_column(default=0)
    strays: Mapped[int] = mapped_column(default=0)
    broken_off: Mapped[bool] = mapped_column(default=False)
    waits_for: Mapped[list[Any]] = mapped_column(default=list)

    segment: Mapped[Segment] = relationship(back_populates="rounds")
