"""On which days something comes again. Pure: a rule and a first day in, days out.

Every rule is one of RFC 5545 (RRULE) and is kept as its text. A day that a month does not have (31, or 29 February) becomes
the last one that it has, which the RFC spells as several days of which the last is taken.
"""

from __future__ import annotations

import enum
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count as counting
from itertools import islice, takewhile

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SHORTEST_MONTH = 28
LAST = -1
LAST_YEAR = 2200


class Every(enum.StrEnum):
    DAY = "DAILY"
    WEEK = "WEEKLY"
    MONTH = "MONTHLY"
    YEAR = "YEARLY"


@dataclass(frozen=True)
class Rule:
    """Every so many days, weeks, months or years, until a day (counted in) or so many times, or without end.

    `weekdays` (Monday is 0) are those of a weekly rule. A monthly one falls on `day`, or with `nth` (1 to 4, or -1 for the
    last) on the nth of the one weekday in `weekdays`. A yearly one falls on `day` of `month`.
    """

    every: Every
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    day: int = 0
    month: int = 0
    nth: int = 0
    until: date | None = None
    count: int | None = None

    @property
    def is_clamped(self) -> bool:
        """Whether there are months (of a yearly rule: years) that do not have its day, so that their last one is taken."""
        if self.every is Every.MONTH:
            return not self.nth and self.day > SHORTEST_MONTH
        return self.every is Every.YEAR and (self.month, self.day) == (2, 29)

    def __str__(self) -> str:
        return ";".join(f"{name}={value}" for name, value in _parts(self))


def days(rule: Rule, start: date) -> Iterator[date]:
    """The days of the rule from `start` on, in order; without end if the rule has none."""
    until = rule.until or date(LAST_YEAR, 1, 1)
    found = takewhile(lambda day: day <= until, (day for day in _EVERY[rule.every](rule, start) if day >= start))
    return found if rule.count is None else islice(found, rule.count)


def between(rule: Rule, start: date, first: date, last: date) -> list[date]:
    """Its days from `first` to `last`, both counted in."""
    return [day for day in takewhile(lambda day: day <= last, days(rule, start)) if day >= first]


def following(rule: Rule, start: date, after: date, most: int) -> list[date]:
    """Its next days from `after` on (counted in), at most so many."""
    return list(islice((day for day in days(rule, start) if day >= after), most))


def before(rule: Rule, start: date, day: date) -> Rule:
    """The rule as it ends before `day`: by a day only, for the RFC allows no rule both that and a number of times."""
    last = day - timedelta(days=1)
    if rule.count is not None:
        last = max(between(rule, start, start, last), default=last)
    return replace(rule, until=min(last, rule.until or last), count=None)


def rest(rule: Rule, start: date, day: date) -> Rule:
    """The rule as it goes on from `day`: of a number of times, those that are left."""
    if rule.count is None:
        return rule
    return replace(rule, count=max(1, rule.count - len(between(rule, start, start, day - timedelta(days=1)))))


def parsed(text: str) -> Rule:
    """The rule that `str()` wrote. ValueError for anything else."""
    given = dict(part.split("=", 1) for part in text.split(";"))
    rule = Rule(
        Every(given["FREQ"]),
        interval=int(given.get("INTERVAL", "1")),
        weekdays=tuple(DAYS.index(name[-2:]) for name in given["BYDAY"].split(",")) if "BYDAY" in given else (),
        day=int(given["BYMONTHDAY"].rpartition(",")[2]) if "BYMONTHDAY" in given else 0,
        month=int(given.get("BYMONTH", "0")),
        nth=int(given["BYDAY"][:-2]) if given["FREQ"] == Every.MONTH and "BYDAY" in given else 0,
        until=date.fromisoformat(given["UNTIL"]) if "UNTIL" in given else None,
        count=int(given["COUNT"]) if "COUNT" in given else None,
    )
    if str(rule) != text:
        raise ValueError(f"{text!r} is no rule of ours")
    return rule


def _daily(rule: Rule, start: date) -> Iterator[date]:
    step = timedelta(days=rule.interval)
    while start.year < LAST_YEAR:
        yield start
        start += step


def _weekly(rule: Rule, start: date) -> Iterator[date]:
    monday = start - timedelta(days=start.weekday())
    while monday.year < LAST_YEAR:
        yield from (monday + timedelta(days=weekday) for weekday in sorted(rule.weekdays))
        monday += timedelta(weeks=rule.interval)


def _monthly(rule: Rule, start: date) -> Iterator[date]:
    for number in counting(start.year * 12 + start.month - 1, rule.interval):
        year, month = number // 12, number % 12 + 1
        if year >= LAST_YEAR:
            return
        yield _nth(rule, year, month) if rule.nth else _clamped(year, month, rule.day)


def _yearly(rule: Rule, start: date) -> Iterator[date]:
    for year in range(start.year, LAST_YEAR, rule.interval):
        yield _clamped(year, rule.month, rule.day)


def _clamped(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def _nth(rule: Rule, year: int, month: int) -> date:
    weekday = rule.weekdays[0]
    if rule.nth == LAST:
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7, weeks=rule.nth - 1)


_EVERY = {Every.DAY: _daily, Every.WEEK: _weekly, Every.MONTH: _monthly, Every.YEAR: _yearly}


def _parts(rule: Rule) -> Iterator[tuple[str, object]]:
    yield "FREQ", rule.every.value
    yield "INTERVAL", rule.interval
    if rule.every is Every.WEEK:
        yield "BYDAY", ",".join(DAYS[day] for day in sorted(rule.weekdays))
    elif rule.nth:
        yield "BYDAY", f"{rule.nth}{DAYS[rule.weekdays[0]]}"
    if rule.every is Every.YEAR:
        yield "BYMONTH", rule.month
    if rule.day:
        yield from _month_days(rule)
    if rule.until is not None:
        yield "UNTIL", f"{rule.until:%Y%m%d}"
    if rule.count is not None:
        yield "COUNT", rule.count


def _month_days(rule: Rule) -> Iterator[tuple[str, object]]:
    if not rule.is_clamped:
        yield "BYMONTHDAY", rule.day
        return
    yield "BYMONTHDAY", ",".join(str(day) for day in range(SHORTEST_MONTH, rule.day + 1))
    yield "BYSETPOS", LAST
