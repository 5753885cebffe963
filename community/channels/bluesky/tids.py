"""Record keys: 13 characters, the microsecond and a clock id, so that they sort by time.

https://atproto.com/specs/tid
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
LENGTH = 13
CLOCK_BITS = 10

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def tid(at: datetime, seed: str) -> str:
    """The key of a record made at `at`. `seed` chooses the clock id, so that two made in one microsecond differ."""
    microseconds = (at - _EPOCH) // timedelta(microseconds=1)
    clock_id = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:2]) % (1 << CLOCK_BITS)
    number = (microseconds << CLOCK_BITS | clock_id) & (1 << 63) - 1
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
