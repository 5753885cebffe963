"""The call with which a shop's server tells an order. How it is signed: `commons/calls/signing.py`; docs/links.md tells shops."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from campaigns.links.conversions import recording
from campaigns.links.conversions.models import Conversion, ConversionCall, SigningKey, Source, SpentSignature
from campaigns.links.conversions.recording import Order
from commons.calls.keys import KeyRing
from commons.calls.reading import amount_and_moment
from commons.calls.signing import Call, CallKind, CallRefused
from commons.errors import Invalid
from commons.forms import storable

calls = CallKind(SigningKey, SpentSignature, ConversionCall)
keys = KeyRing(SigningKey, "link_key")


def take(call: Call, at: datetime) -> tuple[Conversion, bool]:
    """Keep the order that a call tells; with it, whether it was new. The same idempotency key with the same body is the same
    order; the same signature a second time is refused. Raises `CallRefused`.
    """
    key, earlier = calls.open(call, at)
    if earlier is not None:
        return earlier.conversion, False
    conversion, is_new = recording.record(_order_of(call.said(), at), Source.CALL, at)
    calls.note(key, call, at, conversion_id=conversion.id)
    return conversion, is_new


def _order_of(said: dict[str, Any], at: datetime) -> Order:
    """What the body says. Raises `CallRefused` for what makes no sense."""
    try:
        return _order(said, at)
    except (Invalid, ValueError) as error:
        raise CallRefused(
            "invalid", 422, getattr(error, "message", "") or _("The body does not say an order.")
        ) from error


def _order(said: dict[str, Any], at: datetime) -> Order:
    text = {
        name: str(storable(str(said.get(name) or "")))
        for name in ("order", "link", "click", "amount", "currency", "ordered_at", "customer")
    }
    click = text["click"] if recording.is_click(text["click"]) else ""
    link = recording.link_named(text["link"]) if text["link"] else recording.link_of_click(click)
    if link is None:
        raise CallRefused("unknown_link", 422, _("The order names no link that there is."))
    amount, ordered_at = amount_and_moment(text, "ordered_at", at)
    return Order(recording.checked_number(text["order"]), link, amount, ordered_at, click, text["customer"])
