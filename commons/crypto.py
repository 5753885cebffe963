"""Secrets at rest: columns that are readable only with the application's key."""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator


def derived_key(purpose: str) -> bytes:
    """32 bytes for one purpose, derived from SECRET_KEY (HKDF, RFC 5869), so that no key serves two ends."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret)


class EncryptedJson(TypeDecorator[dict[str, Any]]):
    """A JSON object, kept as a Fernet token (AES-128-CBC with HMAC-SHA256)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str | None:
        return None if value is None else _fernet().encrypt(json.dumps(value).encode()).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else json.loads(_fernet().decrypt(value.encode()))


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key("columns")))
