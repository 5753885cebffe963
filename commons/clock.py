"""The one place that knows what time it is. Views, jobs and commands read it; the domain is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_set_to: datetime | None = None


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return _set_to if _set_to is not None else datetime.now(UTC)


def set_to(moment: datetime | None) -> None:
    """Hold the clock at `moment` (aware); None lets it run again. For tests and for seeding a past."""
    global _set_to
    if moment is not None and moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    _set_to = moment.astimezone(UTC) if moment is not None else None


def advance(**by: float) -> datetime:
    """Move a held clock on by `timedelta(**by)` and return the new moment."""
    set_to(now() + timedelta(**by))
    return now()


@contextmanager
def held(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` for a while, then let it be as it was."""
    global _set_to
    before = _set_to
    set_to(moment)
    try:
        yield
    finally:
        _set_to = before
