"""Rows of the room under a lock: whoever changes a payment, its receipts or its refunds waits for its turn."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import exists, select

from campaigns.payments.models import COUNTING, Payment, Receipt, Refund
from commons.db import db


def locked(payment_id: int) -> Payment:
    """The payment as it stands, held until the end of the transaction."""
    query = select(Payment).where(Payment.id == payment_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def hold(payment_ids: Iterable[int | None]) -> None:
    """Hold several payments until the end of the transaction, always in the same order, before anything else is held."""
    ids = sorted({payment_id for payment_id in payment_ids if payment_id is not None})
    if ids:
        db.session.execute(select(Payment.id).where(Payment.id.in_(ids)).order_by(Payment.id).with_for_update()).all()


def locked_refund(refund_id: int) -> Refund:
    """The refund as it stands; its payment is held first, as everywhere."""
    locked(db.session.scalars(select(Refund.payment_id).where(Refund.id == refund_id)).one())
    query = select(Refund).where(Refund.id == refund_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def receipt_of(provider: str, external_id: str) -> Receipt | None:
    """The money that a provider calls so, if it was counted."""
    named = (Receipt.provider == provider, Receipt.external_id == external_id)
    return db.session.scalars(select(Receipt).where(*named)).one_or_none()


def is_settled(payment: Payment) -> bool:
    """Whether the sum that was asked has come in, in time or late."""
    counting = exists().where(Receipt.payment_id == payment.id, Receipt.kind.in_(COUNTING))
    return bool(db.session.scalar(select(counting)))
