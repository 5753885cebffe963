"""One payment from the first moment to the last, as lines that a person reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from campaigns.payments import reading, refunding
from campaigns.payments.models import Mismatch, Payment, PaymentState, Receipt, ReceiptKind, Refund, RefundState
from campaigns.payments.wording import MISFITS
from commons.i18n import money_words


@dataclass(frozen=True)
class Line:
    """Something that happened. `tone` is that of a badge."""

    at: datetime
    words: str
    more: str = ""
    icon: str = "circle-dot"
    tone: str = "neutral"


def of_payment(payment: Payment) -> Sequence[Line]:
    """Everything about it, the first thing first."""
    lines = [
        Line(payment.asked_at, _("%(amount)s were asked for", amount=money_words(payment.amount)), icon="receipt"),
        *_end(payment),
        *(line for one in reading.receipts_of(payment) for line in _received(one)),
        *(line for one in reading.mismatches_of(payment) for line in _misfit(one)),
        *(line for one in reading.refunds_of(payment) for line in _refund(one)),
    ]
    return sorted(lines, key=lambda line: line.at)


def _end(payment: Payment) -> Iterator[Line]:
    if payment.ended_at is None:
        return
    if payment.state is PaymentState.EXPIRED:
        yield Line(payment.ended_at, _("The time to pay was over"), icon="clock-x", tone="warn")
    elif payment.state is PaymentState.CANCELLED:
        yield Line(payment.ended_at, _("Nothing is asked any more"), icon="ban")


RECEIVED: dict[ReceiptKind, Any] = {
    ReceiptKind.IN_TIME: lambda amount: _("%(amount)s came in", amount=amount),
    ReceiptKind.LATE: lambda amount: _("%(amount)s came in after the end", amount=amount),
    ReceiptKind.DOUBLE: lambda amount: _("%(amount)s came in once more", amount=amount),
    ReceiptKind.MISFIT: lambda amount: _("%(amount)s came in, which was not asked", amount=amount),
}


def _received(receipt: Receipt) -> Iterator[Line]:
    more = _("No. %(number)s", number=receipt.external_id)
    if receipt.taken_by is not None:
        more = _("No. %(number)s, marked by %(name)s", number=receipt.external_id, name=receipt.taken_by.name)
    tone = "good" if receipt.kind is ReceiptKind.IN_TIME else "warn"
    yield Line(receipt.recorded_at, RECEIVED[receipt.kind](money_words(receipt.amount)), more, "coin", tone)


def _misfit(mismatch: Mismatch) -> Iterator[Line]:
    words = _("%(amount)s were told that do not fit", amount=money_words(mismatch.amount))
    yield Line(mismatch.recorded_at, words, str(MISFITS[mismatch.reason]), "alert-triangle", "warn")


def _refund(refund: Refund) -> Iterator[Line]:
    amount, why = money_words(refund.amount), refunding.reason_words(refund)
    by = _("%(why)s, by %(name)s", why=why, name=refund.asked_by.name) if refund.asked_by is not None else why
    yield Line(refund.asked_at, _("%(amount)s are to go back", amount=amount), by, "arrow-back-up")
    if refund.state is RefundState.SENT and refund.sent_at is not None:
        yield Line(refund.sent_at, _("The refund was sent to the provider"), refund.trouble, "send", "info")
    elif refund.state is RefundState.FAILED and refund.sent_at is not None:
        yield Line(refund.sent_at, _("The refund failed"), refund.trouble, "alert-circle", "bad")
    elif refund.by_hand_at is not None and refund.done_at is None:
        yield Line(refund.by_hand_at, _("A person has to send it back"), icon="hand-stop", tone="warn")
    if refund.done_at is not None:
        number = _("No. %(number)s", number=refund.external_id or "—")
        yield Line(refund.done_at, _("%(amount)s went back", amount=amount), number, "check", "good")
