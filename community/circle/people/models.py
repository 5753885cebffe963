"""What members show of themselves to everybody, and what others say against it."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.db import Model
from community.circle.interests.models import Complaint
from community.members.models import Member


class Part(enum.StrEnum):
    """What a profile can show besides the name."""

    LEVEL = "level"
    JOINED = "joined"
    BADGES = "badges"
    CIRCLES = "circles"
    FEATURED = "featured"
    POSTS = "posts"


class PublicProfile(Model):
    """A member's profile for everybody: shown since `shown_since` (None: it is nowhere), with these `parts` and no others.

    `findable`: search engines may list it. Staff may take it away under a rule of the content standard (`hidden_at`,
    `hidden_words`); the member may then ask for another look (`asked_again_at`).
    """

    __tablename__ = "public_profile"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), unique=True)
    shown_since: Mapped[datetime | None]
    parts: Mapped[list[Any]] = mapped_column(default=list)
    findable: Mapped[bool] = mapped_column(default=False)
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    hidden_words: Mapped[str] = mapped_column(String(500), default="")
    asked_again_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()

    @property
    def is_shown(self) -> bool:
        return self.shown_since is not None and self.hidden_at is None


class ProfileReport(Complaint, Model):
    """A member's word that a profile breaks a rule: one for each pair."""

    __tablename__ = "profile_report"
    __table_args__ = (
        UniqueConstraint("member_id", "reporter_id"),
        Index("ix_profile_report_settled_at", "settled_at"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    reporter_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)

    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    reporter: Mapped[Member] = relationship(foreign_keys=[reporter_id])
