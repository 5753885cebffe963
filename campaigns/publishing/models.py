"""Deliveries: one post on its way to one channel account, and every attempt at it."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, Text, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.posts.models import BrandPost
from commons.accounts.models import User
from commons.db import Model, Public, word_enum
from commons.permissions import Permission
from community.channels.models import ChannelAccount, ChannelPost

LATENESS_LIMIT = 600

# Reasons of ours; any other reason is in the words of the channel.
LATE = "late"
INTERRUPTED = "interrupted"


class DeliveryState(enum.StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    FAILED = "failed"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Delivery(Public, Model):
    """A post for one channel account. `due_at` is the moment that `wall_clock` in `zone` means.

    More than `lateness_limit` seconds after `due_at`, that is after `late_at`, it is missed and not sent. While
    publishing, `lease` names the claim and `lease_until` says when it may be taken over. `reason` says why it failed or
    was missed.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("post_id", "account_id"),
        Index("ix_delivery_state_due_at", "state", "due_at"),
        Index("ix_delivery_due_at", "due_at"),
    )

    post_id: Mapped[int] = mapped_column(ForeignKey("brand_post.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    state: Mapped[DeliveryState] = mapped_column(word_enum(DeliveryState), default=DeliveryState.DRAFT)
    wall_clock: Mapped[str | None] = mapped_column(String(19))
    zone: Mapped[str | None] = mapped_column(String(64))
    due_at: Mapped[datetime | None]
    late_at: Mapped[datetime | None]
    lateness_limit: Mapped[int] = mapped_column(default=LATENESS_LIMIT)
    scheduled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    lease: Mapped[str | None] = mapped_column(String(16))
    lease_until: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    channel_post_id: Mapped[int | None] = mapped_column(ForeignKey("channel_post.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(300), default="")

    post: Mapped[BrandPost] = relationship()
    account: Mapped[ChannelAccount] = relationship(lazy="joined")
    scheduled_by: Mapped[User | None] = relationship()
    channel_post: Mapped[ChannelPost | None] = relationship()

    @property
    def lateness(self) -> float | None:
        """Seconds from the moment it was meant for to the moment it stood on the channel."""
        if self.published_at is None or self.due_at is None:
            return None
        return (self.published_at - self.due_at).total_seconds()

    @property
    def is_fixed(self) -> bool:
        """Whether what it says can no longer change: it is on its way or out."""
        return self.state in {DeliveryState.PUBLISHING, DeliveryState.PUBLISHED}

    @classmethod
    def visible_to(cls, user: User) -> Select[Delivery]:
        """Whoever may read posts sees where they go."""
        if not user.can(Permission.POST_READ):
            return select(cls).where(false())
        return select(cls).join(BrandPost).where(BrandPost.discarded_at.is_(None))


class AttemptOutcome(enum.StrEnum):
    """`open` until the channel has answered."""

    OPEN = "open"
    PUBLISHED = "published"
    REJECTED = "rejected"
    INTERRUPTED = "interrupted"


class Attempt(Model):
    """One try: the frozen request, written before the call, and what came of it."""

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("delivery_id", "number"),)

    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    number: Mapped[int]
    request: Mapped[dict[str, Any]]
    outcome: Mapped[AttemptOutcome] = mapped_column(word_enum(AttemptOutcome), default=AttemptOutcome.OPEN)
    answer: Mapped[str] = mapped_column(Text, default="")
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    delivery: Mapped[Delivery] = relationship()

    def end(self, outcome: AttemptOutcome, answer: str, at: datetime) -> None:
        """What came of it. An attempt that has ended stays as it is."""
        if self.ended_at is None:
            self.outcome, self.answer, self.ended_at = outcome, answer, at
