"""Group buys: an offer that comes about when enough people join in time."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.links.models import Link
from campaigns.planning.models import Campaign
from commons.accounts.models import User
from commons.db import Model, Public, word_enum
from commons.media.models import Picture
from commons.money import Money
from commons.permissions import Permission
from community.members.models import Member


class GroupBuyState(enum.StrEnum):
    """draft → open → succeeded or void (or cancelled by the brand)."""

    DRAFT = "draft"
    OPEN = "open"
    SUCCEEDED = "succeeded"
    VOID = "void"
    CANCELLED = "cancelled"


class GroupBuy(Public, Model):
    """An offer: `seats` in all, of which `needed` must be taken by `deadline_at`. `taken` changes only by conditional update."""

    __tablename__ = "group_buy"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND taken <= seats", name="never_oversold"),
        CheckConstraint("needed >= 1 AND needed <= seats", name="needed_within_seats"),
        Index("ix_group_buy_state_deadline_at", "state", "deadline_at"),
    )

    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    picture_alt: Mapped[str] = mapped_column(String(300), default="")
    price_minor: Mapped[int]
    usual_price_minor: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3))
    needed: Mapped[int]
    seats: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    state: Mapped[GroupBuyState] = mapped_column(word_enum(GroupBuyState), default=GroupBuyState.DRAFT)
    deadline_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(64))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    picture: Mapped[Picture | None] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    made_by: Mapped[User] = relationship()

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def usual_price(self) -> Money | None:
        return Money(self.usual_price_minor, self.currency) if self.usual_price_minor is not None else None

    @classmethod
    def visible_to(cls, user: User) -> Select[GroupBuy]:
        """Whoever runs group buys sees drafts too."""
        if user.is_authenticated and user.can(Permission.CAMPAIGN_READ):
            return select(cls)
        return select(cls).where(cls.state != GroupBuyState.DRAFT)


class Seat(Public, Model):
    """A member's place in a group buy. At most one per member; leaving before the deadline gives it back."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("group_buy_id", "member_id"),)

    group_buy_id: Mapped[int] = mapped_column(ForeignKey("group_buy.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    link_id: Mapped[int | None] = mapped_column(ForeignKey("link.id"), index=True)

    group_buy: Mapped[GroupBuy] = relationship()
    member: Mapped[Member] = relationship()
    link: Mapped[Link | None] = relationship()
