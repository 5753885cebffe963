"""What members are told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import Model, Public
from community.members.models import Member


class Notice(Public, Model):
    """Something one member should know. The sentence of its `kind` is filled from `details` in the reader's language."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_member_id_at", "member_id", "at", "id"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    kind: Mapped[str] = mapped_column(String(64))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    url: Mapped[str] = mapped_column(String(300), default="")
    key: Mapped[str] = mapped_column(String(160), unique=True)
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()

    @classmethod
    def visible_to(cls, user: User) -> Select[Notice]:
        """Each fan sees what was said to him."""
        if not user.is_authenticated:
            return select(cls).where(false())
        return select(cls).join(Member).where(Member.user_id == user.id)
