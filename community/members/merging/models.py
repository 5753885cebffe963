"""Members who turned out to be one person: who was joined with whom, by what proof, and which rows went along."""

from __future__ import annotations

import enum
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, UniqueConstraint, false, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import BigId, Model, Public, word_enum
from commons.events import Evidence
from commons.permissions import Permission
from community.members.models import Member

OPEN = text("split_at IS NULL")


class Proof(enum.StrEnum):
    """By what it is known that a handle, or another member, is this person.

    The person signed in with the network (`network`), posted a code there (`code`), or was signed in with both accounts
    (`both_accounts`). Or somebody of the team says so, with a reason (`staff`).
    """

    NETWORK = "network"
    CODE = "code"
    BOTH_ACCOUNTS = "both_accounts"
    STAFF = "staff"

    @property
    def evidence(self) -> Evidence:
        return Evidence.STAFF if self is Proof.STAFF else Evidence.NETWORK


class Merge(Public, Model):
    """The `other` self is part of the `kept` one from `merged_at` until it is split off again.

    A member is part of one other at most; who was merged may have others merged into himself before.
    """

    __tablename__ = "member_merge"
    __table_args__ = (
        Index("uq_member_merge_open", "other_id", unique=True, postgresql_where=OPEN, sqlite_where=OPEN),
        CheckConstraint("kept_id <> other_id", name="two_members"),
        CheckConstraint("proof <> 'staff' OR reason <> ''", name="says_why"),
    )

    kept_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    proof: Mapped[Proof] = mapped_column(word_enum(Proof))
    reason: Mapped[str] = mapped_column(String(200), default="")
    merged_at: Mapped[datetime]
    merged_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    split_at: Mapped[datetime | None]
    split_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    split_reason: Mapped[str] = mapped_column(String(200), default="")

    kept: Mapped[Member] = relationship(foreign_keys=[kept_id])
    other: Mapped[Member] = relationship(foreign_keys=[other_id])
    merged_by: Mapped[User] = relationship(foreign_keys=[merged_by_id])
    split_by: Mapped[User | None] = relationship(foreign_keys=[split_by_id])

    @property
    def key(self) -> str:
        """The name under which other rooms carry out their part once."""
        return f"merge:{self.public_id}"

    @classmethod
    def visible_to(cls, user: User) -> Select[Merge]:
        """Staff who may read profiles see every merge."""
        return select(cls) if user.can(Permission.MEMBER_READ) else select(cls).where(false())

    @classmethod
    def of(cls, ids: Collection[int]) -> Select[Merge]:
        """These merges."""
        return select(cls).where(cls.id.in_(ids))


class MergedRow(Model):
    """One row of some table that a merge touched: it `went` from the other self to the kept one, or it changed what it says.

    Then `was` and `became` are the columns that changed, before and after.
    """

    __tablename__ = "merged_row"
    __table_args__ = (UniqueConstraint("merge_id", "table_name", "row_id"),)

    merge_id: Mapped[int] = mapped_column(ForeignKey("member_merge.id"))
    table_name: Mapped[str] = mapped_column(String(64))
    row_id: Mapped[int] = mapped_column(BigId)
    went: Mapped[bool] = mapped_column(default=True)
    was: Mapped[dict[str, Any]] = mapped_column(default=dict)
    became: Mapped[dict[str, Any]] = mapped_column(default=dict)


class MergeAsk(Public, Model):
    """A signed-in fan says that another account is his too; whoever opens it signed in with that one proves it.

    `public_id` is what the fan carries from one browser to the other, for a short while.
    """

    __tablename__ = "merge_ask"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    asked_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()
