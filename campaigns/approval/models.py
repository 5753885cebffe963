"""Routes, requests, decisions, and links for reviewers outside."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, Text, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.planning.models import Campaign
from campaigns.posts.models import BrandPost
from campaigns.publishing.models import Delivery
from commons.accounts.models import User
from commons.db import Model, Public, word_enum
from commons.permissions import Permission
from community.channels.models import ChannelAccount

TOLERANCE_MINUTES = 60
LASTS_DAYS = 31  # what is planned for a month is approved in one sitting
REMIND_HOURS = 4


class ApprovalRoute(Public, Model):
    """Who has to agree, in order: for a campaign, for an account, for both together, or (neither) for everything.

    Each step is `{"role": …}`, `{"people": [ids]}` or `{}` for anybody who may approve. No steps: nobody has to.
    `scope` names campaign and account, so that there is one route for each.
    """

    __tablename__ = "approval_route"

    scope: Mapped[str] = mapped_column(String(48), unique=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("channel_account.id"))
    steps: Mapped[list[Any]] = mapped_column(default=list)
    tolerance_minutes: Mapped[int] = mapped_column(default=TOLERANCE_MINUTES)
    lasts_days: Mapped[int] = mapped_column(default=LASTS_DAYS)
    remind_hours: Mapped[int] = mapped_column(default=REMIND_HOURS)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    campaign: Mapped[Campaign | None] = relationship()
    account: Mapped[ChannelAccount | None] = relationship()
    changed_by: Mapped[User | None] = relationship()

    @classmethod
    def visible_to(cls, user: User) -> Select[ApprovalRoute]:
        return select(cls) if user.can(Permission.BRAND_MANAGE) else select(cls).where(false())


class RequestState(enum.StrEnum):
    """`changes` were asked for: the plan stays, and waits until somebody asks again. `voided`: what was agreed to changed."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    CHANGES = "changes_asked"
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"
    EXPIRED = "expired"


OPEN = frozenset({RequestState.PENDING, RequestState.APPROVED})


class ApprovalRequest(Public, Model):
    """That a post may go out as it stands, on the accounts of its items: asked for, and decided step by step.

    Rules are copied from the route when it is asked. `step` is the number of steps that are decided. `seal` is the hash
    over all items: whoever decides says which seal he saw. `editor_id` changed the words last. `fast` is the real-time
    lane's. It ends at `ends_at` by itself, pending or approved, unless it was used;
    pending not before what it is about is due.
    """

    __tablename__ = "approval_request"
    __table_args__ = (Index("ix_approval_request_state_ends_at", "state", "ends_at"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("brand_post.id"), index=True)
    state: Mapped[RequestState] = mapped_column(word_enum(RequestState), default=RequestState.PENDING)
    steps: Mapped[list[Any]]
    step: Mapped[int] = mapped_column(default=0)
    seal: Mapped[str] = mapped_column(String(64), default="")
    fast: Mapped[bool] = mapped_column(default=False)
    tolerance_minutes: Mapped[int] = mapped_column(default=TOLERANCE_MINUTES)
    lasts_days: Mapped[int] = mapped_column(default=LASTS_DAYS)
    remind_hours: Mapped[int] = mapped_column(default=REMIND_HOURS)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    post: Mapped[BrandPost] = relationship()
    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])
    items: Mapped[list[ApprovalItem]] = relationship(back_populates="request", order_by="ApprovalItem.id")
    decisions: Mapped[list[ApprovalDecision]] = relationship(back_populates="request", order_by="ApprovalDecision.id")
    links: Mapped[list[ReviewLink]] = relationship(back_populates="request", order_by="ReviewLink.id")

    @property
    def live_items(self) -> Sequence[ApprovalItem]:
        """The deliveries that it speaks for now."""
        return [item for item in self.items if item.live_delivery_id is not None]

    @property
    def standing(self) -> Sequence[ApprovalDecision]:
        """Decisions that were not taken back, in order."""
        return [decision for decision in self.decisions if decision.undone_at is None]

    @property
    def seen(self) -> str:
        """What a page shows of it: goes back with a decision, which counts only if this is still so."""
        return f"{self.seal}.{self.step}"

    @property
    def is_pending(self) -> bool:
        return self.state is RequestState.PENDING

    @property
    def due_at(self) -> datetime | None:
        """When the first of it is to go out; None: as soon as it may, or no time yet."""
        return min((item.due_at for item in self.items if item.due_at is not None), default=None)

    @property
    def at_once(self) -> bool:
        return any(item.at_once for item in self.items)

    @classmethod
    def visible_to(cls, user: User) -> Select[ApprovalRequest]:
        """Whoever may read posts sees what becomes of them."""
        if not user.can(Permission.POST_READ):
            return select(cls).where(false())
        return select(cls).join(BrandPost, BrandPost.id == cls.post_id).where(BrandPost.discarded_at.is_(None))


class ApprovalItem(Model):
    """One delivery in a request: what will be sent, frozen as JSON, its hash, and the time it is meant for.

    `at_once`: it goes out the moment that everybody has agreed. `live_delivery_id` is the delivery as long as this item
    speaks for it: one at a time.
    """

    __tablename__ = "approval_item"

    request_id: Mapped[int] = mapped_column(ForeignKey("approval_request.id"), index=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    live_delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), unique=True)
    content: Mapped[dict[str, Any]]
    fingerprint: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime | None]
    at_once: Mapped[bool] = mapped_column(default=False)

    request: Mapped[ApprovalRequest] = relationship(back_populates="items")
    delivery: Mapped[Delivery] = relationship(foreign_keys=[delivery_id], lazy="joined")


class DecisionKind(enum.StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    CHANGES = "changes"


class ApprovalDecision(Public, Model):
    """What somebody decided on a step. `open_step` is the step while it stands: one decision each, whoever is first.

    `link_id` says that the holder of that link decided; `by_id` is then whoever had handed it out. `seal` is what was seen.
    """

    __tablename__ = "approval_decision"
    __table_args__ = (UniqueConstraint("request_id", "open_step"),)

    request_id: Mapped[int] = mapped_column(ForeignKey("approval_request.id"))
    step: Mapped[int]
    open_step: Mapped[int | None]
    kind: Mapped[DecisionKind] = mapped_column(word_enum(DecisionKind))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("review_link.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    seal: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    request: Mapped[ApprovalRequest] = relationship(back_populates="decisions")
    by: Mapped[User] = relationship(lazy="joined")
    link: Mapped[ReviewLink | None] = relationship(lazy="joined")

    @property
    def who(self) -> str:
        return self.link.name if self.link is not None else self.by.name


class ReviewLink(Public, Model):
    """A link by which somebody outside decides one step of one request; kept only as a hash."""

    __tablename__ = "review_link"

    request_id: Mapped[int] = mapped_column(ForeignKey("approval_request.id"), index=True)
    step: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    email: Mapped[str] = mapped_column(String(254), default="")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]

    request: Mapped[ApprovalRequest] = relationship(back_populates="links")
    made_by: Mapped[User] = relationship(lazy="joined")

    def state(self, at: datetime) -> str:
        """`used`, `withdrawn`, `expired`, `over` (the step was decided otherwise) or `open`."""
        if self.used_at is not None:
            return "used"
        if self.withdrawn_at is not None:
            return "withdrawn"
        if at >= self.ends_at:
            return "expired"
        return "open" if self.request.is_pending and self.request.step == self.step else "over"

    @classmethod
    def visible_to(cls, user: User) -> Select[ReviewLink]:
        return select(cls) if user.can(Permission.POST_APPROVE) else select(cls).where(false())
