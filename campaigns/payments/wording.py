"""States, reasons and facts of this room in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from campaigns.payments.models import Misfit, PaymentState, ReceiptKind, RefundState, Settlement
from campaigns.payments.sandbox.models import Manner
from campaigns.payments.sandbox.site import Trial

STATES = {
    PaymentState.WAITING: _l("To be paid"),
    PaymentState.PAID: _l("Paid"),
    PaymentState.EXPIRED: _l("Not paid in time"),
    PaymentState.CANCELLED: _l("Cancelled"),
}
RECEIPTS = {
    ReceiptKind.IN_TIME: _l("In time"),
    ReceiptKind.LATE: _l("After the end"),
    ReceiptKind.DOUBLE: _l("Paid once more"),
    ReceiptKind.MISFIT: _l("Another sum than was asked"),
}
REFUNDS = {
    RefundState.WAITING: _l("Waiting"),
    RefundState.SENT: _l("Going back"),
    RefundState.DONE: _l("Sent back"),
    RefundState.FAILED: _l("Did not go through"),
}
MISFITS = {
    Misfit.UNKNOWN_PAYMENT: _l("It names no payment that there is"),
    Misfit.WRONG_AMOUNT: _l("Another sum than was asked"),
    Misfit.WRONG_CURRENCY: _l("Another currency than was asked"),
}
SETTLEMENTS = {
    Settlement.COUNTED: _l("Counted for its payment"),
    Settlement.SENT_BACK: _l("Sent back"),
    Settlement.CLOSED: _l("Closed"),
}
TRIALS = {
    Trial.PAY: _l("Pay"),
    Trial.TWICE: _l("Pay twice"),
    Trial.LESS: _l("Pay a little less than was asked"),
    Trial.LATE: _l("Pay, but be told of it only after the time is over"),
    Trial.FAIL: _l("Fail"),
}
MANNERS = {
    Manner.WORKS: _l("Go back"),
    Manner.AWAY: _l("Find the sandbox away"),
    Manner.LOSES_ANSWERS: _l("Go back, but the answer is lost"),
    Manner.REFUSES: _l("Are refused"),
}


def facts() -> Mapping[str, Any]:
    """What happened to a member's payments."""
    return {
        "payment.received": _l("Paid %(amount)s %(currency)s for “%(title)s”"),
        "payment.expired": _l("Did not pay in time for “%(title)s”"),
        "payment.cancelled": _l("Nothing is asked any more for “%(title)s”"),
        "payment.refund_asked": _l("%(amount)s %(currency)s are to go back for “%(title)s”"),
        "payment.refunded": _l("Got %(amount)s %(currency)s back for “%(title)s”"),
        "payment.refund_failed": _l("Sending %(amount)s %(currency)s back for “%(title)s” failed"),
        "payment.refund_tried_again": _l("Sending %(amount)s %(currency)s back for “%(title)s” is tried again"),
        "payment.mismatch_settled": _l("Money that did not fit was placed: “%(title)s”"),
    }


def kinds() -> Mapping[str, Any]:
    return {
        "payment.received": _l("Payment received"),
        "payment.expired": _l("Payment not made in time"),
        "payment.cancelled": _l("Payment cancelled"),
        "payment.refund_asked": _l("Refund asked for"),
        "payment.refunded": _l("Refund done"),
        "payment.refund_failed": _l("Refund failed"),
        "payment.refund_tried_again": _l("Refund tried again"),
        "payment.mismatch_settled": _l("Money that did not fit was placed"),
    }


def acts() -> Mapping[str, Any]:
    """What the team did, for the audit log."""
    return {
        "payment.received": _l("Marked “%(title)s” as paid: %(amount)s %(currency)s (%(payment)s)"),
        "payment.refund_asked": _l("Had %(amount)s %(currency)s sent back for “%(title)s” (%(payment)s): %(reason)s"),
        "payment.refunded": _l("Sent %(amount)s %(currency)s back by hand for “%(title)s” (%(payment)s)"),
        "payment.refund_tried_again": _l("Had a refund of %(amount)s %(currency)s tried again (%(payment)s)"),
        "payment.mismatch_settled": _l("Placed money that did not fit: %(amount)s %(currency)s (%(payment)s)"),
        "payment.mismatch_closed": _l("Closed the case of money that did not fit (%(number)s): %(note)s"),
        "payment.terms_changed": _l("Changed what payers are told (%(provider)s)"),
        "payment_key.made": _l("Made a payment key for “%(name)s”"),
        "payment_key.ended": _l("Ended the payment key of “%(name)s”"),
        "payments.imported": _l("Imported %(count)s paid orders from “%(name)s”"),
    }
