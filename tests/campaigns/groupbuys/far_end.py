"""The far end of payments: somebody else's books, which keep what came in and what was sent back whatever becomes of us."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from campaigns.groupbuys.models import Seat
from campaigns.payments import taking
from campaigns.payments.incoming import Incoming
from campaigns.payments.models import Payment, Receipt
from campaigns.payments.slots import Answer, RefundOrder, SentBack, Start

NAME = "notebook"
_numbers = count(1)


@dataclass
class FarEnd:
    """`came_in` and `sent_back` by the number of the charge; one line for each key of a refund."""

    came_in: dict[str, int] = field(default_factory=dict)
    sent_back: dict[str, tuple[str, int]] = field(default_factory=dict)

    name = NAME
    words = "Notebook"

    def provider(self) -> FarEnd:
        return self

    def is_open(self) -> bool:
        return True

    def start(self, payment: Payment) -> Start:
        return Start("")

    def refund(self, order: RefundOrder) -> Answer:
        self.sent_back.setdefault(order.key, (order.external_id, order.amount.minor))
        return SentBack(f"back-{order.key}")

    def refunded(self, order: RefundOrder) -> SentBack | None:
        return SentBack(f"back-{order.key}") if order.key in self.sent_back else None

    def charge(self, payment: Payment) -> str:
        """The payer pays: the number of the charge."""
        number = f"charge{next(_numbers)}"
        self.came_in[number] = payment.amount_minor
        return number

    def back_for(self, charge: str) -> int:
        """How much of a charge was sent back."""
        return sum(amount for number, amount in self.sent_back.values() if number == charge)


def told(payment: Payment, charge: str, at: datetime) -> Receipt | None:
    """The provider tells us of a charge."""
    return taking.take(payment, Incoming(charge, payment.amount, at), at=at)


def pay(far_end: FarEnd, seat: Seat, at: datetime) -> str:
    """The fan pays for a seat, and we hear of it: the number of the charge."""
    assert seat.payment is not None
    charge = far_end.charge(seat.payment)
    told(seat.payment, charge, at)
    return charge
