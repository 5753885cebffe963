"""What the demo's fans do, planned before it is acted out: pure, and always the same for the same chance."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.demo.story import COMMENTS, FANS, KETTLE, Post

HERO = 0  # the fan that a visitor signs in as: busy, but with something left to do today
MOST_COMMENTS = 14


@dataclass(frozen=True, order=True)
class Act:
    """At `at` the fan number `fan` does `what` under post number `post` (None: nowhere in particular)."""

    at: datetime
    fan: int
    what: str
    post: int | None = None
    text: str = ""


def plan(posts: Sequence[tuple[Post, datetime]], now: datetime, chance: random.Random) -> list[Act]:
    """Everything that fans do under `posts` (with their moments) up to `now`, in order of time."""
    acts: list[Act] = []
    for number, (post, published) in enumerate(posts):
        acts += _under(number, post, published, chance)
    acts += _check_ins(now, chance)
    return sorted(act for act in acts if act.at < now - timedelta(minutes=2))


def joiners(count: int, chance: random.Random) -> list[int]:
    """`count` fans who join a group buy, without the one whom a visitor plays."""
    return chance.sample(range(1, len(FANS)), count)


def _under(number: int, post: Post, published: datetime, chance: random.Random) -> list[Act]:
    """Likes, comments, shares and visits through the shares, most of them soon after the post."""
    interest = chance.uniform(0.5, 1.0) * (1.25 if post.picture else 1.0)
    acts = [Act(_later(published, chance), fan, "like", number) for fan in _some(round(18 * interest), chance)]
    said = chance.sample(COMMENTS[post.topic], k=min(len(COMMENTS[post.topic]), round(MOST_COMMENTS * interest * 0.7)))
    speakers = _some(len(said), chance)
    if post.campaign and post.campaign != KETTLE and HERO not in speakers and number % 3 == 0:
        speakers[0] = HERO
    acts += [
        Act(_later(published, chance), fan, "comment", number, text)
        for fan, text in zip(speakers, said, strict=True)
        if not (fan == HERO and post.campaign == KETTLE)
    ]
    for fan in _some(chance.choice((0, 1, 1, 2)), chance):
        shared = _later(published, chance)
        acts.append(Act(shared, fan, "share", number))
        acts += [Act(_later(shared, chance), fan, "visit", number) for _visit in range(chance.randrange(0, 6))]
    return acts


def _check_ins(now: datetime, chance: random.Random) -> list[Act]:
    """Each fan checks in on some days; the hero on most, yesterday included, but not yet today."""
    acts = []
    for fan in range(len(FANS)):
        habit = 0.86 if fan == HERO else chance.betavariate(0.8, 2.2)
        days = [day for day in range(29, 0, -1) if chance.random() < habit or (fan == HERO and day <= 4)]
        # Nobody taps on the same second every day; who does is taken for a machine.
        acts += [
            Act(
                now - timedelta(days=day, minutes=chance.randrange(0, 300), seconds=(17 * fan + 23 * day) % 60),
                fan,
                "check in",
            )
            for day in days
        ]
    return acts


def _some(count: int, chance: random.Random) -> list[int]:
    """`count` different fans, the busy ones more often."""
    drawn = sorted(range(len(FANS)), key=lambda fan: chance.random() ** (1.0 / _busy(fan)), reverse=True)
    return drawn[:count]


def _busy(fan: int) -> float:
    return float((fan + 2) ** -0.55)


def _later(moment: datetime, chance: random.Random) -> datetime:
    """Some time after, log-normal: half within an hour or so, a tail of days."""
    return moment + timedelta(minutes=min(chance.lognormvariate(4.0, 1.4), 60 * 72))
