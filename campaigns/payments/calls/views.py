"""The door for calls about payments, and the keys with which shops sign."""

from __future__ import annotations

from flask import Blueprint, Response

from campaigns.payments import shop
from campaigns.payments.calls.receiving import Caller, keys
from campaigns.payments.slots import providers
from commons.calls.door import answer_call, calls_limit
from commons.calls.pages import KeyPages
from commons.calls.signing import CallRefused
from commons.extensions import csrf
from commons.permissions import Permission
from commons.web import public

bp = Blueprint("payment_calls", __name__)

KeyPages(
    ring=keys,
    permission=Permission.PAYMENT_WRITE,
    template="campaigns/payments/calls/keys.html",
    door="payment_calls.call",
    door_values={"provider": shop.NAME},
).put_onto(bp, below="/payments")


@bp.post("/api/payments/<provider>/calls")
@public
@csrf.exempt  # type: ignore[untyped-decorator]
@calls_limit("payment calls")
def call(provider: str) -> Response:
    """Take a signed call of a provider: 200 with what became of it, else a refusal with a name."""
    return answer_call(lambda headers, body, at: (_caller(provider).called(headers, body, at), 200))


def _caller(name: str) -> Caller:
    """The provider of that name, if it calls. Raises `CallRefused`."""
    for make in providers:
        provider = make()
        if provider.name == name and isinstance(provider, Caller):
            return provider
    raise CallRefused("unknown_provider", 404, "There is no such provider here.")
