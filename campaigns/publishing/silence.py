"""Who did not answer just now, as far as this process knows: it is not asked again for every post of a batch.

Lost with the process, which is no harm: then it is asked once more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

LASTS = timedelta(minutes=1)
MOST = 1000

_silent: dict[str, tuple[datetime, str]] = {}


def note(who: str, words: str, at: datetime) -> None:
    """`who` (an address, the public id of an account) did not answer at `at`; `words` say how that was."""
    if of(who, at):
        return
    if len(_silent) >= MOST:
        _silent.clear()
    _silent[who] = (at, words)


def of(who: str, at: datetime) -> str:
    """How it was when `who` did not answer a moment ago; empty when there is no such memory."""
    since, words = _silent.get(who, (at - LASTS, ""))
    return words if at - LASTS < since <= at else ""


def forget() -> None:
    """Begin anew."""
    _silent.clear()
