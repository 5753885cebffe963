"""Money that fits no payment: kept once, for a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from campaigns.payments.incoming import Incoming
from campaigns.payments.models import Misfit, Mismatch, Payment, Settlement
from commons.db import changed, db, insert_new, random_id
from commons.errors import Invalid

LONGEST_REFERENCE = 80


def keep(reference: str, money: Incoming, misfit: Misfit, at: datetime, *, payment: Payment | None = None) -> Mismatch:
    """Keep money that could not be counted. The same money twice is kept once."""
    provider = money.provider or (payment.provider if payment is not None else "")
    if money.amount.minor <= 0 or not provider:
        raise Invalid("money that came in is more than nothing, and has a provider")
    row = {
        "public_id": random_id(),
        "provider": provider,
        "external_id": money.external_id,
        "reference": reference[:LONGEST_REFERENCE],
        "payment_id": payment.id if payment is not None else None,
        "reason": misfit,
        "amount_minor": money.amount.minor,
        "currency": money.amount.currency,
        "paid_at": min(money.paid_at, at),
        "recorded_at": at,
        "proof": dict(money.proof),
    }
    insert_new(Mismatch, row)
    return known(provider, money.external_id)


def known(provider: str, external_id: str) -> Mismatch:
    named = (Mismatch.provider == provider, Mismatch.external_id == external_id)
    return db.session.scalars(select(Mismatch).where(*named)).one()


def follow(provider: str, external_id: str, at: datetime) -> None:
    """The same money was counted after all: nobody has to look at it any more."""
    still_open = (
        Mismatch.provider == provider, Mismatch.external_id == external_id, Mismatch.settled_at.is_(None)
    )  # fmt: skip
    changed(update(Mismatch).where(*still_open).values(settled_at=at, settled_as=Settlement.COUNTED))


def open_count() -> int:
    """How many wait for a person."""
    return db.session.scalar(select(func.count()).select_from(Mismatch).where(Mismatch.settled_at.is_(None))) or 0
