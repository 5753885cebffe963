"""Moments in the cells of a table."""

from __future__ import annotations

from datetime import datetime

from commons import zones


def moment_in(cell: str, zone: str, at: datetime) -> datetime | None:
    """The moment in a cell, without a zone that of `zone`: `at` for an empty one; None for what is no moment, or is to come."""
    text = cell.strip().replace("/", "-").replace("年", "-").replace("月", "-").replace("日", "")
    if not text:
        return at
    try:
        date, _space, time = text.replace("T", " ").partition(" ")
        day = "-".join(part.zfill(2) for part in date.split("-"))
        local = datetime.fromisoformat(f"{day}T{time or '00:00'}")
        moment = local if local.tzinfo else zones.to_utc(local, zone)
    except ValueError:
        return None
    return moment if moment.year >= 2000 and moment <= at else None
