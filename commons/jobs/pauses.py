"""How long to wait before the next try. Pure."""

from __future__ import annotations

import random
from datetime import timedelta

FIRST = 15.0
FACTOR = 4.0
LONGEST = 3 * 3600.0


def pause(tries: int, chance: float | None = None) -> timedelta:
    """The pause after the `tries`-th failed try: about 15 s, 1 min, 4 min, 16 min, 64 min, 3 h.

    Between one half and the whole of that by `chance` (0 to 1), so that what failed together does not come back together.
    """
    whole = min(FIRST * FACTOR ** min(tries - 1, 32), LONGEST)
    share = random.random() if chance is None else chance
    return timedelta(seconds=whole * (0.5 + 0.5 * share))
