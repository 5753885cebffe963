"""Money comes in: each once, in time or late, and what is too much goes back by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from campaigns.payments import mismatching, refunding, rows
from campaigns.payments.incoming import Incoming
from campaigns.payments.models import EXTERNAL_LENGTH, Misfit, Payment, PaymentState, Receipt, ReceiptKind
from campaigns.payments.slots import purpose_named
from campaigns.payments.telling import tell
from commons.db import db, insert_new, random_id
from commons.errors import Conflict, Invalid


class Contradiction(Conflict):
    """The same name of the provider was told before, with another payment or amount. What was told first stays."""


def take(payment: Payment, money: Incoming, *, at: datetime) -> Receipt | None:
    """Count money that came in for `payment`. None when it was known: a doubled call changes nothing.

    A sum that was not asked is None too, and kept as a mismatch for a person. Raises `Contradiction`, and `Invalid` for a
    name that makes none.
    """
    checked_name(money.external_id)
    held = rows.locked(payment.id)
    if is_known(held, money):
        return None
    misfit = misfit_of(held, money)
    if misfit is not None:
        mismatching.keep(held.public_id, money, misfit, at, payment=held)
        return None
    return count(held, money, kind_for(held), at)


def misfit_of(payment: Payment, money: Incoming) -> Misfit | None:
    """What does not fit between what was asked and what came."""
    if money.amount.currency != payment.currency:
        return Misfit.WRONG_CURRENCY
    return Misfit.WRONG_AMOUNT if money.amount.minor != payment.amount_minor else None


def is_known(payment: Payment, money: Incoming) -> bool:
    """Whether this money was counted before. Raises `Contradiction` if it was something else then."""
    known = rows.receipt_of(money.provider or payment.provider, money.external_id)
    if known is not None and (known.payment_id != payment.id or known.amount != money.amount):
        raise Contradiction(
            _("“%(name)s” was counted already, for another payment or amount.", name=money.external_id),
            _("What was told first stays."),
        )
    return known is not None


def count(payment: Payment, money: Incoming, kind: ReceiptKind, at: datetime) -> Receipt | None:
    """Write the receipt and let follow what follows. `payment` is held. None when it was known."""
    receipt_id = insert_new(Receipt, _row(payment, money, kind, at))
    if receipt_id is None:
        is_known(payment, money)
        return None
    receipt = db.session.get_one(Receipt, receipt_id)
    mismatching.follow(receipt.provider, receipt.external_id, at)
    if kind is ReceiptKind.IN_TIME:
        payment.state, payment.paid_at, payment.ended_at, payment.due_at = PaymentState.PAID, money.paid_at, at, None
    db.session.flush()
    tell("payment.received", payment, at, amount=money.amount, about=receipt.public_id, by=money.by, how=kind.value)
    _follow(payment, receipt, at)
    return receipt


def checked_name(external_id: str) -> str:
    """A provider's name for money, as it can be kept. Raises `Invalid`."""
    name = external_id.strip()
    if not name or name != external_id or len(name) > EXTERNAL_LENGTH or not name.isprintable():
        raise Invalid(
            _(
                "Money that came in has a number of at most %(count)s characters with its provider.",
                count=EXTERNAL_LENGTH,
            )
        )
    return name


def kind_for(payment: Payment) -> ReceiptKind:
    """The state alone decides: as long as nobody has let go of the payment, its money comes in time."""
    if rows.is_settled(payment):
        return ReceiptKind.DOUBLE
    return ReceiptKind.IN_TIME if payment.is_waiting else ReceiptKind.LATE


def _follow(payment: Payment, receipt: Receipt, at: datetime) -> None:
    if receipt.kind is ReceiptKind.DOUBLE:
        refunding.refund(receipt, receipt.amount, refunding.PAID_TWICE, key=f"double:{receipt.public_id}", at=at)
        return
    purpose = purpose_named(payment.purpose)
    if receipt.kind is not ReceiptKind.MISFIT and purpose is not None:
        purpose.paid(payment, receipt, receipt.kind is ReceiptKind.LATE, at)


def _row(payment: Payment, money: Incoming, kind: ReceiptKind, at: datetime) -> dict[str, Any]:
    return {
        "public_id": random_id(),
        "payment_id": payment.id,
        "provider": money.provider or payment.provider,
        "external_id": money.external_id,
        "kind": kind,
        "amount_minor": money.amount.minor,
        "currency": money.amount.currency,
        "paid_at": min(money.paid_at, at),  # another clock may run ahead of ours
        "recorded_at": at,
        "proof": dict(money.proof),
        "proof_picture_id": money.picture.id if money.picture is not None else None,
        "taken_by_id": money.by.id if money.by is not None else None,
    }
