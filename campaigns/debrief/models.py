"""What the team takes from a campaign: lessons, and decisions for the next one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Select, String, Text, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.planning.models import Campaign
from commons.accounts.models import User
from commons.db import Model, Public
from commons.permissions import Permission

LONGEST_LESSON = 4000
LONGEST_DECISION = 300


class Lesson(Public, Model):
    """What somebody of the team learnt from a campaign. Kept as it was written; who thinks otherwise writes another one."""

    __tablename__ = "campaign_lesson"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime]

    campaign: Mapped[Campaign] = relationship()
    author: Mapped[User] = relationship()


class NextTime(Public, Model):
    """What is decided for the next campaign, until somebody has seen to it (`done_at`)."""

    __tablename__ = "campaign_next_time"
    __table_args__ = (CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="done_by_somebody"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    text: Mapped[str] = mapped_column(String(LONGEST_DECISION))
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    campaign: Mapped[Campaign] = relationship()
    decided_by: Mapped[User] = relationship(foreign_keys=[decided_by_id])
    done_by: Mapped[User | None] = relationship(foreign_keys=[done_by_id])

    @classmethod
    def visible_to(cls, user: User) -> Select[NextTime]:
        return select(cls) if user.can(Permission.CAMPAIGN_READ) else select(cls).where(false())
