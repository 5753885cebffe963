"""What stands in the points shop, and what was taken out of it."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.crypto import EncryptedJson
from commons.db import Model, Public, word_enum
from commons.i18n import Words, WordsColumn
from commons.media.models import Picture
from commons.permissions import Permission
from community.loyalty.models import LedgerEntry, Level
from community.members.models import Member


class Handing(enum.StrEnum):
    """How a reward comes to the fan: sent by post, collected against a code, or a code out of a list that is the reward."""

    PARCEL = "parcel"
    COUNTER = "counter"
    CODE = "code"


class RewardState(enum.StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Reward(Public, Model):
    """Something for points. `stock` in all, of which `taken` are gone: that one changes only by conditional update.

    `per_fan` is how many one fan may have, `level` the level that it takes; None means no limit.
    """

    __tablename__ = "reward"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND taken <= stock", name="never_oversold"),
        CheckConstraint("cost > 0", name="costs_something"),
    )

    name: Mapped[Words] = mapped_column(WordsColumn)
    about: Mapped[Words] = mapped_column(WordsColumn)
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    picture_alt: Mapped[str] = mapped_column(String(300), default="")
    handing: Mapped[Handing] = mapped_column(word_enum(Handing))
    cost: Mapped[int]
    stock: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    per_fan: Mapped[int | None]
    level_id: Mapped[int | None] = mapped_column(ForeignKey("level.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]

    picture: Mapped[Picture | None] = relationship()
    level: Mapped[Level | None] = relationship()

    @property
    def state(self) -> RewardState:
        if self.opened_at is None:
            return RewardState.DRAFT
        return RewardState.OPEN if self.closed_at is None else RewardState.CLOSED

    @property
    def left(self) -> int:
        return self.stock - self.taken

    @classmethod
    def visible_to(cls, user: User) -> Select[Reward]:
        """Staff who may see points see drafts too, fans what ever stood in the shop."""
        if user.can(Permission.LOYALTY_READ):
            return select(cls)
        return select(cls).where(cls.opened_at.is_not(None) if user.can(Permission.TAKE_PART) else false())


class Redemption(Public, Model):
    """One reward for one fan, paid by `entry`. It waits until it is handed over, or its points went back.

    `code` is what the fan shows at the counter, or the reward itself; `address` goes once it is no longer needed.
    """

    __tablename__ = "redemption"
    __table_args__ = (
        Index("ix_redemption_member_id_redeemed_at", "member_id", "redeemed_at"),
        Index("ix_redemption_reward_id_redeemed_at", "reward_id", "redeemed_at"),
        CheckConstraint("refunded_at IS NULL OR refund_note <> '' OR refunded_by_id IS NULL", name="says_why"),
    )

    reward_id: Mapped[int] = mapped_column(ForeignKey("reward.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    cost: Mapped[int]
    code: Mapped[str | None] = mapped_column(String(80), index=True)
    address: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson)
    redeemed_at: Mapped[datetime]
    handed_at: Mapped[datetime | None] = mapped_column(index=True)
    handed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    tracking: Mapped[str] = mapped_column(String(80), default="")
    refunded_at: Mapped[datetime | None]
    refunded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    refund_note: Mapped[str] = mapped_column(String(200), default="")

    reward: Mapped[Reward] = relationship()
    member: Mapped[Member] = relationship()
    entry: Mapped[LedgerEntry] = relationship()
    handed_by: Mapped[User | None] = relationship(foreign_keys=[handed_by_id])
    refunded_by: Mapped[User | None] = relationship(foreign_keys=[refunded_by_id])

    @property
    def waits(self) -> bool:
        return self.handed_at is None and self.refunded_at is None

    @classmethod
    def visible_to(cls, user: User) -> Select[Redemption]:
        """Who runs the shop sees all of them, a fan his own."""
        if user.can(Permission.REWARD_WRITE):
            return select(cls)
        if not user.is_authenticated:
            return select(cls).where(false())
        return select(cls).join(Member, Member.id == cls.member_id).where(Member.user_id == user.id)


class RewardCode(Model):
    """One code out of the list of a reward that is a code; given to one redemption, once."""

    __tablename__ = "reward_code"
    __table_args__ = (UniqueConstraint("reward_id", "code"),)

    reward_id: Mapped[int] = mapped_column(ForeignKey("reward.id"))
    code: Mapped[str] = mapped_column(String(80))
    redemption_id: Mapped[int | None] = mapped_column(ForeignKey("redemption.id"), unique=True)
