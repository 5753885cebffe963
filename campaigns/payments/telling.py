"""The facts of this room: each names the payment, and whose it is."""

from __future__ import annotations

from datetime import datetime

from campaigns.payments.models import Payment
from campaigns.payments.slots import words_of
from commons import events
from commons.accounts.models import User
from commons.events import Evidence
from commons.money import Money


def tell(
    kind: str,
    payment: Payment,
    at: datetime,
    *,
    amount: Money | None = None,
    about: str = "",
    by: User | None = None,
    **more: str,
) -> None:
    """Write that something happened to a payment; `about` is the receipt, refund or mismatch, once for each."""
    money = amount or payment.amount
    title, _url = words_of(payment)
    events.track(
        kind,
        key=f"{kind}:{about or payment.public_id}",
        at=at,
        member_id=payment.member_id,
        actor_id=by.id if by is not None else None,
        subject=payment,
        evidence=Evidence.STAFF if by is not None else Evidence.NETWORK,
        payload={
            "title": title,
            "payment": payment.public_id,
            "amount": str(money.amount),
            "minor": money.minor,
            "currency": money.currency,
            **more,
        },
    )
