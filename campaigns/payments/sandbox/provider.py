"""The sandbox as a provider: our side of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import Headers

from campaigns.payments.calls import receiving
from campaigns.payments.calls.models import PaymentSpentSignature
from campaigns.payments.models import Payment
from campaigns.payments.sandbox import site
from campaigns.payments.slots import Answer, Away, RefundOrder, SentBack, Start
from commons.calls import signing
from commons.calls.signing import Call


class Sandbox:
    """Provider: nobody pays anything. Only where the settings allow it."""

    name = site.NAME
    words = _l("Sandbox (no real money)")

    def is_open(self) -> bool:
        return bool(current_app.extensions["settings"].payment_sandbox)

    def start(self, payment: Payment) -> Start:
        return Start("campaigns/payments/_start_sandbox.html")

    def called(self, headers: Headers, body: bytes, at: datetime) -> Mapping[str, Any]:
        """What the far end tells. Closed where the sandbox is."""
        call = Call.of(headers, body)
        if call.key != site.NAME or not self.is_open():
            raise signing.unknown_key()
        signing.check(call, site.secret(), PaymentSpentSignature, at)
        return receiving.do(self.name, call.said(), at)

    def refund(self, order: RefundOrder) -> Answer:
        return site.send_back(order)

    def refunded(self, order: RefundOrder) -> SentBack | Away | None:
        return site.read_back(order)
