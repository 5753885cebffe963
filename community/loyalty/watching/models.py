"""What looks wrong, what is held for it, and what a person decided."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, Text, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import BigId, Model, Public, word_enum
from commons.permissions import Permission
from community.loyalty.models import RuleVersion
from community.members.models import Member


class Sign(enum.StrEnum):
    """What was seen."""

    RING = "ring"
    BURST = "burst"
    RHYTHM = "rhythm"
    ECHO = "echo"
    CHOIR = "choir"


class Outcome(enum.StrEnum):
    """What became of a suspicion: nobody has decided yet, it was let pass, or it was refused."""

    OPEN = "open"
    PASSED = "passed"
    REFUSED = "refused"


class Suspicion(Public, Model):
    """Facts of one kind that look wrong, with the numbers that say so (`evidence`), until a person decides."""

    __tablename__ = "suspicion"
    __table_args__ = (Index("ix_suspicion_outcome_found_at", "outcome", "found_at"),)

    sign: Mapped[Sign] = mapped_column(word_enum(Sign))
    event_kind: Mapped[str] = mapped_column(String(64))
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)
    outcome: Mapped[Outcome] = mapped_column(word_enum(Outcome), default=Outcome.OPEN)
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")

    decided_by: Mapped[User | None] = relationship()
    people: Mapped[list[SuspectMember]] = relationship(order_by="SuspectMember.id")

    @classmethod
    def visible_to(cls, user: User) -> Select[Suspicion]:
        """Staff who may see points see every suspicion, a fan those that are about him."""
        if user.can(Permission.LOYALTY_READ):
            return select(cls)
        if not user.is_authenticated:
            return select(cls).where(false())
        mine = select(SuspectMember.suspicion_id).join(Member, Member.id == SuspectMember.member_id)
        return select(cls).where(cls.id.in_(mine.where(Member.user_id == user.id)))

    @property
    def is_open(self) -> bool:
        return self.outcome is Outcome.OPEN


class SuspectMember(Model):
    """A member whom a suspicion is about."""

    __tablename__ = "suspicion_member"
    __table_args__ = (UniqueConstraint("suspicion_id", "member_id"),)

    suspicion_id: Mapped[int] = mapped_column(ForeignKey("suspicion.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)

    member: Mapped[Member] = relationship()


class SuspectFact(Model):
    """A fact that a suspicion points at, whether it earned or not."""

    __tablename__ = "suspicion_fact"
    __table_args__ = (UniqueConstraint("suspicion_id", "event_id"),)

    suspicion_id: Mapped[int] = mapped_column(ForeignKey("suspicion.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)


class HeldEarning(Model):
    """What one fact earns under one version of a rule, held until a person decides.

    For a fact that came while the suspicion was open these are growth and points, and no entry stands in the ledger yet. For
    one that had been paid before they are the points that were taken back; its growth stays until it is refused, so that
    nobody's level falls on a mere suspicion. `dropped_at`: the fact itself was undone meanwhile.
    """

    __tablename__ = "held_earning"
    __table_args__ = (
        UniqueConstraint("event_id", "rule_version_id"),
        Index("ix_held_earning_suspicion_id", "suspicion_id"),
        Index("ix_held_earning_member_id", "member_id"),
    )

    suspicion_id: Mapped[int] = mapped_column(ForeignKey("suspicion.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    rule_version_id: Mapped[int] = mapped_column(ForeignKey("rule_version.id"))
    growth: Mapped[int]
    points: Mapped[int]
    was_paid: Mapped[bool] = mapped_column(default=False)
    expires_at: Mapped[datetime | None]
    held_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]

    rule_version: Mapped[RuleVersion] = relationship()
    suspicion: Mapped[Suspicion] = relationship()


class SuspicionAppeal(Model):
    """What one of those concerned says against a refusal, once; and what somebody else than who refused decided."""

    __tablename__ = "suspicion_appeal"
    __table_args__ = (
        UniqueConstraint("suspicion_id", "member_id"),
        CheckConstraint("(decided_at IS NULL) = (upheld IS NULL)", name="decided_one_way"),
        Index("ix_suspicion_appeal_decided_at", "decided_at", "made_at"),
    )

    suspicion_id: Mapped[int] = mapped_column(ForeignKey("suspicion.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    upheld: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(String(500), default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    suspicion: Mapped[Suspicion] = relationship()
    member: Mapped[Member] = relationship()
    decided_by: Mapped[User | None] = relationship()


class WatchRound(Model):
    """One look at the facts: up to which fact, how many members were looked at, how many suspicions it raised."""

    __tablename__ = "watch_round"

    up_to_event_id: Mapped[int] = mapped_column(BigId)
    members: Mapped[int]
    found: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
