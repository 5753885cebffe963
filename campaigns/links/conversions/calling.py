"""The call with which a shop's server tells an order: who signed it, whether it is fresh, and that it counts once.

Signed is `key.timestamp.idempotency-key.body` with HMAC-SHA256 (RFC 2104) and the key's secret; the header carries `v1,` and
the digest in base64. docs/links.md tells shops.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select
from werkzeug.datastructures import Headers

from campaigns.links.conversions import recording
from campaigns.links.conversions.models import Conversion, ConversionCall, SigningKey, Source, SpentSignature
from campaigns.links.conversions.recording import Order
from commons.db import changed, db, insert_new
from commons.errors import DomainError, Invalid
from commons.forms import storable
from commons.money import DEFAULT_CURRENCY, Money

FRESH = timedelta(minutes=5)
LONGEST_KEY = 80
KEY, TIMESTAMP, SIGNATURE, IDEMPOTENCY = "Quanzi-Key", "Quanzi-Timestamp", "Quanzi-Signature", "Idempotency-Key"


class CallRefused(DomainError):
    """The call is not taken. `name` says why, for a program; it stays the same in every language."""

    def __init__(self, name: str, status: int, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.status = status


@dataclass(frozen=True)
class Call:
    """What came in, as far as it is signed."""

    key: str
    timestamp: str
    idempotency_key: str
    signature: str
    body: bytes

    @classmethod
    def of(cls, headers: Headers, body: bytes) -> Call:
        """Read the headers. Raises `CallRefused` when one is missing."""
        key, moment, name, signature = (
            headers.get(header, "").strip() for header in (KEY, TIMESTAMP, IDEMPOTENCY, SIGNATURE)
        )
        if not (key and moment and name and signature) or len(name) > LONGEST_KEY or not name.isprintable():
            names = f"{KEY}, {TIMESTAMP}, {IDEMPOTENCY}, {SIGNATURE}"
            raise CallRefused("missing_header", 400, _("A call needs the headers %(names)s.", names=names))
        return cls(key, moment, name, signature, body)


def signed(secret: str, key: str, timestamp: str, idempotency_key: str, body: bytes) -> str:
    """The signature header of a call."""
    text = f"{key}.{timestamp}.{idempotency_key}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest()).decode()


def take(call: Call, at: datetime) -> tuple[Conversion, bool]:
    """Keep the order that a call tells; with it, whether it was new. The same idempotency key with the same body is the same
    order; the same signature a second time is refused. Raises `CallRefused`.
    """
    key = _key_of(call)
    _check_fresh(call, at)
    if insert_new(SpentSignature, {"signature": _digest(call.signature.encode()), "spent_at": at}) is None:
        raise CallRefused("replayed", 409, _("This very call was taken already. To ask again, sign it anew."))
    earlier = _earlier(key, call)
    if earlier is not None:
        return earlier.conversion, False
    conversion, is_new = recording.record(_order_of(call.body, at), Source.CALL, at)
    row = {
        "key_id": key.id,
        "idempotency_key": call.idempotency_key,
        "body_sha256": _digest(call.body),
        "conversion_id": conversion.id,
        "taken_at": at,
    }
    if insert_new(ConversionCall, row) is None:
        raise CallRefused("at_once", 409, _("The same call is being taken at this moment. Ask again."))
    key.used_at = at
    return conversion, is_new


def _key_of(call: Call) -> SigningKey:
    query = select(SigningKey).where(SigningKey.public_id == storable(call.key), SigningKey.ended_at.is_(None))
    key = db.session.scalars(query).one_or_none()
    if key is None:
        raise CallRefused("unknown_key", 401, _("There is no key with this name, or it has ended."))
    wanted = signed(key.secret["secret"], call.key, call.timestamp, call.idempotency_key, call.body)
    if not hmac.compare_digest(wanted.encode(), call.signature.encode()):
        raise CallRefused("wrong_signature", 401, _("The signature does not fit the call."))
    return key


def _check_fresh(call: Call, at: datetime) -> None:
    try:
        moment = datetime.fromtimestamp(int(call.timestamp), UTC)
    except (ValueError, OverflowError, OSError):
        moment = None
    if moment is None or abs(at - moment) > FRESH:
        raise CallRefused("stale", 401, _("The timestamp is not of the last five minutes."))


def _earlier(key: SigningKey, call: Call) -> ConversionCall | None:
    mine = (ConversionCall.key_id == key.id, ConversionCall.idempotency_key == call.idempotency_key)
    earlier = db.session.scalars(select(ConversionCall).where(*mine)).one_or_none()
    if earlier is not None and earlier.body_sha256 != _digest(call.body):
        raise CallRefused("key_reused", 409, _("This idempotency key was used for another body."))
    return earlier


def _order_of(body: bytes, at: datetime) -> Order:
    """What the body says. Raises `CallRefused` for what makes no sense."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise CallRefused("not_json", 400, _("The body is not a JSON object."))
    try:
        return _order(said, at)
    except (Invalid, ValueError) as error:
        raise CallRefused(
            "invalid", 422, getattr(error, "message", "") or _("The body does not say an order.")
        ) from error


def _order(said: dict[str, Any], at: datetime) -> Order:
    text = {
        name: str(storable(str(said.get(name) or "")))
        for name in ("order", "link", "click", "amount", "currency", "ordered_at")
    }
    click = text["click"] if recording.is_click(text["click"]) else ""
    link = recording.link_named(text["link"]) if text["link"] else recording.link_of_click(click)
    if link is None:
        raise CallRefused("unknown_link", 422, _("The order names no link that there is."))
    try:
        amount = amount_of(text["amount"], text["currency"])
        ordered_at = datetime.fromisoformat(text["ordered_at"]) if text["ordered_at"] else at
    except ValueError as error:
        raise Invalid(_("Write the amount like 128.00 and the moment like 2026-03-01T12:00:00Z.")) from error
    if ordered_at.tzinfo is None or ordered_at > at + FRESH:
        raise Invalid(_("The moment of an order needs a time zone and cannot be in the future."))
    return Order(recording.checked_number(text["order"]), link, amount, ordered_at, click)


def amount_of(amount: str, currency: str) -> Money:
    """Money that is not negative and that a column holds; ValueError for anything else."""
    code = (currency or DEFAULT_CURRENCY).strip().upper()
    money = Money.parse(amount, code) if len(code) == 3 and code.isascii() and code.isalpha() else None
    if money is None or not 0 <= money.minor < 2**31:
        raise ValueError("no amount")
    return money


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def forget_old(at: datetime) -> None:
    """Let go of signatures that are too old to be replayed."""
    changed(delete(SpentSignature).where(SpentSignature.spent_at < at - 3 * FRESH))
