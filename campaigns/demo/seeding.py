"""Acting the demo brand out: every row comes about through the verbs that people use, at the moment it belongs to."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from campaigns.demo import (
    ahead,
    buying,
    draws,
    earning,
    groupbuys,
    handles,
    interests,
    invitations,
    ledger,
    levels,
    lookback,
    pages,
    people,
    plans,
    profiles,
    rewards,
    segments,
    selves,
    setting,
    sharing,
    shortlinks,
    story,
    tags,
    tea_map,
)
from campaigns.demo.acts import Act, joiners, plan
from campaigns.demo.stage import Cast, wall_clock
from campaigns.demo.story import Post
from campaigns.groupbuys import joining
from campaigns.links import counting, making
from campaigns.links.models import Link, Verdict
from campaigns.publishing import claiming, delivering, scheduling
from commons import clock, jobs
from commons.db import db, random_id
from community.channels.accounts import circle_account
from community.circle import checking_in, commenting, liking
from community.circle.threads import comments_of
from community.inbox.models import Interaction
from community.members import roster

Step = Callable[[], object]
Progress = Callable[[float], None]


def seed(now: datetime, progress: Progress) -> None:
    """Make the brand and live its month up to `now`; commits day by day. `progress` hears the share that is done."""
    cast = Cast(now, random.Random(20))
    with clock.held(now - timedelta(days=40)):
        setting.open_the_house(cast)
    steps = sorted(_timeline(cast), key=lambda step: step[0])
    day = None
    for number, (moment, act) in enumerate(steps):
        with clock.held(min(moment, now)):
            act()
        if moment.date() != day:
            db.session.commit()
            day = moment.date()
            progress(number / len(steps))
    with clock.held(now):
        ahead.plan(cast)
    db.session.commit()
    progress(1.0)


def _timeline(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """Every step of the past month with its moment, in no order."""
    yield cast.day(-20, "08:00"), lambda: setting.offer_cakes(cast)
    yield cast.day(-19, "17:00"), lambda: setting.set_up_solo(cast)
    yield cast.day(-5, "16:00"), lambda: setting.set_up_kettle(cast)
    yield cast.day(-4, "08:00"), lambda: setting.offer_kettle(cast)
    past = [(post, cast.day(post.day, post.clock)) for post in story.POSTS]
    past = [(post, moment) for post, moment in past if moment < cast.now]
    for number, (post, moment) in enumerate(past):
        yield moment, partial(_publish, cast, number, post, moment)
    for act in plan(past, cast.now, cast.chance):
        yield act.at, partial(_perform, cast, act)
    yield from _joins(cast, "cakes", 27, cast.day(-20, "09:30"), timedelta(days=6))
    yield from _joins(cast, "kettle", 24, cast.day(-3, "10:10"), cast.now - cast.day(-3, "10:10"))
    yield from earning.steps(cast)
    yield from ledger.steps(cast)
    yield from segments.steps(cast)
    yield from tags.steps(cast)
    yield from interests.steps(cast)
    yield from rewards.steps(cast)
    yield from levels.steps(cast)
    yield from sharing.steps(cast)
    yield from profiles.steps(cast)
    yield from handles.steps(cast)
    yield from selves.steps(cast)
    yield from invitations.steps(cast)
    yield from people.steps(cast)
    yield from plans.steps(cast)
    yield from tea_map.steps(cast)
    yield from draws.steps(cast)
    yield from groupbuys.steps(cast)
    yield from shortlinks.steps(cast)
    yield from buying.steps(cast)
    yield from lookback.steps(cast)
    yield from pages.steps(cast)
    yield cast.day(-13, "09:01"), lambda: jobs.drain(clock.now())
    for number in range(1, len(past), 4):
        yield past[number][1] + timedelta(hours=3), partial(_reply, cast, number)


def _joins(cast: Cast, offer: str, count: int, first: datetime, span: timedelta) -> Iterator[tuple[datetime, Step]]:
    for fan in joiners(count, cast.chance):
        yield first + span * (cast.chance.random() ** 1.7 * 0.98), partial(_join, cast, offer, fan)


def _publish(cast: Cast, number: int, post: Post, moment: datetime) -> None:
    """Written and scheduled the day before, sent at its moment."""
    with clock.held(moment - timedelta(days=1)):
        delivery = scheduling.schedule(
            ahead.write(cast, post), circle_account(), wall_clock(moment), story.ZONE, by=cast.author, at=clock.now()
        )
    with clock.held(moment):
        for delivery_id in claiming.claim_inside(moment, 10):
            delivering.deliver(delivery_id, moment)
    db.session.refresh(delivery)
    assert delivery.channel_post is not None
    cast.posts[number] = delivery.channel_post


def _perform(cast: Cast, act: Act) -> None:
    fan, at = cast.fans[act.fan], clock.now()
    if act.what == "check in":
        checking_in.check_in(fan, at)
        return
    assert act.post is not None
    post = cast.posts[act.post]
    if act.what == "like":
        liking.like(post, fan, at)
    elif act.what == "comment":
        commenting.say(post, roster.handle_of(fan), act.text, at, key=f"demo-{act.post}-{act.fan}")
    elif act.what == "share":
        liking.share(post, fan, at)
    else:
        _visit(cast, making.personal_link(fan, post, at), at)


def _visit(cast: Cast, link: Link, at: datetime) -> None:
    """Somebody opens a shared link; now and then it is only a preview."""
    counting.write_visits(
        [
            {
                "uid": random_id(24),
                "link_id": link.id,
                "occurred_at": at.isoformat(),
                "verdict": (Verdict.PREVIEW if cast.chance.random() < 0.15 else Verdict.HUMAN).value,
                "visitor": f"{cast.chance.getrandbits(128):032x}",
                "referrer": cast.chance.choice(("", "https://weibo.com/", "https://mp.weixin.qq.com/")),
                "browser": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
                "user_id": None,
            }
        ]
    )


def _join(cast: Cast, offer: str, fan: int) -> None:
    _visit(cast, cast.links[offer], clock.now() - timedelta(minutes=2))
    joining.join(cast.offers[offer], cast.fans[fan], clock.now(), cast.links[offer])


def _reply(cast: Cast, number: int) -> None:
    """The house answers the first comment under a post."""
    said = db.session.scalars(comments_of(cast.posts[number]).order_by(Interaction.occurred_at).limit(1)).one_or_none()
    if said is not None:
        words = story.REPLIES[number // 4 % len(story.REPLIES)]
        speaker = roster.staff_handle(cast.staff["hetian"], clock.now())
        commenting.say(cast.posts[number], speaker, words, clock.now(), key=f"demo-reply-{number}", reply_to=said)
