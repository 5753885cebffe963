"""What the demo brand has planned: more than one channel, somebody who has to agree, a series, slots, a topic of today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from campaigns.approval import routing
from campaigns.approval.routing import Rules
from campaigns.demo import story
from campaigns.demo.stage import Cast, wall_clock
from campaigns.demo.story import Post
from campaigns.lane import running
from campaigns.posts import writing
from campaigns.posts.drafts import Draft, Edited, content_of
from campaigns.posts.models import BrandPost
from campaigns.posts.planner import slots
from campaigns.posts.series import changing
from campaigns.posts.series.changing import Wanted
from campaigns.posts.series.recurring import Every, Rule
from campaigns.publishing import scheduling
from commons import clock, zones
from commons.db import random_id
from commons.permissions import Role
from community.channels import accounts
from community.channels.accounts import circle_account
from community.channels.models import ChannelAccount
from community.channels.protocol import network_named

WEDNESDAY = 2
WORKDAYS = range(5)


def plan(cast: Cast) -> None:
    """What is to come, a draft, and the post that goes out a minute after the start."""
    notebook = _connect_notebook(cast)
    for number, post in enumerate(story.UPCOMING):
        written = write(cast, post, {notebook: Edited(text=story.NOTEBOOK[number])} if number in story.NOTEBOOK else {})
        _schedule(cast, written, wall_clock(cast.day(post.day, post.clock)))
    soon = (clock.now() + timedelta(seconds=61)).replace(microsecond=0)
    _schedule(cast, write(cast, Post(0, "", story.SOON)), wall_clock(soon))
    write(cast, Post(0, "", story.DRAFT))
    _begin_series(cast)
    _see_a_topic(cast)


def write(cast: Cast, post: Post, also: Mapping[ChannelAccount, Edited] | None = None) -> BrandPost:
    """A post of the story, for the circle and what else is given."""
    by, at = cast.author, clock.now()
    written = writing.begin(random_id(), by=by, at=at)
    if post.picture:
        writing.add_picture(written, cast.picture(post.picture), at=at)
    draft = Draft(
        text=post.text,
        campaign=cast.campaigns.get(post.campaign),
        link=cast.links.get(post.leads_to),
        ad=bool(post.leads_to),
        alts={entry.picture.public_id: post.alt for entry in written.pictures},
        variants={circle_account(): Edited(), **(also or {})},
    )
    writing.save(written, draft, revision=written.revision, by=by, at=at)
    return written


def _connect_notebook(cast: Cast) -> ChannelAccount:
    """A network without an API, on which a person posts; there somebody else has to agree first."""
    at = clock.now()
    typed = {"name": "小红书", "address": "https://creator.xiaohongshu.com/publish", "person": str(cast.author.email)}
    account = accounts.accept(network_named("handoff").connect(typed, at), "handoff", at)
    steps = [{"role": Role.APPROVER.value}]
    routing.set_route(None, Rules(campaign=None, account=account, steps=steps), by=cast.staff["zhouyan"], at=at)
    slots.add_slots(circle_account(), WORKDAYS, time(9), by=cast.author, at=at)
    slots.add_slots(circle_account(), WORKDAYS, time(20), by=cast.author, at=at)
    slots.add_slots(account, [WEDNESDAY], time(12, 30), by=cast.author, at=at)
    return account


def _schedule(cast: Cast, post: BrandPost, wanted: datetime) -> None:
    scheduling.schedule_all(post, wanted, story.ZONE, by=cast.author, at=clock.now())


def _begin_series(cast: Cast) -> None:
    """A letter every Wednesday at noon."""
    at = clock.now()
    pattern = write(cast, Post(0, "", story.WEEKLY, "three-cups", "三只茶杯，汤色由浅到深"))
    wanted = Wanted(
        "周三的信", Rule(Every.WEEK, weekdays=(WEDNESDAY,)), zones.day_of(at, story.ZONE), "12:00", story.ZONE
    )
    changing.set_up(wanted, content_of(pattern), by=cast.author, at=at)
    writing.discard(pattern, by=cast.author, at=at)


def _see_a_topic(cast: Cast) -> None:
    """Seen, answered with an idea, and waiting for the first approver."""
    at = clock.now()
    topic = running.see(story.TOPIC, "https://weibo.com/", by=cast.author, at=at, seen_at=at - timedelta(minutes=7))
    picture = cast.picture("cup-amber")
    idea = running.draw(
        topic,
        story.IDEA,
        [circle_account()],
        by=cast.author,
        at=at - timedelta(minutes=3),
        picture=picture,
        alt="俯拍的一只白瓷杯，茶汤琥珀色",
    )
    running.send(idea, by=cast.author, at=at - timedelta(minutes=1))
