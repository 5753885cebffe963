"""Penalties, and what the fans said against them."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, Text, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import Model, Public, word_enum
from commons.i18n import Words, WordsColumn
from commons.permissions import Permission
from community.loyalty.models import LedgerEntry
from community.members.models import Member


class Measure(enum.StrEnum):
    """What a penalty bars: nothing, writing in the circle, or redeeming in the points shop."""

    WARNING = "warning"
    MUTE = "mute"
    NO_SHOP = "no_shop"


class Penalty(Public, Model):
    """One penalty under one clause of the standard, with the words that the clause had then.

    It runs from `given_at` to `ends_at` (None: a warning, which runs not at all) unless it is lifted. What it took of
    points and growth are the two entries of the ledger.
    """

    __tablename__ = "penalty"
    __table_args__ = (
        Index("ix_penalty_member_id_ends_at", "member_id", "ends_at"),
        CheckConstraint("(measure = 'warning') = (ends_at IS NULL)", name="has_a_term"),
        CheckConstraint("note <> '' AND clause <> ''", name="says_why"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    measure: Mapped[Measure] = mapped_column(word_enum(Measure))
    clause: Mapped[str] = mapped_column(String(12))
    clause_title: Mapped[Words] = mapped_column(WordsColumn)
    standard_version: Mapped[int]
    note: Mapped[str] = mapped_column(String(500))
    about: Mapped[str] = mapped_column(String(300), default="")
    points_entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"))
    growth_entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"))
    given_at: Mapped[datetime] = mapped_column(index=True)
    given_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    ends_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()
    given_by: Mapped[User] = relationship()
    points_entry: Mapped[LedgerEntry | None] = relationship(foreign_keys=[points_entry_id])
    growth_entry: Mapped[LedgerEntry | None] = relationship(foreign_keys=[growth_entry_id])
    appeal: Mapped[PenaltyAppeal | None] = relationship(back_populates="penalty")

    @property
    def points(self) -> int:
        """How many points it took."""
        return -self.points_entry.amount if self.points_entry else 0

    @property
    def growth(self) -> int:
        """How many growth points it took."""
        return -self.growth_entry.amount if self.growth_entry else 0

    def runs(self, at: datetime) -> bool:
        """Whether it bars anything at that moment."""
        return self.lifted_at is None and self.ends_at is not None and self.given_at <= at < self.ends_at

    @classmethod
    def visible_to(cls, user: User) -> Select[Penalty]:
        """Who gives penalties sees all of them, a fan his own."""
        if user.can(Permission.REWARD_WRITE):
            return select(cls)
        if not user.is_authenticated:
            return select(cls).where(false())
        return select(cls).join(Member, Member.id == cls.member_id).where(Member.user_id == user.id)


class PenaltyAppeal(Model):
    """What a fan says against a penalty, once; and what somebody else than who gave it decided."""

    __tablename__ = "penalty_appeal"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (upheld IS NULL)", name="decided_one_way"),
        CheckConstraint("decided_at IS NULL OR answer <> ''", name="says_why"),
    )

    penalty_id: Mapped[int] = mapped_column(ForeignKey("penalty.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(index=True)
    upheld: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(String(500), default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    penalty: Mapped[Penalty] = relationship(back_populates="appeal")
    decided_by: Mapped[User | None] = relationship()
