"""Seed users, the codes by which they invite, who came by them, and how many of those who joined stayed."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, UniqueConstraint, false, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import Model, Public, word_enum
from commons.permissions import Permission
from community.members.models import Member

RUNNING = text("ended_at IS NULL")
CODE_LENGTH = 8


class SeedUser(Public, Model):
    """A member whom the team named, from `named_at` until `ended_at`: at most one such time runs for a member.

    `fields` are what the person knows about, `note` is for the team alone.
    """

    __tablename__ = "seed_user"
    __table_args__ = (
        Index(
            "uq_seed_user_member_id_running", "member_id", unique=True, postgresql_where=RUNNING, sqlite_where=RUNNING
        ),
        Index("ix_seed_user_member_id", "member_id"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    note: Mapped[str] = mapped_column(String(500), default="")
    named_at: Mapped[datetime]
    named_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    end_reason: Mapped[str] = mapped_column(String(200), default="")

    member: Mapped[Member] = relationship()
    named_by: Mapped[User] = relationship(foreign_keys=[named_by_id])
    ended_by: Mapped[User | None] = relationship(foreign_keys=[ended_by_id])
    fields: Mapped[list[SeedField]] = relationship(order_by="SeedField.id", cascade="all, delete-orphan")

    @property
    def is_running(self) -> bool:
        return self.ended_at is None

    @property
    def words(self) -> list[str]:
        """The fields in the order in which they were written."""
        return [field.word for field in self.fields]

    @classmethod
    def visible_to(cls, user: User) -> Select[SeedUser]:
        """Staff who may see profiles see all of them, but none of a self that is part of another member by now."""
        if not user.can(Permission.MEMBER_READ):
            return select(cls).where(false())
        return select(cls).join(Member, Member.id == cls.member_id).where(Member.merged_into_id.is_(None))


class SeedField(Model):
    """One field in which a seed user is at home, such as tea or photography."""

    __tablename__ = "seed_field"
    __table_args__ = (UniqueConstraint("seed_user_id", "word"), Index("ix_seed_field_word", "word"))

    seed_user_id: Mapped[int] = mapped_column(ForeignKey("seed_user.id"))
    word: Mapped[str] = mapped_column(String(24))


class CodeState(enum.StrEnum):
    OPEN = "open"
    USED_UP = "used_up"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ENDED = "ended"


class InvitationCode(Public, Model):
    """A code of a seed user that `most` people can use; `used` changes only by conditional update."""

    __tablename__ = "invitation_code"
    __table_args__ = (
        CheckConstraint("used >= 0 AND used <= most", name="never_overused"),
        Index("ix_invitation_code_seed_user_id", "seed_user_id"),
    )

    seed_user_id: Mapped[int] = mapped_column(ForeignKey("seed_user.id"))
    code: Mapped[str] = mapped_column(String(12), unique=True)
    most: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    seed_user: Mapped[SeedUser] = relationship()

    @property
    def shown(self) -> str:
        """The code as people read it: in two halves."""
        return f"{self.code[: CODE_LENGTH // 2]}-{self.code[CODE_LENGTH // 2 :]}"

    def state(self, at: datetime) -> CodeState:
        """Whether it can be used at that moment, and if not, why not."""
        if self.revoked_at is not None:
            return CodeState.REVOKED
        if not self.seed_user.is_running:
            return CodeState.ENDED
        if self.used >= self.most:
            return CodeState.USED_UP
        return CodeState.EXPIRED if self.expires_at is not None and self.expires_at <= at else CodeState.OPEN

    @classmethod
    def visible_to(cls, user: User) -> Select[InvitationCode]:
        """Staff who may see profiles see every code."""
        return select(cls) if user.can(Permission.MEMBER_READ) else select(cls).where(false())


class Claim(Model):
    """The code that somebody typed at sign-up. It counts, and takes a use, once the mail address is proven."""

    __tablename__ = "invitation_claim"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), unique=True)
    code_id: Mapped[int] = mapped_column(ForeignKey("invitation_code.id"))
    claimed_at: Mapped[datetime]

    code: Mapped[InvitationCode] = relationship()


class Acceptance(Model):
    """A member came by a code of `inviter`; once in a life. `name_shown`: the member lets the inviter see who came."""

    __tablename__ = "invitation_acceptance"
    __table_args__ = (Index("ix_invitation_acceptance_inviter_id_accepted_at", "inviter_id", "accepted_at"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), unique=True)
    inviter_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    code_id: Mapped[int] = mapped_column(ForeignKey("invitation_code.id"), index=True)
    name_shown: Mapped[bool] = mapped_column(default=False)
    accepted_at: Mapped[datetime]

    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    inviter: Mapped[Member] = relationship(foreign_keys=[inviter_id])
    code: Mapped[InvitationCode] = relationship()


class Unit(enum.StrEnum):
    """By what people are put together who joined, and how long the periods are in which one looks for them."""

    MONTH = "month"
    WEEK = "week"


class RetentionCount(Model):
    """How many of those who joined in each period were active in it and in the following ones; the latest count of a unit.

    `cohorts` is what `retention.Cohort.plain` writes. Days are those of `zone`.
    """

    __tablename__ = "retention_count"

    unit: Mapped[Unit] = mapped_column(word_enum(Unit), unique=True)
    zone: Mapped[str] = mapped_column(String(64))
    cohorts: Mapped[list[Any]] = mapped_column(default=list)
    counted_at: Mapped[datetime]
