"""Sending money back: promised once for each key, and never more than came in. How it leaves: `sending`."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from campaigns.payments import rows, slots
from campaigns.payments.models import Receipt, Refund, RefundState
from campaigns.payments.telling import tell
from commons import jobs
from commons.accounts.models import User
from commons.db import changed, db, insert_new, random_id
from commons.errors import Conflict, Invalid
from commons.money import Money

PAID_TWICE, DID_NOT_FIT = "paid_twice", "did_not_fit"
REASONS = {PAID_TWICE: _l("Paid twice"), DID_NOT_FIT: _l("Another sum than was asked")}
"""Reasons of the room itself, as they are kept; those of other rooms are in their slot, and any other is words of a person."""
LONGEST_REASON = 200
JOB = "payments.send_refund"


class TooMuch(Conflict):
    """More would go back than came in."""


def refund(receipt: Receipt, amount: Money, reason: str, *, key: str, at: datetime, by: User | None = None) -> Refund:
    """Have `amount` of `receipt` sent back. The same key twice is one refund; whether it is sent, the outbox sees to.

    Raises `TooMuch`, and `Conflict` when the key was used for another refund.
    """
    if amount.currency != receipt.currency or amount.minor <= 0:
        raise Invalid(_("What goes back is more than nothing, and in the currency that came in."))
    rows.locked(receipt.payment_id)
    with db.session.begin_nested():
        refund_id = insert_new(Refund, _row(receipt, amount, reason, key, at, by))
        if refund_id is not None:
            _promise(receipt, amount)
    if refund_id is None:
        return _known(receipt, amount, key)
    made = db.session.get_one(Refund, refund_id)
    tell("payment.refund_asked", made.payment, at, amount=amount, about=made.public_id, by=by, reason=made.reason)
    leave(made, at)
    return made


def leave(refund: Refund, at: datetime, *, due: datetime | None = None) -> None:
    """One row of the outbox for each try of a refund."""
    jobs.send(JOB, due=due or at, key=f"{JOB}:{refund.public_id}:{refund.tries}", refund_id=refund.id)


def reason_words(refund: Refund) -> str:
    """Why money goes back, in the reader's language."""
    known = [REASONS, *(words() for words in slots.reasons)]
    return str(next((words[refund.reason] for words in known if refund.reason in words), refund.reason))


def of_key(key: str) -> Refund | None:
    return db.session.scalars(select(Refund).where(Refund.key == key)).one_or_none()


def _promise(receipt: Receipt, amount: Money) -> None:
    """Set so much of the receipt aside, in one conditional update."""
    enough = (Receipt.id == receipt.id, Receipt.refunded_minor + amount.minor <= Receipt.amount_minor)
    if changed(update(Receipt).where(*enough).values(refunded_minor=Receipt.refunded_minor + amount.minor)) == 0:
        raise TooMuch(
            _("More would go back than came in."), _("Look at what was sent back already, and send the rest at most.")
        )
    db.session.refresh(receipt)


def _known(receipt: Receipt, amount: Money, key: str) -> Refund:
    found = of_key(key)
    if found is None or found.receipt_id != receipt.id or found.amount != amount:
        raise Conflict(_("This refund was asked for already, of another sum."))
    return found


def _row(receipt: Receipt, amount: Money, reason: str, key: str, at: datetime, by: User | None) -> dict[str, object]:
    return {
        "public_id": random_id(),
        "payment_id": receipt.payment_id,
        "receipt_id": receipt.id,
        "key": key,
        "amount_minor": amount.minor,
        "currency": amount.currency,
        "reason": reason[:LONGEST_REASON],
        "state": RefundState.WAITING,
        "asked_at": at,
        "asked_by_id": by.id if by is not None else None,
    }
