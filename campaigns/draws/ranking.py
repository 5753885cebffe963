"""From a frozen list and a random value to an order in which everybody can see for himself where he stands. Pure.

docs/draws.md writes the same bytes down for whoever wants to recompute them.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from hashlib import sha256
from heapq import nsmallest
from typing import Any

from campaigns.draws import merkle


def canonical(value: Any) -> bytes:
    """The one way to write a value as JSON: keys in order, no spaces, UTF-8. For text, whole numbers, lists and objects."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def fingerprint(value: Any) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return sha256(canonical(value)).hexdigest()


def leaf_of(draw: str, entry: str) -> bytes:
    """The leaf of an entry: it names the draw and a random number, and nobody."""
    return merkle.leaf(f"{draw}/{entry}".encode())


def commitment(rules_hash: str, root: str, count: int, exclusions_hash: str) -> str:
    """One hash of everything that stands before the random value is known."""
    return fingerprint({"count": count, "exclusions_hash": exclusions_hash, "root": root, "rules_hash": rules_hash})


def seed(randomness: str, committed: str) -> str:
    """HMAC-SHA256 of the commitment's 32 bytes under the random value's 32 bytes: neither side alone decides."""
    return hmac.digest(bytes.fromhex(randomness), bytes.fromhex(committed), "sha256").hex()


def number(seed_: str, entry: str) -> str:
    """The number that an entry draws: HMAC-SHA256 of its id (as ASCII) under the seed. The lowest wins."""
    return hmac.digest(bytes.fromhex(seed_), entry.encode(), "sha256").hex()


def first(seed_: str, entries: Iterable[str], most: int) -> list[str]:
    """The first `most` entries in the order of their numbers; equal numbers, should there ever be any, go by id."""
    key = bytes.fromhex(seed_)
    numbered = ((hmac.digest(key, entry.encode(), "sha256"), entry) for entry in entries)
    return [entry for _number, entry in nsmallest(most, numbered)]
