"""The outcome of a night's proof."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from commons.db import Model
from commons.proofs import KeptProof


class PaymentProof(KeptProof, Model):
    """What was compared at one moment, the sums by provider and currency, and every difference that was found."""

    __tablename__ = "payment_proof"

    payments: Mapped[int]
    receipts: Mapped[int]
    refunds: Mapped[int]
    totals: Mapped[list[Any]] = mapped_column(default=list)
