"""What a person does about money that did not fit: name its payment, count it all the same, send it back, or close the case.

Each is done once: whoever comes second finds it settled.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update

from campaigns.payments import refunding, rows, taking
from campaigns.payments.incoming import Incoming
from campaigns.payments.models import Misfit, Mismatch, Payment, Receipt, ReceiptKind, Settlement
from campaigns.payments.telling import tell
from commons import events
from commons.accounts.models import User
from commons.db import changed, db
from commons.errors import Conflict, Invalid


def name_payment(mismatch: Mismatch, reference: str, *, by: User, at: datetime) -> Receipt | None:
    """It is for this payment: counted if it fits, else it stays, with what does not fit about it. Raises `Invalid`."""
    payment = named(reference)
    if payment is None:
        raise Invalid(_("There is no payment with the reference “%(name)s”.", name=reference[:40]))
    held = rows.locked(payment.id)
    misfit = taking.misfit_of(held, _money(mismatch))
    if misfit is not None:
        open_still = (Mismatch.id == mismatch.id, Mismatch.settled_at.is_(None))
        if changed(update(Mismatch).where(*open_still).values(payment_id=held.id, reason=misfit)) == 0:
            raise _settled()
        db.session.refresh(mismatch)
        return None
    return _count(mismatch, held, taking.kind_for(held), Settlement.COUNTED, by, at)


def count_anyway(mismatch: Mismatch, *, by: User, at: datetime) -> Receipt:
    """The sum is another one, and enough: the payment is paid with it. Raises `Invalid` where it is no sum of its currency."""
    if mismatch.payment is None or mismatch.reason is not Misfit.WRONG_AMOUNT:
        raise Invalid(_("Only money of the same currency can be counted for a payment."))
    held = rows.locked(mismatch.payment.id)
    return _count(mismatch, held, taking.kind_for(held), Settlement.COUNTED, by, at)


def send_back(mismatch: Mismatch, *, by: User, at: datetime) -> Receipt:
    """It goes back whole; the payment waits on, or stays as it ended. Raises `Invalid` for money of no known payment."""
    if mismatch.payment is None:
        raise Invalid(_("Say first which payment this was for."))
    held = rows.locked(mismatch.payment.id)
    receipt = _count(mismatch, held, ReceiptKind.MISFIT, Settlement.SENT_BACK, by, at)
    refunding.refund(receipt, receipt.amount, refunding.DID_NOT_FIT, key=f"misfit:{mismatch.public_id}", at=at, by=by)
    return receipt


def close(mismatch: Mismatch, note: str, *, by: User, at: datetime) -> None:
    """Nothing more is to be done here, for a reason that is kept."""
    _settle(mismatch, Settlement.CLOSED, by, at, note=note)
    events.track(
        "payment.mismatch_closed",
        key=f"payment.mismatch_closed:{mismatch.public_id}",
        at=at,
        actor_id=by.id,
        subject=mismatch,
        payload={"number": mismatch.external_id, "note": note},
    )


def named(reference: str) -> Payment | None:
    """The payment that a reference means, however it was written."""
    plain = "".join(reference.split()).lower()
    if not plain.isascii() or not plain.isalnum():
        return None
    return db.session.scalars(select(Payment).where(Payment.public_id == plain)).one_or_none()


def _count(
    mismatch: Mismatch, payment: Payment, kind: ReceiptKind, settled_as: Settlement, by: User, at: datetime
) -> Receipt:
    _settle(mismatch, settled_as, by, at, payment=payment)
    receipt = taking.count(payment, _money(mismatch), kind, at)
    if receipt is None:
        raise _settled()
    tell("payment.mismatch_settled", payment, at, amount=mismatch.amount, about=mismatch.public_id, by=by)
    return receipt


def _settle(
    mismatch: Mismatch,
    settled_as: Settlement,
    by: User,
    at: datetime,
    *,
    payment: Payment | None = None,
    note: str = "",
) -> None:
    open_still = (Mismatch.id == mismatch.id, Mismatch.settled_at.is_(None))
    values = {"settled_at": at, "settled_by_id": by.id, "settled_as": settled_as, "note": note}
    if payment is not None:
        values["payment_id"] = payment.id
    if changed(update(Mismatch).where(*open_still).values(**values)) == 0:
        raise _settled()
    db.session.refresh(mismatch)


def _money(mismatch: Mismatch) -> Incoming:
    return Incoming(mismatch.external_id, mismatch.amount, mismatch.paid_at, mismatch.proof, provider=mismatch.provider)


def _settled() -> Conflict:
    return Conflict(_("This has been settled meanwhile."), _("Reload the page to see how it stands now."))
