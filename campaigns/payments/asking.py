"""Asking a member for money, letting go of it, and what the clock does when nothing came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.payments import rows
from campaigns.payments.models import Payment, PaymentState
from campaigns.payments.slots import provider_named, purpose_named
from campaigns.payments.telling import tell
from commons.db import db, insert_new, random_id
from commons.errors import Conflict, Invalid
from commons.jobs.leasing import take_due
from commons.money import Money
from community.members.models import Member

LEASE = timedelta(minutes=5)
TURNS = 3


def ask(
    purpose: str,
    purpose_id: str,
    member: Member,
    amount: Money,
    provider: str,
    expires_at: datetime,
    *,
    at: datetime,
    offer: str = "",
) -> Payment:
    """Ask `member` for `amount`; while one payment waits for the same thing, that one. `offer` finds what payers are told.

    Raises `Invalid` for an amount that cannot be asked, a moment that is over, or a provider that is not open.
    """
    if not 0 < amount.minor < 2**31:
        raise Invalid(_("A payment is about more than nothing."))
    if expires_at <= at:
        raise Invalid(_("The time to pay would be over already."))
    if not provider_named(provider).is_open():
        raise Invalid(_("This way to pay is not open."))
    row = {
        "purpose": purpose,
        "purpose_id": purpose_id,
        "offer": offer,
        "member_id": member.id,
        "amount_minor": amount.minor,
        "currency": amount.currency,
        "provider": provider,
        "state": PaymentState.WAITING,
        "asked_at": at,
        "expires_at": expires_at,
        "due_at": expires_at,
    }
    for _turn in range(TURNS):  # the one that waited may end at this very moment
        insert_new(Payment, {**row, "public_id": random_id()})
        waiting = waiting_for(purpose, purpose_id)
        if waiting is not None:
            return waiting
    raise Conflict(_("This is being paid at this moment. Look again in a moment."))


def waiting_for(purpose: str, purpose_id: str) -> Payment | None:
    """The payment that waits for this thing."""
    same = (Payment.purpose == purpose, Payment.purpose_id == purpose_id, Payment.state == PaymentState.WAITING)
    return db.session.scalars(select(Payment).where(*same)).one_or_none()


def cancel(payment: Payment, *, at: datetime) -> None:
    """Nothing is asked any more. A payment that has ended stays as it ended; money that still comes is told as late."""
    held = rows.locked(payment.id)
    if held.is_waiting:
        _end(held, PaymentState.CANCELLED, at)
        tell("payment.cancelled", held, at)


def claim(at: datetime, limit: int) -> Sequence[int]:
    """Take up to `limit` payments whose time is over, for a while."""
    return take_due(Payment.due_at, at, limit, lease=LEASE)


def expire(payment_id: int, at: datetime) -> None:
    """End one payment for which nothing came in time. One that has ended, or whose time is not over, is left alone."""
    payment = rows.locked(payment_id)
    if not payment.is_waiting:
        return
    if payment.expires_at > at:
        payment.due_at = payment.expires_at  # a clock that ran ahead had claimed it
        return
    _end(payment, PaymentState.EXPIRED, at)
    tell("payment.expired", payment, at)
    purpose = purpose_named(payment.purpose)
    if purpose is not None:
        purpose.expired(payment, at)


def _end(payment: Payment, state: PaymentState, at: datetime) -> None:
    payment.state, payment.ended_at, payment.due_at = state, at, None
    db.session.flush()
