"""Paying in a shop of another house: the payer orders there under the payment's reference, the shop tells us by a signed call,
or its orders come in as a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import Headers

from campaigns.payments import terms
from campaigns.payments.calls.receiving import signed_by_a_key
from campaigns.payments.models import Payment
from campaigns.payments.slots import Answer, ByHand, RefundOrder, SentBack, Start

NAME = "shop"


class Shop:
    """Provider: whatever shop signs with one of our keys. Money goes back in the shop, by hand; it may tell us when it has."""

    name = NAME
    words = _l("In an online shop")

    def is_open(self) -> bool:
        return True

    def start(self, payment: Payment) -> Start:
        return Start("campaigns/payments/_start_shop.html", {"told": terms.of_payment(payment)})

    def called(self, headers: Headers, body: bytes, at: datetime) -> Mapping[str, Any]:
        return signed_by_a_key(NAME, headers, body, at)

    def refund(self, order: RefundOrder) -> Answer:
        return ByHand()

    def refunded(self, order: RefundOrder) -> SentBack | None:
        return None
