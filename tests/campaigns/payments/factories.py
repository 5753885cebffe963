"""Tickets, the plainest thing that can be paid for, and money for them, through the real verbs."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any, ClassVar

from sqlalchemy import select

from campaigns.payments import asking, slots, taking
from campaigns.payments.incoming import Incoming
from campaigns.payments.models import Mismatch, Payment, Receipt, Refund
from campaigns.payments.sandbox import jobs as of_sandbox
from campaigns.payments.sandbox import site
from campaigns.payments.sandbox.models import Manner, SandboxCharge, SandboxRefund
from campaigns.payments.sandbox.site import Trial
from commons.db import db
from commons.money import Money
from community.members.models import Member
from tests.factories import make_fan

PRICE = Money(12800)
TIME_TO_PAY = timedelta(minutes=30)

_numbers = count(1)


class Tickets:
    """A purpose that writes down what it is told."""

    name = "test.ticket"
    told: ClassVar[list[tuple[str, str, Any]]] = []

    def paid(self, payment: Payment, receipt: Receipt, late: bool, at: datetime) -> None:
        self.told.append(("paid late" if late else "paid", payment.public_id, receipt.public_id))

    def expired(self, payment: Payment, at: datetime) -> None:
        self.told.append(("expired", payment.public_id, None))

    def refunded(self, refund: Refund, at: datetime) -> None:
        self.told.append(("refunded", refund.payment.public_id, refund.public_id))

    def words(self, payment: Payment) -> tuple[str, str]:
        return f"Ticket {payment.purpose_id}", "/groupbuys"


slots.purposes.plug(Tickets)


def told_about(payment: Payment) -> list[str]:
    """What the purpose was told about it, in order."""
    return [what for what, public_id, _more in Tickets.told if public_id == payment.public_id]


def asked(at: datetime, fan: Member | None = None, *, provider: str = "sandbox", amount: Money = PRICE) -> Payment:
    """A payment for a ticket of its own, to be paid within half an hour."""
    fan = fan or make_fan("小满", at)
    ticket = f"ticket{next(_numbers)}"
    return asking.ask(Tickets.name, ticket, fan, amount, provider, at + TIME_TO_PAY, at=at)


def money(name: str = "", amount: Money = PRICE, at: datetime | None = None, **more: Any) -> Incoming:
    return Incoming(name or f"M-{next(_numbers)}", amount, at or datetime.fromisoformat("2026-03-01T12:00Z"), **more)


def paid(at: datetime, *, provider: str = "sandbox", fan: Member | None = None, amount: Money = PRICE) -> Receipt:
    """Money for a new ticket, in time; where the provider is the sandbox, by way of it."""
    payment = asked(at, fan, provider=provider, amount=amount)
    if provider == "sandbox":
        return charged(payment, at)
    receipt = taking.take(payment, money(amount=amount), at=at)
    assert receipt is not None
    return receipt


def charged(payment: Payment, at: datetime, manner: Manner = Manner.WORKS) -> Receipt:
    """The payment is paid in the sandbox, which tells so at once."""
    site.pay(payment, Trial.PAY, manner, at)
    charge = db.session.scalars(select(SandboxCharge).order_by(SandboxCharge.id.desc()).limit(1)).one()
    of_sandbox.tell(charge.id)
    return db.session.scalars(select(Receipt).where(Receipt.external_id == charge.public_id)).one()


def receipts(payment: Payment) -> list[Receipt]:
    return list(db.session.scalars(select(Receipt).where(Receipt.payment_id == payment.id).order_by(Receipt.id)))


def refunds(payment: Payment) -> list[Refund]:
    found = select(Refund).where(Refund.payment_id == payment.id).order_by(Refund.id)
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def mismatches() -> list[Mismatch]:
    found = select(Mismatch).order_by(Mismatch.id)
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def sent_back(receipt: Receipt) -> list[int]:
    """What the sandbox's own books say went back of this money."""
    mine = select(SandboxRefund.amount_minor).join(SandboxCharge, SandboxCharge.id == SandboxRefund.charge_id)
    return list(db.session.scalars(mine.where(SandboxCharge.public_id == receipt.external_id)))
