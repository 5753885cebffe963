"""What a code says, and whether one that somebody brings is good: pure for what hangs and what changes."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from campaigns.participation.scanning.models import ScanPlace, Sort
from commons.db import ALPHABET, random_id

LASTS = 30
"""Seconds that a changing code is shown."""
STILL_GOOD = 2
"""So many codes before the one that is shown are taken as well: for whoever has to sign in first."""
ONE_TIME_LENGTH = 12


def shown(place: ScanPlace, at: datetime) -> str:
    """The code that the place shows now; a place of single codes has none of its own."""
    return _made(place, _window(at) if place.sort is Sort.ROTATING else 0)


def is_good(place: ScanPlace, code: str, at: datetime) -> bool:
    """Whether the code is of this place and of this moment."""
    if place.sort is Sort.ONE_TIME:
        return False
    last = _window(at) if place.sort is Sort.ROTATING else 0
    first = last - STILL_GOOD if place.sort is Sort.ROTATING else 0
    return any(hmac.compare_digest(_made(place, window), code) for window in range(first, last + 1))


def one_time() -> str:
    return random_id(ONE_TIME_LENGTH)


def _window(at: datetime) -> int:
    return int(at.timestamp()) // LASTS


def _made(place: ScanPlace, window: int) -> str:
    mark = hmac.new(place.secret.encode(), f"{place.public_id}|{window}".encode(), hashlib.sha256).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in mark[:ONE_TIME_LENGTH])
