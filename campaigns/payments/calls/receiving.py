"""What a call says about payments, and what follows: money is counted, or kept for a person; a refund is done.

The body is a JSON object. `event` is `paid` (with `reference`, `external_id`, `amount`, `currency`, `paid_at`, and `payer`, what
the provider calls whoever paid, if it says so) or `refunded` (with `refund`, the name under which it was asked for, and
`external_id`). docs/payments.md tells shops.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import Headers

from campaigns.payments import matching, payers, sending
from campaigns.payments.calls.models import PaymentCall, PaymentKey, PaymentSpentSignature
from campaigns.payments.incoming import Incoming
from campaigns.payments.models import Receipt, Refund
from campaigns.payments.taking import Contradiction
from commons.calls.keys import KeyRing
from commons.calls.reading import amount_and_moment
from commons.calls.signing import Call, CallKind, CallRefused
from commons.db import db
from commons.errors import Invalid
from commons.forms import storable
from commons.money import Money

calls = CallKind(PaymentKey, PaymentSpentSignature, PaymentCall)
keys = KeyRing(PaymentKey, "payment_key")


@runtime_checkable
class Caller(Protocol):
    """A provider that tells by calls what happened on its side."""

    def called(self, headers: Headers, body: bytes, at: datetime) -> Mapping[str, Any]:
        """Do what a call tells, once however often it comes, and say what became of it. Raises `CallRefused`."""


def signed_by_a_key(provider: str, headers: Headers, body: bytes, at: datetime) -> Mapping[str, Any]:
    """A call of whoever has one of our keys; the same idempotency key is answered as it was the first time."""
    call = Call.of(headers, body)
    key, earlier = calls.open(call, at)
    if earlier is not None:
        return {**earlier.answer, "again": True}
    answer = do(provider, call.said(), at)
    calls.note(key, call, at, answer=answer)
    return answer


def do(provider: str, said: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """What follows from a call whose sender is known. Raises `CallRefused`."""
    text = {name: str(storable(str(value))) for name, value in said.items() if isinstance(value, str | int)}
    event = text.get("event", "")
    if event not in EVENTS:
        raise CallRefused("unknown_event", 422, _("The call tells of nothing that is known here."))
    try:
        return EVENTS[event](provider, text, at)
    except Contradiction as refusal:
        raise CallRefused("told_otherwise", 409, refusal.message) from refusal
    except Invalid as refusal:
        raise CallRefused("invalid", 422, refusal.message) from refusal


def _paid(provider: str, text: Mapping[str, str], at: datetime) -> dict[str, Any]:
    proof = {"told_by": provider}
    if text.get("payer"):
        proof["payer"] = payers.mark_of(provider, text["payer"])
    money = Incoming(text.get("external_id", ""), *_amount_and_moment(text, at), proof, provider=provider)
    placing = matching.place(text.get("reference", ""), money, at=at)
    answer: dict[str, Any] = {"state": placing.placed.value}
    if placing.receipt is not None:
        answer |= {"receipt": placing.receipt.public_id, "kind": placing.receipt.kind.value}
    if placing.mismatch is not None:
        answer |= {"reason": placing.mismatch.reason.value}
    return answer


def _refunded(provider: str, text: Mapping[str, str], at: datetime) -> dict[str, Any]:
    mine = select(Refund).join(Receipt, Receipt.id == Refund.receipt_id).where(Receipt.provider == provider)
    refund = db.session.scalars(mine.where(Refund.public_id == text.get("refund", ""))).one_or_none()
    if refund is None:
        raise CallRefused("unknown_refund", 404, _("No refund of this name was asked for."))
    is_new = sending.told(refund, text.get("external_id", ""), at)
    return {"state": "done" if is_new else "known", "refund": refund.public_id}


EVENTS = {"paid": _paid, "refunded": _refunded}


def _amount_and_moment(text: Mapping[str, str], at: datetime) -> tuple[Money, datetime]:
    amount, paid_at = amount_and_moment(text, "paid_at", at)
    if amount.minor == 0:
        raise Invalid(_("A payment is about more than nothing."))
    return amount, paid_at
