"""Feeds of the plan, for the calendars of people."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Select, String, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.planning.models import Campaign
from commons.accounts.models import User
from commons.db import Model, Public, word_enum
from commons.permissions import Permission
from community.channels.models import ChannelAccount


class FeedKind(enum.StrEnum):
    """Whose posts are in it: all of the team's, those of one account, or those of one campaign."""

    TEAM = "team"
    ACCOUNT = "account"
    CAMPAIGN = "campaign"


class CalendarFeed(Public, Model):
    """An address with a secret in it, of which only the hash is kept. Whoever has it reads the plan, until the feed is ended,
    gets a new address, or `made_by` may no longer read posts.
    """

    __tablename__ = "calendar_feed"

    kind: Mapped[FeedKind] = mapped_column(word_enum(FeedKind))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("channel_account.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    renewed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    account: Mapped[ChannelAccount | None] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    made_by: Mapped[User] = relationship()

    @classmethod
    def visible_to(cls, user: User) -> Select[CalendarFeed]:
        """The feeds that are open, for those who plan posts."""
        if not user.can(Permission.POST_SCHEDULE):
            return select(cls).where(false())
        return select(cls).where(cls.ended_at.is_(None))
