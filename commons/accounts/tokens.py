"""Unguessable secrets that travel in a cookie or a mail. Only their hash is ever kept."""

from __future__ import annotations

import hashlib
import secrets

LONGEST = 100


def fresh() -> str:
    """A new secret: 256 bits, safe in an address."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What the database keeps. The secret is random already, so one round without salt is enough."""
    return hashlib.sha256(token[:LONGEST].encode("utf-8", "replace")).hexdigest()
