"""What payments know about a person, for the export of one's data, and what goes when the person is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import null, select, update

from campaigns.payments import reading, refunding
from campaigns.payments.models import Payment, Receipt, Refund
from campaigns.payments.slots import words_of
from commons.accounts.models import User
from commons.db import changed, db
from commons.media.forgetting import forget
from commons.media.models import Picture
from commons.web import absolute_url
from community.members.models import Member
from community.members.roster import member_of


def export(user: User) -> dict[str, Any]:
    """What one was asked for, what one paid, and what went back."""
    member = member_of(user)
    payments = db.session.scalars(reading.of_member(member)).all() if member is not None else []
    return {"payments": [_payment(one) for one in payments]} if member is not None else {}


def erase(user: User, _at: datetime) -> None:
    """The books must go on to balance, so sums stay, of nobody; what was handed in as a proof goes."""
    of_person = select(Payment.id).join(Member, Member.id == Payment.member_id).where(Member.user_id == user.id)
    mine = Receipt.payment_id.in_(of_person)
    slips = db.session.scalars(select(Picture).join(Receipt, Receipt.proof_picture_id == Picture.id).where(mine)).all()
    changed(update(Receipt).where(mine).values(proof={}, proof_picture_id=null()))
    for slip in slips:
        forget(slip)


def _payment(payment: Payment) -> dict[str, Any]:
    return {
        "reference": payment.public_id,
        "for": words_of(payment)[0],
        "amount": str(payment.amount.amount),
        "currency": payment.currency,
        "way": payment.provider,
        "state": payment.state.value,
        "asked_at": payment.asked_at.isoformat(),
        "paid": [_receipt(one) for one in reading.receipts_of(payment)],
        "sent_back": [_refund(one) for one in reading.refunds_of(payment)],
    }


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "number": receipt.external_id,
        "amount": str(receipt.amount.amount),
        "currency": receipt.currency,
        "at": receipt.paid_at.isoformat(),
        "proof": receipt.proof,
        "proof_picture": _slip(receipt),
    }


def _slip(receipt: Receipt) -> str | None:
    if receipt.proof_picture is None:
        return None
    return absolute_url("payments.slip", public_id=receipt.public_id)


def _refund(refund: Refund) -> dict[str, Any]:
    return {
        "amount": str(refund.amount.amount),
        "reason": refunding.reason_words(refund),
        "state": refund.state.value,
        "asked_at": refund.asked_at.isoformat(),
        "done_at": refund.done_at.isoformat() if refund.done_at is not None else None,
    }
