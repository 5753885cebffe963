"""Badges and who has them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, String, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import Model, Public, word_enum
from commons.events import Event, Evidence
from commons.i18n import Words, WordsColumn
from commons.permissions import Permission
from community.loyalty.badges.deserving import Terms
from community.members.models import Member

CHECKED_IN = "circle.checked_in"
"""The fact of which a row of days is a streak, with its freezes."""


class Badge(Public, Model):
    """A badge: its name, a word to the fan, its picture, and which facts bring it. What it takes never changes.

    A retired badge is granted to nobody any more, and stays with those who have it.
    """

    __tablename__ = "badge"

    code: Mapped[str] = mapped_column(String(48), unique=True)
    name: Mapped[Words] = mapped_column(WordsColumn)
    words: Mapped[Words] = mapped_column(WordsColumn)
    motif: Mapped[str] = mapped_column(String(24))
    tone: Mapped[str] = mapped_column(String(24))
    event_kind: Mapped[str] = mapped_column(String(64), index=True)
    times: Mapped[int] = mapped_column(default=1)
    days: Mapped[int] = mapped_column(default=1)
    in_a_row: Mapped[bool] = mapped_column(default=False)
    evidence: Mapped[Evidence] = mapped_column(word_enum(Evidence), default=Evidence.SELF_DECLARED)
    only: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    made_by: Mapped[User | None] = relationship()

    @property
    def terms(self) -> Terms:
        freezes = self.event_kind == CHECKED_IN
        return Terms(self.times, self.days, self.in_a_row, self.evidence, self.only, freezes)

    @classmethod
    def visible_to(cls, user: User) -> Select[Badge]:
        """Staff who may see points see all badges."""
        return select(cls) if user.can(Permission.LOYALTY_READ) else select(cls).where(false())


class BadgeAward(Model):
    """A member has a badge: since when, and the fact that fulfilled it. Revoked it stays as a row, and may be granted again."""

    __tablename__ = "badge_award"
    __table_args__ = (UniqueConstraint("badge_id", "member_id"),)

    badge_id: Mapped[int] = mapped_column(ForeignKey("badge.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    times_granted: Mapped[int] = mapped_column(default=1)

    badge: Mapped[Badge] = relationship()
    member: Mapped[Member] = relationship()
    event: Mapped[Event | None] = relationship()
