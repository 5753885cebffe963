"""Draws: rules that stand, a list that is frozen, an order that anybody can recompute, and prizes on their way."""

from __future__ import annotations

import enum
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    String,
    Text,
    UniqueConstraint,
    false,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.planning.models import Campaign
from commons.accounts.models import User
from commons.crypto import EncryptedJson
from commons.db import Model, Public, word_enum
from commons.money import Money
from commons.permissions import Permission
from community.members.models import Member

ADDRESS_DAYS = 5
SENDING_DAYS = 30


class Source(enum.StrEnum):
    """Where chance comes from: a public beacon, or a number of ours that was locked up before. The second is weaker."""

    BEACON = "drand"
    COMMITTED = "commit-reveal"


class Eligibility(enum.StrEnum):
    TAKING_PART = "taking_part"
    ALL_MISSIONS = "all_missions"


class Jurisdiction(enum.StrEnum):
    """Whose law a draw is held to."""

    CHINA = "cn"
    ELSEWHERE = "elsewhere"


class Reason(enum.StrEnum):
    """Why somebody who takes part is not on the list. The first three follow from facts, the others a person decides."""

    MISSIONS_OPEN = "missions_open"
    ACCOUNT_DELETED = "account_deleted"
    SECOND_ACCOUNT = "second_account"
    EMPLOYEE = "employee"
    UNDER_AGE = "under_age"
    RULES_BROKEN = "rules_broken"


class Ending(enum.StrEnum):
    """Why a prize went on to the next in the order."""

    DECLINED = "declined"
    UNCLAIMED = "unclaimed"
    LEFT = "left"


class DrawState(enum.StrEnum):
    """draft → open → frozen → drawn; `missed` when the list could not be frozen before the random value was out."""

    DRAFT = "draft"
    OPEN = "open"
    FROZEN = "frozen"
    DRAWN = "drawn"
    MISSED = "missed"


class Draw(Public, Model):
    """A draw among those who take part in a campaign. What it promises is written down in `rules` at its launch.

    `reveals_at` is when the random value comes to be known. Hashes are hexadecimal. `ranks_used` says how far down the order
    prizes have gone; it only grows.
    """

    __tablename__ = "draw"
    __table_args__ = (
        CheckConstraint("launched_at IS NULL OR rules_hash IS NOT NULL", name="launched_with_rules"),
        CheckConstraint("frozen_at IS NULL OR root IS NOT NULL", name="frozen_with_root"),
        CheckConstraint("drawn_at IS NULL OR seed IS NOT NULL", name="drawn_with_seed"),
        CheckConstraint("frozen_at IS NULL OR frozen_at < reveals_at", name="frozen_in_time"),
        CheckConstraint("ranks_used <= entrants", name="ranks_within_list"),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    how: Mapped[str] = mapped_column(Text, default="")
    organiser: Mapped[str] = mapped_column(String(120))
    eligibility: Mapped[Eligibility] = mapped_column(word_enum(Eligibility))
    jurisdiction: Mapped[Jurisdiction] = mapped_column(word_enum(Jurisdiction))
    source: Mapped[Source] = mapped_column(word_enum(Source))
    closes_at: Mapped[datetime] = mapped_column(index=True)
    reveals_at: Mapped[datetime] = mapped_column(index=True)
    zone: Mapped[str] = mapped_column(String(64))
    claim_days: Mapped[int]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    launched_at: Mapped[datetime | None]
    round: Mapped[int | None]
    secret: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson)
    rules: Mapped[str] = mapped_column(Text, default="")
    rules_hash: Mapped[str | None] = mapped_column(String(64))
    frozen_at: Mapped[datetime | None]
    missed_at: Mapped[datetime | None]
    entrants: Mapped[int] = mapped_column(default=0)
    excluded: Mapped[int] = mapped_column(default=0)
    root: Mapped[str | None] = mapped_column(String(64))
    exclusions_hash: Mapped[str | None] = mapped_column(String(64))
    subtrees: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    drawn_at: Mapped[datetime | None]
    signature: Mapped[str | None] = mapped_column(String(96))
    randomness: Mapped[str | None] = mapped_column(String(64))
    seed: Mapped[str | None] = mapped_column(String(64))
    ranks_used: Mapped[int] = mapped_column(default=0)

    campaign: Mapped[Campaign] = relationship()
    made_by: Mapped[User] = relationship()
    prizes: Mapped[list[DrawPrize]] = relationship(order_by="DrawPrize.position", cascade="all, delete-orphan")

    @property
    def state(self) -> DrawState:
        if self.launched_at is None:
            return DrawState.DRAFT
        if self.missed_at is not None:
            return DrawState.MISSED
        if self.drawn_at is not None:
            return DrawState.DRAWN
        return DrawState.OPEN if self.frozen_at is None else DrawState.FROZEN

    @property
    def units(self) -> int:
        """How many prizes there are in all."""
        return sum(prize.quantity for prize in self.prizes)

    @classmethod
    def visible_to(cls, user: User) -> Select[Draw]:
        """Whoever may read campaigns sees drafts too."""
        if user.is_authenticated and user.can(Permission.CAMPAIGN_READ):
            return select(cls)
        return select(cls).where(cls.launched_at.is_not(None))


class DrawPrize(Model):
    """One kind of prize, `quantity` pieces of it. The kinds are given out in the order of `position`, best ranks first."""

    __tablename__ = "draw_prize"
    __table_args__ = (
        UniqueConstraint("draw_id", "position"),
        CheckConstraint("quantity >= 1", name="at_least_one"),
        CheckConstraint("value_minor > 0", name="worth_something"),
    )

    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    quantity: Mapped[int]
    value_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    by_post: Mapped[bool] = mapped_column(default=True)

    @property
    def value(self) -> Money:
        return Money(self.value_minor, self.currency)


class DrawExclusion(Model):
    """The team's decision, before the list is frozen, that somebody does not stand on it."""

    __tablename__ = "draw_exclusion"
    __table_args__ = (UniqueConstraint("draw_id", "member_id"),)

    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    reason: Mapped[Reason] = mapped_column(word_enum(Reason))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]

    member: Mapped[Member] = relationship()
    by: Mapped[User] = relationship()


class DrawEntry(Model):
    """Somebody who took part when the list was frozen, under a random id. `position` is the place of the leaf, counted from 0;
    who was excluded has none, and a reason instead.
    """

    __tablename__ = "draw_entry"
    __table_args__ = (
        UniqueConstraint("draw_id", "position"),
        Index("uq_draw_entry_member_id_draw_id", "member_id", "draw_id", unique=True),
        CheckConstraint("(position IS NULL) <> (reason IS NULL)", name="listed_or_excluded"),
    )

    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    entry: Mapped[str] = mapped_column(String(32))
    position: Mapped[int | None]
    reason: Mapped[Reason | None] = mapped_column(word_enum(Reason))

    draw: Mapped[Draw] = relationship()
    member: Mapped[Member] = relationship()


class DrawAward(Public, Model):
    """One piece of a prize for one rank of the order. At most one for each piece stands; what ended went on to the next rank.

    The address goes when it is no longer needed, or with the account.
    """

    __tablename__ = "draw_award"
    __table_args__ = (
        UniqueConstraint("draw_id", "rank"),
        Index(
            "uq_draw_award_prize_id_unit_standing",
            "prize_id",
            "unit",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name="says_how_it_ended"),
        CheckConstraint("sent_at IS NULL OR claimed_at IS NOT NULL", name="claimed_before_sent"),
    )

    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"))
    prize_id: Mapped[int] = mapped_column(ForeignKey("draw_prize.id"))
    unit: Mapped[int]
    rank: Mapped[int]
    entry_id: Mapped[int] = mapped_column(ForeignKey("draw_entry.id"), unique=True)
    offered_at: Mapped[datetime]
    claim_until: Mapped[datetime] = mapped_column(index=True)
    claimed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ending: Mapped[Ending | None] = mapped_column(word_enum(Ending))
    address: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson)
    address_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    tracking: Mapped[str] = mapped_column(String(80), default="")

    draw: Mapped[Draw] = relationship()
    prize: Mapped[DrawPrize] = relationship()
    entry: Mapped[DrawEntry] = relationship()
    sent_by: Mapped[User | None] = relationship()

    @property
    def state(self) -> str:
        """offered, needs_address, to_send, sent, or how it ended."""
        if self.ending is not None:
            return self.ending.value
        if self.sent_at is not None:
            return "sent"
        if self.claimed_at is None:
            return "offered"
        return "needs_address" if self.prize.by_post and self.address_at is None else "to_send"

    @property
    def address_until(self) -> datetime | None:
        """Until when the winner says where the parcel goes."""
        return self.claimed_at + timedelta(days=ADDRESS_DAYS) if self.claimed_at else None

    @property
    def send_until(self) -> datetime | None:
        """Until when the organiser sends it."""
        ready = (self.address_at if self.prize.by_post else self.claimed_at) if self.claimed_at else None
        return ready + timedelta(days=SENDING_DAYS) if ready else None

    @classmethod
    def visible_to(cls, user: User) -> Select[DrawAward]:
        """Who sends prizes sees all, a winner his own."""
        if not user.is_authenticated:
            return select(cls).where(false())
        if user.can(Permission.PRIZE_SEND):
            return select(cls)
        mine = select(cls).join(DrawEntry, DrawEntry.id == cls.entry_id).join(Member, Member.id == DrawEntry.member_id)
        return mine.where(Member.user_id == user.id)
