"""Group buys: an offer that comes about when enough people join in time, open to all or in teams that a fan leads."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    Text,
    UniqueConstraint,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.groupbuys.pricing import Step, price_at
from campaigns.links.models import Link
from campaigns.payments.models import Payment, Receipt
from campaigns.planning.models import Campaign
from commons.accounts.models import User
from commons.db import Model, Public, index_of_filled, word_enum
from commons.media.models import Picture
from commons.money import Money
from commons.permissions import Permission
from community.members.models import Member

HOLD_MINUTES = 30


class GroupBuyKind(enum.StrEnum):
    """One group of everybody; teams that fans lead; or a group buy that lives on a marketplace and is only shown here."""

    OPEN = "open"
    TEAMS = "teams"
    MARKET = "market"


class GroupBuyState(enum.StrEnum):
    """draft → open → succeeded or void (or cancelled by the brand)."""

    DRAFT = "draft"
    OPEN = "open"
    SUCCEEDED = "succeeded"
    VOID = "void"
    CANCELLED = "cancelled"


class TeamState(enum.StrEnum):
    """open → succeeded or void with the offer, or dissolved when its last member leaves."""

    OPEN = "open"
    SUCCEEDED = "succeeded"
    VOID = "void"
    DISSOLVED = "dissolved"


class SeatState(enum.StrEnum):
    """See `machine` for what leads from one to the other."""

    HELD = "held"
    PAID = "paid"
    LATE_PAID = "late_paid"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


STANDING = (SeatState.HELD, SeatState.PAID, SeatState.LATE_PAID, SeatState.CONFIRMED)
"""The states in which a seat counts as taken; `left_at` is empty exactly then."""


class Why(enum.StrEnum):
    """Why a seat was given back."""

    LEFT = "left"
    EXPIRED = "expired"
    VOID = "void"
    CALLED_OFF = "called_off"
    STOCK_OUT = "stock_out"
    NO_SEAT = "no_seat"


class GroupBuy(Public, Model):
    """An offer: `seats` in all, of which `needed` people (in teams: in each team) must be in by `deadline_at`. `stock` is what the seats were lowered to.

    `taken` counts seats, also held ones and the `filled` ones that the brand took; `people` counts fans whose seat is paid
    for, or promised where nothing is paid. Each changes only by conditional update. `regions` are codes of profile answers,
    none for everywhere. `provider` takes the money, None where joining is a promise.
    """

    __tablename__ = "group_buy"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND taken <= seats", name="never_oversold"),
        CheckConstraint("needed >= 1 AND needed <= seats", name="needed_within_seats"),
        CheckConstraint("people >= 0 AND filled >= 0", name="counts_are_counts"),
        Index("ix_group_buy_state_deadline_at", "state", "deadline_at"),
        index_of_filled("ix_group_buy_market_link_id", "market_link_id"),
    )

    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    picture_alt: Mapped[str] = mapped_column(String(300), default="")
    kind: Mapped[GroupBuyKind] = mapped_column(word_enum(GroupBuyKind), default=GroupBuyKind.OPEN)
    price_minor: Mapped[int]
    usual_price_minor: Mapped[int | None]
    final_price_minor: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3))
    needed: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)
    filled: Mapped[int] = mapped_column(default=0)
    seats: Mapped[int]
    stock: Mapped[int | None]
    stock_why: Mapped[str] = mapped_column(String(120), default="")
    team_seats: Mapped[int | None]
    most_each: Mapped[int] = mapped_column(default=1)
    regions: Mapped[list[Any]] = mapped_column(default=list)
    provider: Mapped[str | None] = mapped_column(String(32))
    hold_minutes: Mapped[int] = mapped_column(default=HOLD_MINUTES)
    state: Mapped[GroupBuyState] = mapped_column(word_enum(GroupBuyState), default=GroupBuyState.DRAFT)
    deadline_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(64))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    market_link_id: Mapped[int | None] = mapped_column(ForeignKey("link.id"))
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("group_buy.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    picture: Mapped[Picture | None] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    market_link: Mapped[Link | None] = relationship()
    follows: Mapped[GroupBuy | None] = relationship(remote_side="GroupBuy.id")
    made_by: Mapped[User] = relationship()
    tiers: Mapped[list[Tier]] = relationship(order_by="Tier.reached", cascade="all, delete-orphan")

    @property
    def url(self) -> str:
        return f"/groupbuys/{self.public_id}"

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def price_now(self) -> int:
        """What one would pay if it ended with as many as are in."""
        return price_at(self.steps, self.reached)

    @property
    def usual_price(self) -> Money | None:
        return Money(self.usual_price_minor, self.currency) if self.usual_price_minor is not None else None

    @property
    def reached(self) -> int:
        """How many count towards the number needed: fans, and what the brand filled."""
        return self.people + self.filled

    @property
    def steps(self) -> list[Step]:
        """The prices by number reached, the first at the number needed."""
        return [Step(self.needed, self.price_minor), *(Step(tier.reached, tier.price_minor) for tier in self.tiers)]

    def money(self, minor: int) -> Money:
        """So much in the currency of the offer."""
        return Money(minor, self.currency)

    @classmethod
    def visible_to(cls, user: User) -> Select[GroupBuy]:
        """Whoever runs group buys sees drafts too."""
        if user.is_authenticated and user.can(Permission.CAMPAIGN_READ):
            return select(cls)
        return select(cls).where(cls.state != GroupBuyState.DRAFT)


class Tier(Model):
    """From `reached` people on everybody pays this price."""

    __tablename__ = "group_buy_tier"
    __table_args__ = (UniqueConstraint("group_buy_id", "reached"),)

    group_buy_id: Mapped[int] = mapped_column(ForeignKey("group_buy.id"))
    reached: Mapped[int]
    price_minor: Mapped[int]


class Team(Public, Model):
    """A group within an offer, led by a fan. It comes about by its own number, at the deadline of the offer."""

    __tablename__ = "group_buy_team"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND taken <= seats", name="never_oversold"),
        CheckConstraint("people >= 0 AND filled >= 0", name="counts_are_counts"),
    )

    group_buy_id: Mapped[int] = mapped_column(ForeignKey("group_buy.id"), index=True)
    leader_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    taken: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)
    filled: Mapped[int] = mapped_column(default=0)
    seats: Mapped[int]
    state: Mapped[TeamState] = mapped_column(word_enum(TeamState), default=TeamState.OPEN)
    final_price_minor: Mapped[int | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    group_buy: Mapped[GroupBuy] = relationship()
    leader: Mapped[Member] = relationship()

    @property
    def url(self) -> str:
        return f"/groupbuys/teams/{self.public_id}"

    @property
    def reached(self) -> int:
        return self.people + self.filled

    @classmethod
    def visible_to(cls, user: User) -> Select[Team]:
        """A team stands for everybody who has its address, as the offer does."""
        return select(cls)


class Seat(Public, Model):
    """A member's place in a group buy, at most one per member, for `quantity` pieces at `price_minor` each.

    What moves it from state to state stands in `machine`. Who joins again after leaving sits on the same row. `payment` is the
    one that the seat waits for or was paid by, `receipt` what was received for it.
    """

    __tablename__ = "seat"
    __table_args__ = (
        UniqueConstraint("group_buy_id", "member_id"),
        CheckConstraint(
            "(left_at IS NULL) = (state IN ('held', 'paid', 'late_paid', 'confirmed'))", name="left_when_not_standing"
        ),
        CheckConstraint("quantity >= 1", name="at_least_one"),
        Index("ix_seat_group_buy_id_state", "group_buy_id", "state"),
        index_of_filled("ix_seat_team_id", "team_id"),
        index_of_filled("ix_seat_payment_id", "payment_id"),
    )

    group_buy_id: Mapped[int] = mapped_column(ForeignKey("group_buy.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("group_buy_team.id"))
    state: Mapped[SeatState] = mapped_column(word_enum(SeatState), default=SeatState.HELD)
    quantity: Mapped[int] = mapped_column(default=1)
    price_minor: Mapped[int]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    left_why: Mapped[Why | None] = mapped_column(word_enum(Why))
    expires_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    tracking: Mapped[str] = mapped_column(String(80), default="")
    payment_id: Mapped[int | None] = mapped_column(ForeignKey(Payment.id))
    receipt_id: Mapped[int | None] = mapped_column(ForeignKey(Receipt.id))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("link.id"), index=True)

    group_buy: Mapped[GroupBuy] = relationship()
    member: Mapped[Member] = relationship()
    team: Mapped[Team | None] = relationship()
    payment: Mapped[Payment | None] = relationship()
    receipt: Mapped[Receipt | None] = relationship()
    link: Mapped[Link | None] = relationship()

    @property
    def price(self) -> Money:
        """What the whole seat costs."""
        return Money(self.price_minor * self.quantity, self.group_buy.currency)

    @property
    def stands(self) -> bool:
        return self.state in STANDING

    @classmethod
    def counted(cls) -> ColumnElement[bool]:
        """Whether a standing seat counts as a person: paid for, or promised in an offer without payment."""
        return cls.state.in_(STANDING) & or_(cls.receipt_id.is_not(None), cls.payment_id.is_(None))

    @classmethod
    def visible_to(cls, user: User) -> Select[Seat]:
        """Seats of all for those who run group buys, one's own for a fan."""
        if user.can(Permission.CAMPAIGN_READ):
            return select(cls)
        return select(cls).join(cls.member).where(Member.user_id == user.id)


class Fill(Model):
    """So many seats the brand took itself, openly, so that a group comes about."""

    __tablename__ = "group_buy_fill"

    group_buy_id: Mapped[int] = mapped_column(ForeignKey("group_buy.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("group_buy_team.id"))
    count: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]

    by: Mapped[User] = relationship()
    team: Mapped[Team | None] = relationship()
