"""The keys with which shops sign what they tell about payments, and the calls that were taken."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Select, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column

from commons.accounts.models import User
from commons.calls import models as calls
from commons.db import Model
from commons.permissions import Permission


class PaymentKey(calls.SigningKey, Model):
    """With its secret a shop signs what it tells about payments."""

    __tablename__ = "payment_key"

    @classmethod
    def visible_to(cls, user: User) -> Select[PaymentKey]:
        return select(cls) if user.can(Permission.PAYMENT_WRITE) else select(cls).where(false())


class PaymentCall(calls.TakenCall, Model):
    """A call that was taken, and what was answered."""

    __tablename__ = "payment_call"
    __table_args__ = (UniqueConstraint("key_id", "idempotency_key"),)

    key_id: Mapped[int] = mapped_column(ForeignKey("payment_key.id"))
    answer: Mapped[dict[str, Any]] = mapped_column(default=dict)


class PaymentSpentSignature(calls.SpentSignature, Model):
    __tablename__ = "payment_spent_signature"
