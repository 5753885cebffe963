"""Who brought whom: into the circle, and into each campaign."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.planning.models import Campaign
from commons.accounts.models import User
from commons.db import BigId, Model, word_enum
from community.members.models import Member

CIRCLE = "circle"
DEEPEST_REWARD = 3


class Way(enum.StrEnum):
    """How somebody was brought."""

    LINK = "link"
    INVITATION = "invitation"
    GROUP_BUY = "group_buy"


class Bringing(Model):
    """`member_id` was brought by `by_member_id`: once in each scope, by whoever was first.

    `scope` is the circle as a whole, or one campaign (`scope_of`). `event_id` is the fact that says so.
    """

    __tablename__ = "bringing"
    __table_args__ = (
        UniqueConstraint("scope", "member_id"),
        CheckConstraint("member_id <> by_member_id", name="nobody_brings_himself"),
        Index("ix_bringing_by_member_id_scope", "by_member_id", "scope"),
    )

    scope: Mapped[str] = mapped_column(String(32))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    by_member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    way: Mapped[Way] = mapped_column(word_enum(Way))
    event_id: Mapped[int] = mapped_column(BigId)
    brought_at: Mapped[datetime]

    campaign: Mapped[Campaign | None] = relationship()
    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    by_member: Mapped[Member] = relationship(foreign_keys=[by_member_id])


class RewardDepth(Model):
    """Up to how many steps away somebody counts as brought, from this moment on; the newest row holds, 1 without any."""

    __tablename__ = "chain_reward_depth"
    __table_args__ = (CheckConstraint(f"depth BETWEEN 1 AND {DEEPEST_REWARD}", name="depth_allowed"),)

    depth: Mapped[int]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    set_by: Mapped[User] = relationship()


def scope_of(campaign_id: int | None) -> str:
    """How `Bringing.scope` names a campaign; the circle for None."""
    return CIRCLE if campaign_id is None else f"campaign:{campaign_id}"
