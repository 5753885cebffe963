"""Paying by hand: the payer transfers the money as the brand says, and a person of the team marks it as paid, with a proof."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from campaigns.payments import taking, terms
from campaigns.payments.incoming import Incoming
from campaigns.payments.models import Payment, Receipt
from campaigns.payments.slots import Answer, ByHand, RefundOrder, SentBack, Start
from commons.accounts.models import User
from commons.media.models import Picture
from commons.money import Money

NAME = "manual"


class Manual:
    """Provider: bank transfer, cash, or whatever the instructions say."""

    name = NAME
    words = _l("By transfer or cash")

    def is_open(self) -> bool:
        return True

    def start(self, payment: Payment) -> Start:
        return Start("campaigns/payments/_start_manual.html", {"told": terms.of_payment(payment)})

    def refund(self, order: RefundOrder) -> Answer:
        return ByHand()

    def refunded(self, order: RefundOrder) -> SentBack | None:
        return None


def mark_paid(
    payment: Payment,
    reference: str,
    amount: Money,
    paid_at: datetime,
    *,
    picture: Picture | None,
    by: User,
    at: datetime,
) -> Receipt | None:
    """A person has seen the money: `reference` is its number with the bank, once for each. None when it was marked before.

    It may come for a payment of any provider: its receipt is this one's, and so goes back by hand. Raises as `taking.take`.
    """
    proof = {"reference": reference}
    money = Incoming(reference, amount, paid_at, proof, provider=NAME, picture=picture, by=by)
    return taking.take(payment, money, at=at)
