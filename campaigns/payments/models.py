"""Payments: what was asked of a fan, the money that came in, what was sent back, and money that fits nothing."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, Text, UniqueConstraint, false, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import Model, Public, index_of_filled, word_enum
from commons.media.models import Picture
from commons.money import Money
from commons.permissions import Permission
from community.members.models import Member

EXTERNAL_LENGTH = 80
STILL_WAITING = text("state = 'waiting'")


class PaymentState(enum.StrEnum):
    """What became of what was asked: waiting → paid, expired or cancelled. Money that comes after the end is a receipt too."""

    WAITING = "waiting"
    PAID = "paid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class ReceiptKind(enum.StrEnum):
    """Whether money came in time, after the end, once more than was asked, or as a sum that was not asked."""

    IN_TIME = "in_time"
    LATE = "late"
    DOUBLE = "double"
    MISFIT = "misfit"


COUNTING = (ReceiptKind.IN_TIME, ReceiptKind.LATE)
"""The receipt with which a payment is paid; whatever else comes in goes back."""


class RefundState(enum.StrEnum):
    """waiting → sent → done or failed. A failed one waits for a person, who has it tried again or does it by hand."""

    WAITING = "waiting"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"


class Misfit(enum.StrEnum):
    """Why money that came in could not be counted by itself."""

    UNKNOWN_PAYMENT = "unknown_payment"
    WRONG_AMOUNT = "wrong_amount"
    WRONG_CURRENCY = "wrong_currency"


class Settlement(enum.StrEnum):
    """What a person did about money that did not fit."""

    COUNTED = "counted"
    SENT_BACK = "sent_back"
    CLOSED = "closed"


class Payment(Public, Model):
    """So much is asked of a member for one thing, until a moment. `purpose` and `purpose_id` name the thing; the public id is
    the reference under which money comes in. From `due_at` on the clock looks at it; nobody does once it has ended.
    """

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="something_is_asked"),
        Index("ix_payment_purpose_purpose_id", "purpose", "purpose_id"),
        Index(
            "uq_payment_waiting",
            "purpose",
            "purpose_id",
            unique=True,
            postgresql_where=STILL_WAITING,
            sqlite_where=STILL_WAITING,
        ),
        Index("ix_payment_member_id_asked_at", "member_id", "asked_at"),
        Index("ix_payment_state_asked_at", "state", "asked_at"),
        index_of_filled("ix_payment_due_at", "due_at"),
    )

    purpose: Mapped[str] = mapped_column(String(32))
    purpose_id: Mapped[str] = mapped_column(String(40))
    offer: Mapped[str] = mapped_column(String(60), default="")
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    provider: Mapped[str] = mapped_column(String(32))
    state: Mapped[PaymentState] = mapped_column(word_enum(PaymentState), default=PaymentState.WAITING)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    def money_of(self, minor: int) -> Money:
        """So much in the currency that was asked."""
        return Money(minor, self.currency)

    @property
    def is_waiting(self) -> bool:
        return self.state is PaymentState.WAITING

    @classmethod
    def visible_to(cls, user: User) -> Select[Payment]:
        """Whoever may see payments sees all of them."""
        return select(cls) if user.can(Permission.PAYMENT_READ) else select(cls).where(false())

    @classmethod
    def of_member(cls, member: Member | None) -> Select[Payment]:
        """A fan's own."""
        return select(cls).where(cls.member_id == member.id) if member is not None else select(cls).where(false())


class Receipt(Public, Model):
    """Money that came in, each once: `external_id` is the provider's own name for it. `refunded_minor` is what refunds of it
    have been promised, changed only by conditional update. `taken_by` marked it by hand.
    """

    __tablename__ = "payment_receipt"
    __table_args__ = (
        UniqueConstraint("provider", "external_id"),
        CheckConstraint("amount_minor > 0", name="something_came_in"),
        CheckConstraint("refunded_minor >= 0 AND refunded_minor <= amount_minor", name="never_more_back_than_came_in"),
    )

    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    provider: Mapped[str] = mapped_column(String(32))
    external_id: Mapped[str] = mapped_column(String(EXTERNAL_LENGTH))
    kind: Mapped[ReceiptKind] = mapped_column(word_enum(ReceiptKind))
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    refunded_minor: Mapped[int] = mapped_column(default=0)
    paid_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    proof: Mapped[dict[str, Any]] = mapped_column(default=dict)
    proof_picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    payment: Mapped[Payment] = relationship()
    proof_picture: Mapped[Picture | None] = relationship()
    taken_by: Mapped[User | None] = relationship()

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def left(self) -> Money:
        """What can still be sent back."""
        return Money(self.amount_minor - self.refunded_minor, self.currency)

    @classmethod
    def visible_to(cls, user: User) -> Select[Receipt]:
        return select(cls) if user.can(Permission.PAYMENT_READ) else select(cls).where(false())

    @classmethod
    def of_member(cls, member: Member | None) -> Select[Receipt]:
        """What a fan paid."""
        own = Payment.of_member(member).with_only_columns(Payment.id)
        return select(cls).where(cls.payment_id.in_(own))


class Refund(Public, Model):
    """Money that goes back, once for each `key`. `sent_at` is written before it is asked for; `by_hand_at` says since when it
    waits for a person, because the provider sends nothing back by itself. `trouble` is why it failed, or was put off.
    """

    __tablename__ = "payment_refund"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="something_goes_back"),
        Index("ix_payment_refund_state_asked_at", "state", "asked_at"),
    )

    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    receipt_id: Mapped[int] = mapped_column(ForeignKey("payment_receipt.id"), index=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[RefundState] = mapped_column(word_enum(RefundState), default=RefundState.WAITING)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    by_hand_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    external_id: Mapped[str | None] = mapped_column(String(EXTERNAL_LENGTH))
    trouble: Mapped[str] = mapped_column(String(300), default="")

    payment: Mapped[Payment] = relationship()
    receipt: Mapped[Receipt] = relationship()
    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])
    done_by: Mapped[User | None] = relationship(foreign_keys=[done_by_id])

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def needs_a_person(self) -> bool:
        by_hand = self.state is RefundState.WAITING and self.by_hand_at is not None
        return by_hand or self.state is RefundState.FAILED

    @classmethod
    def visible_to(cls, user: User) -> Select[Refund]:
        return select(cls) if user.can(Permission.PAYMENT_READ) else select(cls).where(false())


class Mismatch(Public, Model):
    """Money that somebody says came in, and that could not be counted: kept for a person, who settles it once."""

    __tablename__ = "payment_mismatch"
    __table_args__ = (UniqueConstraint("provider", "external_id"),)

    provider: Mapped[str] = mapped_column(String(32))
    external_id: Mapped[str] = mapped_column(String(EXTERNAL_LENGTH))
    reference: Mapped[str] = mapped_column(String(80))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    reason: Mapped[Misfit] = mapped_column(word_enum(Misfit))
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    paid_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    proof: Mapped[dict[str, Any]] = mapped_column(default=dict)
    settled_at: Mapped[datetime | None] = mapped_column(index=True)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    settled_as: Mapped[Settlement | None] = mapped_column(word_enum(Settlement))
    note: Mapped[str] = mapped_column(String(300), default="")

    payment: Mapped[Payment | None] = relationship()
    settled_by: Mapped[User | None] = relationship()

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @classmethod
    def visible_to(cls, user: User) -> Select[Mismatch]:
        return select(cls) if user.can(Permission.PAYMENT_READ) else select(cls).where(false())


class PaymentTerms(Model):
    """What a payer is told, of one provider and one offer; an empty `offer` is what holds for all others."""

    __tablename__ = "payment_terms"
    __table_args__ = (UniqueConstraint("provider", "offer"),)

    provider: Mapped[str] = mapped_column(String(32))
    offer: Mapped[str] = mapped_column(String(60), default="")
    instructions: Mapped[str] = mapped_column(Text, default="")
    shop_url: Mapped[str] = mapped_column(String(500), default="")
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    changed_by: Mapped[User | None] = relationship()
