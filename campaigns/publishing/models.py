"""Deliveries: one post on its way to one channel account, and every attempt at it."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, Text, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.posts.models import BrandPost
from commons.accounts.models import User
from commons.db import Model, Public, index_of_filled, word_enum
from commons.permissions import Permission
from community.channels.models import ChannelAccount, ChannelPost

LATENESS_LIMIT = 600

# Reasons of ours; any other reason is in the words of the channel.
LATE = "late"
INTERRUPTED = "interrupted"
NOT_APPROVED = "not_approved"
LEFT = "left"


class DeliveryState(enum.StrEnum):
    """`in_review` waits for approval, `approved` has it and waits for a time; `held` fell into a hold when it came due.

    `partial`: some parts stand, the rest will not come by itself. `unknown`: nobody can tell whether it was taken.
    """

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    HELD = "held"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    PARTIAL = "partial"
    UNKNOWN = "unknown"
    FAILED = "failed"
    MISSED = "missed"
    CANCELLED = "cancelled"


# Still to go out, and not on its way yet: it may be changed, moved and cancelled.
PLANNED = frozenset({DeliveryState.IN_REVIEW, DeliveryState.APPROVED, DeliveryState.SCHEDULED, DeliveryState.HELD})
# On its way or out somewhere: what is said there no longer changes.
FIXED = frozenset({DeliveryState.PUBLISHING, DeliveryState.PUBLISHED, DeliveryState.PARTIAL, DeliveryState.UNKNOWN})


class Delivery(Public, Model):
    """A post for one channel account. `due_at` is the moment that `wall_clock` in `zone` means.

    More than `lateness_limit` seconds after `due_at`, that is after `late_at`, it is missed and not sent. While
    publishing, `lease` names the claim and `lease_until` says when it may be taken over or tried again. `tried_at` is when
    the first request was written down: from then on it is never missed, only carried to its end. Planned anew after it had
    failed, it begins another `round` with fresh requests. `reason` says why it failed, was missed, held, stopped half-way or
    is unknown. `check_at` is when it is looked over next before it goes out. Holds that began before `let_through_at` do
    not catch it.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("post_id", "account_id"),
        Index("ix_delivery_state_due_at", "state", "due_at"),
        Index("ix_delivery_due_at", "due_at"),
        index_of_filled("ix_delivery_check_at", "check_at"),
        index_of_filled("uq_delivery_channel_post_id", "channel_post_id", unique=True),
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
    tried_at: Mapped[datetime | None]
    round: Mapped[int] = mapped_column(default=1)
    check_at: Mapped[datetime | None]
    let_through_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    channel_post_id: Mapped[int | None] = mapped_column(ForeignKey("channel_post.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")

    post: Mapped[BrandPost] = relationship()
    account: Mapped[ChannelAccount] = relationship(lazy="joined")
    scheduled_by: Mapped[User | None] = relationship()
    channel_post: Mapped[ChannelPost | None] = relationship()

    @property
    def url(self) -> str:
        """Its page."""
        return f"/publishing/{self.public_id}"

    @property
    def lateness(self) -> float | None:
        """Seconds from the moment it was meant for to the moment it stood on the channel."""
        if self.published_at is None or self.due_at is None:
            return None
        return (self.published_at - self.due_at).total_seconds()

    @property
    def is_fixed(self) -> bool:
        """Whether what it says can no longer change: it is on its way or out."""
        return self.state in FIXED

    @classmethod
    def visible_to(cls, user: User) -> Select[Delivery]:
        """Whoever may read posts sees where they go."""
        if not user.can(Permission.POST_READ):
            return select(cls).where(false())
        return select(cls).join(BrandPost).where(BrandPost.discarded_at.is_(None))


class AttemptOutcome(enum.StrEnum):
    """`open` until the channel has answered. The others are the words of `community.channels.outcomes`.

    `found` and `not_found` are what looking for it on the channel came to, `denied` is a person's word that it is not
    there, `interrupted` an error of our own, `by_person` that somebody was asked to post it by hand.
    """

    OPEN = "open"
    PUBLISHED = "published"
    REJECTED = "rejected"
    SIGN_IN = "sign_in"
    RATE = "rate"
    NOT_SENT = "not_sent"
    AMBIGUOUS = "ambiguous"
    DUPLICATE = "duplicate"
    MEDIA_PENDING = "media_pending"
    FOUND = "found"
    NOT_FOUND = "not_found"
    CANNOT_TELL = "cannot_tell"
    DENIED = "denied"
    BY_PERSON = "by_person"
    INTERRUPTED = "interrupted"


class AttemptKind(enum.StrEnum):
    """`send` puts a part on the channel, `find` looks whether it is there already.

    `freeze` is making the requests, of which nothing can come that readers see; it is kept only where it failed.
    """

    SEND = "send"
    FIND = "find"
    FREEZE = "freeze"


class Attempt(Model):
    """One try at one part: the frozen request, committed before the call, and what came of it.

    `progress` is what the try has reached on the way (media that were taken). After `lease_until` an open attempt is
    abandoned: whoever made it is gone, and what it did is unknown.
    """

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("delivery_id", "number"),)

    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    number: Mapped[int]
    round: Mapped[int] = mapped_column(default=1)
    part: Mapped[int] = mapped_column(default=1)
    kind: Mapped[AttemptKind] = mapped_column(word_enum(AttemptKind), default=AttemptKind.SEND)
    request: Mapped[dict[str, Any]]
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)
    outcome: Mapped[AttemptOutcome] = mapped_column(word_enum(AttemptOutcome), default=AttemptOutcome.OPEN)
    answer: Mapped[str] = mapped_column(Text, default="")
    started_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    delivery: Mapped[Delivery] = relationship()

    def end(self, outcome: AttemptOutcome, answer: str, at: datetime) -> None:
        """What came of it. An attempt that has ended stays as it is."""
        if self.ended_at is None:
            self.outcome, self.answer, self.ended_at = outcome, answer, at


class DeliveryPart(Model):
    """One part of a delivery: what is to be sent, frozen before the first try, and how it stands on the channel since.

    `is_comment` marks the brand's first comment. `live_text` is what stood there when it was looked at, at `live_at`; None
    at that moment means that it was gone.
    """

    __tablename__ = "delivery_part"
    __table_args__ = (UniqueConstraint("delivery_id", "number"),)

    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    number: Mapped[int]
    is_comment: Mapped[bool] = mapped_column(default=False)
    request: Mapped[dict[str, Any]]
    external_id: Mapped[str | None] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(500), default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sent_at: Mapped[datetime | None]
    live_text: Mapped[str | None] = mapped_column(Text)
    live_at: Mapped[datetime | None]

    delivery: Mapped[Delivery] = relationship()
