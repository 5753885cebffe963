"""The far end: it charges payers nothing, keeps books of its own, tells us by signed calls, and sends nothing back.

It stands for somebody else's server. So it commits for itself, knows payments only by their references, and its calls come in
through the same door as everybody's.
"""

from __future__ import annotations

import enum
import json
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.datastructures import Headers

from campaigns.payments.models import Payment
from campaigns.payments.sandbox.models import Manner, SandboxCharge, SandboxRefund
from campaigns.payments.slots import Answer, Away, RefundOrder, Refused, SentBack
from commons import clock, jobs
from commons.calls.signing import Call
from commons.crypto import derived_key
from commons.db import db, insert_new, random_id
from commons.money import Money

NAME = "sandbox"
JOB = "payments.sandbox_tell"
AFTER = timedelta(minutes=1)


class Trial(enum.StrEnum):
    """What somebody who tries things out has the sandbox do."""

    PAY = "pay"
    FAIL = "fail"
    LATE = "late"
    TWICE = "twice"
    LESS = "less"


def pay(payment: Payment, trial: Trial, manner: Manner, at: datetime) -> int:
    """Do as if the payer had paid; how many charges there are of it. Calls about them follow the commit."""
    if trial is Trial.FAIL:
        return 0
    amount = Money(max(1, payment.amount_minor - 100), payment.currency) if trial is Trial.LESS else payment.amount
    times = 2 if trial is Trial.TWICE else 1
    due = max(at, payment.expires_at + AFTER) if trial is Trial.LATE else at
    for _time in range(times):
        _tell_later(_charge(payment.public_id, amount, manner, at), due)
    return times


def secret() -> str:
    """What both ends know."""
    return derived_key("payments in the sandbox").hex()


def call_about(charge: SandboxCharge, at: datetime) -> Call:
    """The signed call that tells of a charge."""
    body = {
        "event": "paid",
        "reference": charge.reference,
        "external_id": charge.public_id,
        "amount": str(charge.amount.amount),
        "currency": charge.currency,
        "paid_at": charge.charged_at.isoformat(),
    }
    return Call.sign(secret(), NAME, charge.public_id, json.dumps(body).encode(), at)


def headers_of(call: Call) -> Headers:
    """The call as it comes over the wire."""
    return Headers(call.headers)


def send_back(order: RefundOrder) -> Answer:
    """Send money back, once for each key and never more than was charged."""
    charge = _charge_named(order.external_id)
    if charge is None or charge.manner is Manner.REFUSES:
        return Refused(_("The sandbox was told to refuse this refund."))
    if charge.manner is Manner.AWAY:
        return Away(_("The sandbox does not answer."))
    made = _refund(charge, order)
    db.session.commit()
    if made is None:
        return Refused(_("More would go back than came in."))
    if charge.manner is Manner.LOSES_ANSWERS:
        return Away(_("The sandbox does not answer."))
    return SentBack(made.public_id)


def read_back(order: RefundOrder) -> SentBack | Away | None:
    """What became of a refund."""
    charge = _charge_named(order.external_id)
    if charge is not None and charge.manner is Manner.AWAY:
        return Away(_("The sandbox does not answer."))
    made = db.session.scalars(select(SandboxRefund).where(SandboxRefund.key == order.key)).one_or_none()
    return SentBack(made.public_id) if made is not None else None


def behave(external_id: str, manner: Manner) -> None:
    """From now on refunds of this charge are answered so."""
    charge = _charge_named(external_id)
    if charge is not None:
        charge.manner = manner
        db.session.flush()


def _charge(reference: str, amount: Money, manner: Manner, at: datetime) -> SandboxCharge:
    charge = SandboxCharge(
        reference=reference, amount_minor=amount.minor, currency=amount.currency, manner=manner, charged_at=at
    )
    db.session.add(charge)
    db.session.flush()
    return charge


def _tell_later(charge: SandboxCharge, due: datetime) -> None:
    jobs.send(JOB, due=due, key=f"{JOB}:{charge.public_id}", charge_id=charge.id)


def _charge_named(external_id: str) -> SandboxCharge | None:
    return db.session.scalars(select(SandboxCharge).where(SandboxCharge.public_id == external_id)).one_or_none()


def _refund(charge: SandboxCharge, order: RefundOrder) -> SandboxRefund | None:
    """The refund of that key, made now unless it was; None when there is not enough to send back."""
    held = select(SandboxCharge).where(SandboxCharge.id == charge.id).with_for_update()
    db.session.scalars(held.execution_options(populate_existing=True)).one()
    gone = db.session.scalar(select(func.sum(SandboxRefund.amount_minor)).where(SandboxRefund.charge_id == charge.id))
    known = select(SandboxRefund).where(SandboxRefund.key == order.key)
    made = db.session.scalars(known).one_or_none()
    if made is None and (gone or 0) + order.amount.minor <= charge.amount_minor:
        row = {"charge_id": charge.id, "amount_minor": order.amount.minor, "made_at": clock.now()}
        insert_new(SandboxRefund, {"public_id": random_id(), "key": order.key, **row})
        made = db.session.scalars(known).one()
    return made
