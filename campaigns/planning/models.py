"""Campaigns: what the brand sets out to do, for how long, and what counts as taking part."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Select, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import Model, Public, word_enum
from commons.events import Evidence
from commons.permissions import Permission


class CampaignKind(enum.StrEnum):
    """Content-led wants content, community-led wants people to meet, product-led spreads a feature."""

    CONTENT = "content"
    COMMUNITY = "community"
    PRODUCT = "product"


class MissionKind(enum.StrEnum):
    COMMENT = "comment"
    SHARE = "share"
    CHECK_IN = "check_in"
    JOIN_GROUP_BUY = "join_group_buy"


class Campaign(Public, Model):
    """A campaign. Its period is meant in `zone`; `launched_at` and `ended_at` say what really happened.

    `goal_participants` is the number of people it wants; the plan for a day is its even share up to that day.
    """

    __tablename__ = "campaign"

    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[CampaignKind] = mapped_column(word_enum(CampaignKind))
    goal: Mapped[str] = mapped_column(String(200), default="")
    goal_participants: Mapped[int]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)
    zone: Mapped[str] = mapped_column(String(64))
    lead_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]

    lead: Mapped[User] = relationship()
    missions: Mapped[list[Mission]] = relationship(back_populates="campaign", order_by="Mission.position")

    @classmethod
    def visible_to(cls, user: User, at: datetime) -> Select[Campaign]:
        """Staff who may read campaigns see all; everybody else those that have begun at `at` and were not cancelled."""
        if user.is_authenticated and user.can(Permission.CAMPAIGN_READ):
            return select(cls)
        return select(cls).where(cls.starts_at <= at, cls.cancelled_at.is_(None))


class Mission(Public, Model):
    """Something a fan can do in a campaign: `needed` facts of its kind, each at least as well proven as `evidence`."""

    __tablename__ = "mission"
    __table_args__ = (UniqueConstraint("campaign_id", "position"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    kind: Mapped[MissionKind] = mapped_column(word_enum(MissionKind))
    title: Mapped[str] = mapped_column(String(120))
    needed: Mapped[int] = mapped_column(default=1)
    evidence: Mapped[Evidence] = mapped_column(word_enum(Evidence), default=Evidence.SELF_DECLARED)
    position: Mapped[int]

    campaign: Mapped[Campaign] = relationship(back_populates="missions")
