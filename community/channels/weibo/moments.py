"""Moments as Weibo writes them: `Tue May 31 17:46:55 +0800 2011`, in English whatever the language of this machine."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1
    )
}
_FORM = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d) (\d{4})")


def moment_of(written: str) -> datetime:
    """The moment, in UTC. ValueError for anything else."""
    found = _FORM.fullmatch(written)
    if found is None or found[1] not in _MONTHS:
        raise ValueError(f"not a moment of Weibo: {written!r}")
    apart = timedelta(hours=int(found[7]), minutes=int(found[8])) * (1 if found[6] == "+" else -1)
    return datetime(
        int(found[9]),
        _MONTHS[found[1]],
        int(found[2]),
        int(found[3]),
        int(found[4]),
        int(found[5]),
        tzinfo=timezone(apart),
    ).astimezone(UTC)
