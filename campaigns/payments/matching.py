"""Money that names its payment by a reference: from a shop's call, a table, or the sandbox."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from campaigns.payments import mismatching, rows, taking
from campaigns.payments.incoming import Incoming
from campaigns.payments.models import Misfit, Mismatch, Payment, Receipt
from campaigns.payments.settling import named


class Placed(enum.StrEnum):
    """What became of money that was told: counted now, known before, or kept for a person."""

    COUNTED = "counted"
    KNOWN = "known"
    KEPT = "kept"


@dataclass(frozen=True)
class Placing:
    """Where money went."""

    placed: Placed
    receipt: Receipt | None = None
    mismatch: Mismatch | None = None


def place(reference: str, money: Incoming, *, at: datetime) -> Placing:
    """Count `money` for the payment that `reference` names; what cannot be counted is kept for a person.

    `money` names its provider. The same money again changes nothing, wherever it went. Raises `Contradiction`.
    """
    taking.checked_name(money.external_id)
    payment = named(reference)
    if payment is None:
        return _without_payment(reference, money, at)
    receipt = taking.take(payment, money, at=at)
    if receipt is not None:
        return Placing(Placed.COUNTED, receipt=receipt)
    known = rows.receipt_of(money.provider, money.external_id)
    if known is not None:
        return Placing(Placed.KNOWN, receipt=known)
    return Placing(Placed.KEPT, mismatch=mismatching.known(money.provider, money.external_id))


def misfit(payment: Payment | None, money: Incoming) -> Misfit | None:
    """Why a person would have to look at this money; None when it fits."""
    return Misfit.UNKNOWN_PAYMENT if payment is None else taking.misfit_of(payment, money)


def _without_payment(reference: str, money: Incoming, at: datetime) -> Placing:
    """No such payment: perhaps a person has placed this money already."""
    known = rows.receipt_of(money.provider, money.external_id)
    if known is not None:
        return Placing(Placed.KNOWN, receipt=known)
    kept = mismatching.keep(reference, money, Misfit.UNKNOWN_PAYMENT, at)
    return Placing(Placed.KEPT, mismatch=kept)
