"""The books of the sandbox, as the far end of a real provider would keep them."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.db import Model, Public, word_enum
from commons.money import Money


class Manner(enum.StrEnum):
    """How the sandbox answers when money is to go back."""

    WORKS = "works"
    AWAY = "away"
    LOSES_ANSWERS = "loses_answers"
    REFUSES = "refuses"


class SandboxCharge(Public, Model):
    """A payer has paid, without money. `told_at` is when our side answered the call about it."""

    __tablename__ = "sandbox_charge"

    reference: Mapped[str] = mapped_column(String(40), index=True)
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    manner: Mapped[Manner] = mapped_column(word_enum(Manner), default=Manner.WORKS)
    charged_at: Mapped[datetime]
    told_at: Mapped[datetime | None]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class SandboxRefund(Public, Model):
    """Money that went back, once for each key."""

    __tablename__ = "sandbox_refund"

    key: Mapped[str] = mapped_column(String(40), unique=True)
    charge_id: Mapped[int] = mapped_column(ForeignKey("sandbox_charge.id"), index=True)
    amount_minor: Mapped[int]
    made_at: Mapped[datetime]

    charge: Mapped[SandboxCharge] = relationship()
