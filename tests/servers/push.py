"""A push service with browsers behind it: it takes messages as RFC 8030 has it, checks who sends (RFC 8292), and opens what only
the browser can open (RFC 8291 over RFC 8188), written from those documents and not from what the house uses to seal.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from werkzeug.wrappers import Request

from commons.db import random_id
from tests.community.channels.contract import ContractServer, Reply

MOST_BYTES = 4096
ONE_DAY = 86400


@dataclass
class PushedTo:
    """A browser as its push service knows it. `key` is the server key it was asked with; empty: it has not been told."""

    endpoint: str
    secret: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: random_id(16).encode())
    key: str = ""
    opened: list[dict[str, Any]] = field(default_factory=list)

    @property
    def given(self) -> dict[str, str]:
        """What the browser gives to the house."""
        return {"endpoint": self.endpoint, "p256dh": b64(point(self.secret.public_key())), "auth": b64(self.auth)}


class PushServer(ContractServer):
    """`refuses` is a status to answer with, `retry_after` goes along with it. `with PushServer() as server: server.browser()`."""

    def __init__(self, port: int = 0, **more: Any) -> None:
        super().__init__(port, **more)
        self.browsers: dict[str, PushedTo] = {}
        self.refuses = 0
        self.retry_after = ""
        self.complaints: list[str] = []

    def browser(self, key: str = "") -> PushedTo:
        """A new browser behind this service."""
        path = f"/push/{random_id()}"
        self.browsers[path] = PushedTo(f"{self.url}{path}", key=key)
        return self.browsers[path]

    def answer(self, request: Request) -> Reply:
        browser = self.browsers.get(request.path)
        if browser is None:
            return Reply(status=404)
        wrong = self._wrong(request, browser)
        if wrong:
            self.complaints.append(wrong)
            return Reply({"error": wrong}, 400)
        if self.refuses:
            return Reply(status=self.refuses, headers={"Retry-After": self.retry_after} if self.retry_after else {})
        browser.opened.append(json.loads(opened(request.get_data(), browser.secret, browser.auth)))
        return Reply(b"", 201, {"Location": f"{self.url}/message/{random_id()}"})

    def _wrong(self, request: Request, browser: PushedTo) -> str:
        """What the documents ask for and the request does not have; empty when all is well."""
        if request.method != "POST" or not request.headers.get("TTL", "").isdecimal():
            return "RFC 8030, 5.2: a push is a POST with a TTL in seconds"
        if request.headers.get("Content-Encoding") != "aes128gcm":
            return "RFC 8291, 4: the content encoding is aes128gcm"
        if len(request.get_data()) > MOST_BYTES:
            return "RFC 8030, 7.2: no more than 4096 bytes need be taken"
        return voucher_wrong(request.headers.get("Authorization", ""), self.url, browser.key)


def voucher_wrong(authorization: str, origin: str, key: str) -> str:
    """What is wrong with the VAPID header (RFC 8292); empty when nothing is."""
    scheme, _space, rest = authorization.partition(" ")
    given = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
    if scheme.lower() != "vapid" or not {"t", "k"} <= given.keys():
        return "RFC 8292, 3: `vapid t=…, k=…`"
    if key and given["k"] != key:
        return "RFC 8292, 4.2: another key than the browser was asked with"
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(given["k"]))
    try:
        claims = jwt.decode(given["t"], public, algorithms=["ES256"], audience=origin)
    except jwt.InvalidTokenError as error:
        return f"RFC 8292, 2: {error}"
    if not 0 < claims["exp"] - time.time() <= ONE_DAY:
        return "RFC 8292, 2: it holds for at most 24 hours"
    return "" if claims.get("sub", "").startswith(("mailto:", "https:")) else "RFC 8292, 2.1: a contact"


def opened(body: bytes, secret: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """The message in an aes128gcm body of one record."""
    salt, length, rest = body[:16], body[20], body[21:]
    sender, sealed = rest[:length], rest[length:]
    shared = secret.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
    info = b"WebPush: info\x00" + point(secret.public_key()) + sender
    base = _extract(salt, _expand(_extract(auth, shared), info, 32))
    key, nonce = (
        _expand(base, b"Content-Encoding: aes128gcm\x00", 16),
        _expand(base, b"Content-Encoding: nonce\x00", 12),
    )
    padded = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\x00")
    assert padded.endswith(b"\x02"), "the last record ends with a 2"
    return padded[:-1]


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _extract(salt: bytes, secret: bytes) -> bytes:
    return hmac.new(salt, secret, hashlib.sha256).digest()


def _expand(key: bytes, info: bytes, length: int) -> bytes:
    return hmac.new(key, info + b"\x01", hashlib.sha256).digest()[:length]
