"""When people answered best so far, with the evidence for it: how many posts, and how far they lie apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, extract, func, select

from commons.db import db
from community.channels.models import ChannelAccount, ChannelPost
from community.inbox.models import Interaction

LOOKED_BACK = timedelta(days=180)
COUNTED = timedelta(hours=24)
LEAST_POSTS = 20
LEAST_AN_HOUR = 3
SURE = 5
SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """One post of the brand: weekday (0 is Monday) and hour at which it stood there, and the interactions of its first 24 h."""

    weekday: int
    hour: int
    interactions: int


@dataclass(frozen=True, slots=True)
class Hour:
    """What is known of one hour of the week. Half of its posts lie between `low` and `high`.

    `stands_out`: there are at least `SURE` of them, and three quarters did better than the usual post.
    """

    weekday: int
    hour: int
    posts: int
    low: float
    middle: float
    high: float
    stands_out: bool


@dataclass(frozen=True, slots=True)
class Advice:
    """The best hours, the best first; none before there are `LEAST_POSTS`. `usual` is the median of all posts."""

    posts: int
    usual: float
    hours: Sequence[Hour]

    @property
    def is_enough(self) -> bool:
        return self.posts >= LEAST_POSTS


def advise(samples: Iterable[Sample]) -> Advice:
    """The hours of the week with the best median that at least `LEAST_AN_HOUR` posts speak for. Pure."""
    known = list(samples)
    usual = median(one.interactions for one in known) if known else 0.0
    if len(known) < LEAST_POSTS:
        return Advice(len(known), usual, ())
    by_hour: dict[tuple[int, int], list[int]] = defaultdict(list)
    for one in known:
        by_hour[one.weekday, one.hour].append(one.interactions)
    hours = [_hour(*when, counts, usual) for when, counts in by_hour.items() if len(counts) >= LEAST_AN_HOUR]
    hours.sort(key=lambda one: (-one.middle, -one.low, -one.posts, one.weekday, one.hour))
    return Advice(len(known), usual, tuple(one for one in hours if one.middle >= usual)[:SUGGESTED])


def best_times(account: ChannelAccount, zone: str, at: datetime) -> Advice:
    """Advice for an account, in a zone, from its posts of the last half year that are at least a day old."""
    return advise(samples(account, zone, at))


def samples(account: ChannelAccount, zone: str, at: datetime) -> list[Sample]:
    """The account's posts with the interactions of their first 24 h. Withdrawn ones do not count."""
    soon = and_(Interaction.post_id == ChannelPost.id, Interaction.withdrawn_at.is_(None), _within_a_day())
    query = (
        select(ChannelPost.published_at, func.count(Interaction.id))
        .outerjoin(Interaction, soon)
        .where(
            ChannelPost.account_id == account.id,
            ChannelPost.published_at > at - LOOKED_BACK,
            ChannelPost.published_at <= at - COUNTED,
        )
        .group_by(ChannelPost.id, ChannelPost.published_at)
    )
    here = ZoneInfo(zone)
    found = ((moment.astimezone(here), count) for moment, count in db.session.execute(query))
    return [Sample(local.weekday(), local.hour, count) for local, count in found]


def _hour(weekday: int, hour: int, counts: Sequence[int], usual: float) -> Hour:
    low, middle, high = quantiles(counts, n=4, method="inclusive")
    return Hour(weekday, hour, len(counts), low, middle, high, stands_out=len(counts) >= SURE and low > usual)


def _within_a_day() -> ColumnElement[bool]:
    if db.engine.dialect.name == "sqlite":
        days = func.julianday(Interaction.occurred_at) - func.julianday(ChannelPost.published_at)
        return and_(days >= 0, days < COUNTED.days)
    seconds = extract("epoch", Interaction.occurred_at) - extract("epoch", ChannelPost.published_at)
    return and_(seconds >= 0, seconds < COUNTED.total_seconds())
