"""Who signed a call, whether it is fresh, and that it counts once.

Signed is `key.timestamp.idempotency-key.body` with HMAC-SHA256 (RFC 2104) and the key's secret; the header carries `v1,` and
the digest in base64.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from flask_babel import gettext as _
from sqlalchemy import delete, select
from werkzeug.datastructures import Headers

from commons.calls.models import KEY_LENGTH, SigningKey, SpentSignature, TakenCall
from commons.db import changed, db, insert_new
from commons.errors import DomainError
from commons.forms import storable

FRESH = timedelta(minutes=5)
KEY, TIMESTAMP, SIGNATURE, IDEMPOTENCY = "Quanzi-Key", "Quanzi-Timestamp", "Quanzi-Signature", "Idempotency-Key"
HEADERS = (KEY, TIMESTAMP, IDEMPOTENCY, SIGNATURE)

Key = TypeVar("Key", bound=SigningKey)
Taken = TypeVar("Taken", bound=TakenCall)


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
        if not (key and moment and name and signature) or len(name) > KEY_LENGTH or not name.isprintable():
            names = ", ".join(HEADERS)
            raise CallRefused("missing_header", 400, _("A call needs the headers %(names)s.", names=names))
        return cls(key, moment, name, signature, body)

    @classmethod
    def sign(cls, secret: str, key: str, idempotency_key: str, body: bytes, at: datetime) -> Call:
        """A call as its sender makes it."""
        moment = str(int(at.timestamp()))
        return cls(key, moment, idempotency_key, signed(secret, key, moment, idempotency_key, body), body)

    @property
    def headers(self) -> dict[str, str]:
        """As they are sent."""
        return dict(zip(HEADERS, (self.key, self.timestamp, self.idempotency_key, self.signature), strict=True))

    @property
    def digest(self) -> str:
        """The hash by which two bodies are known as the same."""
        return _digest(self.body)

    def said(self) -> dict[str, Any]:
        """The body, a JSON object. Raises `CallRefused` for anything else."""
        try:
            said = json.loads(self.body)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise CallRefused("not_json", 400, _("The body is not a JSON object."))
        return said


def signed(secret: str, key: str, timestamp: str, idempotency_key: str, body: bytes) -> str:
    """The signature header of a call."""
    text = f"{key}.{timestamp}.{idempotency_key}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest()).decode()


def check(call: Call, secret: str, spent: type[Any], at: datetime) -> None:
    """That whoever knows `secret` signed the call just now, and that it was not taken before. Raises `CallRefused`."""
    wanted = signed(secret, call.key, call.timestamp, call.idempotency_key, call.body)
    if not hmac.compare_digest(wanted.encode(), call.signature.encode()):
        raise CallRefused("wrong_signature", 401, _("The signature does not fit the call."))
    _check_fresh(call, at)
    if insert_new(spent, {"signature": _digest(call.signature.encode()), "spent_at": at}) is None:
        raise CallRefused("replayed", 409, _("This very call was taken already. To ask again, sign it anew."))


def unknown_key() -> CallRefused:
    return CallRefused("unknown_key", 401, _("There is no key with this name, or it has ended."))


@dataclass(frozen=True)
class CallKind(Generic[Key, Taken]):
    """The calls that one room takes: its tables of keys, of spent signatures and of calls taken."""

    keys: type[Key]
    spent: type[SpentSignature]
    taken: type[Taken]

    def open(self, call: Call, at: datetime) -> tuple[Key, Taken | None]:
        """The key that signed a fresh call, and the same call if it was taken before. Raises `CallRefused`."""
        key = self._key_of(call)
        check(call, str(key.secret["secret"]), self.spent, at)
        return key, self._earlier(key, call)

    def note(self, key: Key, call: Call, at: datetime, **came_of_it: Any) -> None:
        """Keep that the call was taken. Raises `CallRefused` when the same is being taken at this moment."""
        row = {"key_id": key.id, "idempotency_key": call.idempotency_key, "body_sha256": call.digest, "taken_at": at}
        taken: Any = self.taken
        if insert_new(taken, row | came_of_it) is None:
            raise CallRefused("at_once", 409, _("The same call is being taken at this moment. Ask again."))
        key.used_at = at

    def forget_old(self, at: datetime) -> None:
        """Let go of signatures that are too old to be replayed."""
        changed(delete(self.spent).where(self.spent.spent_at < at - 3 * FRESH))

    def _key_of(self, call: Call) -> Key:
        named = (self.keys.public_id == storable(call.key), self.keys.ended_at.is_(None))
        key = db.session.scalars(select(self.keys).where(*named)).one_or_none()
        if key is None:
            raise unknown_key()
        return key

    def _earlier(self, key: Key, call: Call) -> Taken | None:
        mine = (self.taken.key_id == key.id, self.taken.idempotency_key == call.idempotency_key)
        earlier = db.session.scalars(select(self.taken).where(*mine)).one_or_none()
        if earlier is not None and earlier.body_sha256 != call.digest:
            raise CallRefused("key_reused", 409, _("This idempotency key was used for another body."))
        return earlier


def _check_fresh(call: Call, at: datetime) -> None:
    try:
        moment = datetime.fromtimestamp(int(call.timestamp), UTC)
    except (ValueError, OverflowError, OSError):
        moment = None
    if moment is None or abs(at - moment) > FRESH:
        raise CallRefused("stale", 401, _("The timestamp is not of the last five minutes."))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
