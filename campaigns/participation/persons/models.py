"""Accounts in a campaign that may be one person's, what speaks for it, and what somebody decided."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.planning.models import Campaign
from commons.accounts.models import User
from commons.db import Model, Public, word_enum
from commons.permissions import Permission
from community.members.models import Member


class Decision(enum.StrEnum):
    """What somebody made of it. `UNSURE` leaves everything as it is, and the group in sight."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


class PersonGroup(Public, Model):
    """Accounts that may belong to one person. `evidence` holds the signs (`signs.Sighting.kept`) that tie them together.

    Nothing follows from being found. Where they are the same person, one of them counts (`counts_id`) and the others are
    kept out of the campaign with a reason of their own.
    """

    __tablename__ = "person_group"
    __table_args__ = (
        Index("ix_person_group_campaign_id_decision", "campaign_id", "decision", "id"),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_at_a_moment"),
        CheckConstraint("decision <> 'same' OR counts_id IS NOT NULL", name="one_counts"),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    evidence: Mapped[list[Any]] = mapped_column(default=list)
    found_at: Mapped[datetime]
    decision: Mapped[Decision | None] = mapped_column(word_enum(Decision))
    reason: Mapped[str] = mapped_column(String(300), default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    counts_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

    campaign: Mapped[Campaign] = relationship()
    decided_by: Mapped[User | None] = relationship()
    people: Mapped[list[PersonAccount]] = relationship(order_by="PersonAccount.id", cascade="all, delete-orphan")

    @property
    def is_open(self) -> bool:
        return self.decision in {None, Decision.UNSURE}

    @classmethod
    def visible_to(cls, user: User) -> Select[PersonGroup]:
        """For those who may read campaigns and profiles; a fan learns of a decision by its reason."""
        may = user.is_authenticated and user.can(Permission.CAMPAIGN_READ) and user.can(Permission.MEMBER_READ)
        return select(cls) if may else select(cls).where(false())


class PersonAccount(Model):
    """An account of a group."""

    __tablename__ = "person_account"
    __table_args__ = (UniqueConstraint("group_id", "member_id"),)

    group_id: Mapped[int] = mapped_column(ForeignKey("person_group.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)

    member: Mapped[Member] = relationship()
