"""Where a browser takes messages, as it says itself: taken from strangers, and so looked at before it is kept."""

from __future__ import annotations

import binascii
import hashlib
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from flask import current_app
from flask_babel import gettext as _

from commons import outbound
from commons.errors import Invalid
from commons.outbound import Forbidden, Policy

LONGEST = 1000
_PRINTED = re.compile(r"[!-~]+")
_AUTH_BYTES = 16


@dataclass(frozen=True)
class Address:
    """`endpoint` takes messages sealed with `p256dh` and `auth` (RFC 8291), both in base64url."""

    endpoint: str
    p256dh: str
    auth: str

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Address:
        return cls(kept["endpoint"], kept["p256dh"], kept["auth"])

    @property
    def mark(self) -> str:
        """Stands for the endpoint where that must not be read."""
        return hashlib.sha256(self.endpoint.encode()).hexdigest()

    def kept(self) -> dict[str, str]:
        return asdict(self)


def checked(given: Address) -> Address:
    """The address, if one of ours may call it and a message can be sealed for it. Raises `Invalid`."""
    if not (_is_callable(given.endpoint) and _is_point(given.p256dh) and len(_decoded(given.auth)) == _AUTH_BYTES):
        raise Invalid(
            _("This browser gave an address that cannot be used."),
            _("Reload the page and try again, or choose mail instead."),
        )
    return given


def _is_callable(endpoint: str) -> bool:
    """Over https, on the public web; plain http only to addresses that the administrator of this house has allowed."""
    if len(endpoint) > LONGEST or not _PRINTED.fullmatch(endpoint):
        return False
    try:
        outbound.check(endpoint)
    except Forbidden:
        return False
    return endpoint.startswith("https://") or _is_allowed(endpoint)


def _is_allowed(endpoint: str) -> bool:
    policy: Policy = current_app.extensions["outbound"]
    return any(endpoint.startswith(f"http://{host}:{port}/") for host, port in policy.allowed)


def _is_point(key: str) -> bool:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decoded(key))
    except ValueError:
        return False
    return len(_decoded(key)) == 65  # uncompressed, as RFC 8291 has it


def _decoded(text: str) -> bytes:
    """base64url with or without its padding; nothing for what is none."""
    if len(text) > 200:
        return b""
    try:
        return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        return b""
