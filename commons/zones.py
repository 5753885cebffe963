"""From a wall clock to the moment it means, and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from dateutil.tz import resolve_imaginary

DEFAULT_ZONE = "Asia/Shanghai"


@cache
def names() -> tuple[str, ...]:
    """Every IANA zone that a person may choose, sorted; without the Etc and legacy aliases."""
    regions = ("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/")
    rest = ("Indian/", "Pacific/")
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(regions + rest)))


def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def to_utc(local: datetime, zone: str) -> datetime:
    """The moment at which a clock on the wall in `zone` shows `local` (naive).

    A time that a daylight-saving gap leaves out moves forward by the gap; one that comes twice means the first.
    """
    if local.tzinfo is not None:
        raise ValueError("a wall-clock time carries no zone of its own")
    return resolve_imaginary(local.replace(tzinfo=ZoneInfo(zone), fold=0)).astimezone(UTC)


def to_local(moment: datetime, zone: str) -> datetime:
    """What a clock on the wall in `zone` shows at `moment`: naive."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def day_of(moment: datetime, zone: str) -> date:
    """The calendar day in `zone`."""
    return moment.astimezone(ZoneInfo(zone)).date()


def day_bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """First moment of `day` in `zone` and first moment of the next, in UTC."""
    return to_utc(datetime.combine(day, time()), zone), to_utc(datetime.combine(day + timedelta(days=1), time()), zone)


@lru_cache(maxsize=4096)
def clock_step(day: date, zone: str) -> timedelta:
    """By how much clocks in `zone` are put forward (or, negative, back) in the course of `day`; mostly not at all."""
    here = ZoneInfo(zone)
    midnights = (datetime.combine(day + timedelta(days=later), time(), here) for later in (0, 1))
    before, after = (midnight.utcoffset() or timedelta() for midnight in midnights)
    return after - before
