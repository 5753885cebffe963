"""Acting the demo brand out: every row comes about through the verbs that people use, at the moment it belongs to."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial

from campaigns.demo import pictures, story
from campaigns.demo.acts import Act, joiners, plan
from campaigns.demo.story import KETTLE, SOLO, Post
from campaigns.groupbuys import joining, offering
from campaigns.groupbuys.models import GroupBuy
from campaigns.links import counting, making
from campaigns.links.models import Link, Verdict
from campaigns.planning import writing
from campaigns.planning.models import Campaign, CampaignKind, MissionKind
from campaigns.posts import writing as posts
from campaigns.posts.models import BrandPost
from campaigns.publishing import delivering, scheduling
from commons import clock, zones
from commons.accounts import signing_up
from commons.accounts.models import User
from commons.accounts.passwords import hash_password
from commons.admin import brand
from commons.db import db, random_id
from commons.media.keeping import keep
from commons.media.models import Picture
from commons.money import Money
from commons.permissions import Role
from community.channels.accounts import circle_account
from community.channels.models import ChannelPost
from community.circle import cards, checking_in, commenting, liking
from community.circle.threads import comments_of
from community.inbox.models import Interaction
from community.members import roster
from community.members.models import Member

Step = Callable[[], object]
Progress = Callable[[float], None]


@dataclass
class Cast:
    """Who and what there is so far."""

    now: datetime
    chance: random.Random
    staff: dict[str, User] = field(default_factory=dict)
    fans: list[Member] = field(default_factory=list)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    offers: dict[str, GroupBuy] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    drawn: dict[str, Picture] = field(default_factory=dict)
    posts: dict[int, ChannelPost] = field(default_factory=dict)

    def day(self, number: int, clock_time: str) -> datetime:
        """The moment of a wall-clock time, `number` days from today in the brand's zone."""
        today = zones.day_of(self.now, story.ZONE)
        local = datetime.fromisoformat(f"{(today + timedelta(days=number)).isoformat()}T{clock_time}")
        return zones.to_utc(local, story.ZONE)


def seed(now: datetime, progress: Progress) -> None:
    """Make the brand and live its month up to `now`; commits day by day. `progress` hears the share that is done."""
    cast = Cast(now, random.Random(20))
    with clock.held(now - timedelta(days=40)):
        _open_the_house(cast)
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
        _plan_ahead(cast)
    db.session.commit()
    progress(1.0)


def _open_the_house(cast: Cast) -> None:
    at = clock.now()
    cast.staff = {one.login: _account(one.login, one.name, one.role) for one in story.STAFF}
    looks = brand.Looks(story.NAME, story.ABOUT, brand.current().accent, story.ZONE)
    brand.change(looks, cast.staff["zhouyan"], at)
    for number, name in enumerate(story.FANS):
        user = _account("xiaoman" if number == 0 else f"fan{number:02d}", name, Role.FAN)
        signing_up.welcome(user, at)
        member = roster.member_of(user)
        assert member is not None
        cast.fans.append(member)
    for member in cast.fans[::7]:
        cards.switch(member, True)


def _account(login: str, name: str, role: Role) -> User:
    user = User(
        email=f"{login}@{story.DOMAIN}",
        name=name,
        role=role,
        password_hash=_password(),
        language=None,
        zone=story.ZONE,
        created_at=clock.now(),
        confirmed_at=clock.now(),
    )
    db.session.add(user)
    db.session.flush()
    return user


@cache
def _password() -> str:
    return hash_password(story.PASSWORD)


def _timeline(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """Every step of the past month with its moment, in no order."""
    yield cast.day(-20, "08:00"), lambda: _offer_cakes(cast)
    yield cast.day(-19, "17:00"), lambda: _set_up_solo(cast)
    yield cast.day(-5, "16:00"), lambda: _set_up_kettle(cast)
    yield cast.day(-4, "08:00"), lambda: _offer_kettle(cast)
    past = [(post, cast.day(post.day, post.clock)) for post in story.POSTS]
    past = [(post, moment) for post, moment in past if moment < cast.now]
    for number, (post, moment) in enumerate(past):
        yield moment, partial(_publish, cast, number, post, moment)
    for act in plan(past, cast.now, cast.chance):
        yield act.at, partial(_perform, cast, act)
    yield from _joins(cast, "cakes", 27, cast.day(-20, "09:30"), timedelta(days=6))
    yield from _joins(cast, "kettle", 24, cast.day(-3, "10:10"), cast.now - cast.day(-3, "10:10"))
    yield cast.day(-13, "10:00"), lambda: offering.settle_due(cast.offers["cakes"].id, clock.now())
    for number in range(1, len(past), 4):
        yield past[number][1] + timedelta(hours=3), partial(_reply, cast, number)


def _joins(cast: Cast, offer: str, count: int, first: datetime, span: timedelta) -> Iterator[tuple[datetime, Step]]:
    for fan in joiners(count, cast.chance):
        yield first + span * (cast.chance.random() ** 1.7 * 0.98), partial(_join, cast, offer, fan)


def _set_up_solo(cast: Cast) -> None:
    kinds = {
        "comment": (MissionKind.COMMENT, 3),
        "share": (MissionKind.SHARE, 1),
        "check_in": (MissionKind.CHECK_IN, 7),
    }
    cast.campaigns[SOLO] = writing.set_up(
        writing.Wanted(
            title="我的一人茶席",
            summary="四个星期，四个小题目。说说你一个人喝茶的那个角落，也看看别人的。",
            kind=CampaignKind.CONTENT,
            goal="收到 300 张茶席的样子，挑二十张做成册子",
            goal_participants=50,
            starts=_wall_clock(cast.day(-18, "08:00")),
            ends=_wall_clock(cast.day(10, "22:00")),
            zone=story.ZONE,
            missions=_missions(SOLO, kinds),
        ),
        by=cast.staff["xuqiao"],
        at=clock.now(),
    )


def _set_up_kettle(cast: Cast) -> None:
    kinds = {
        "comment": (MissionKind.COMMENT, 1),
        "share": (MissionKind.SHARE, 1),
        "join_group_buy": (MissionKind.JOIN_GROUP_BUY, 1),
    }
    cast.campaigns[KETTLE] = writing.set_up(
        writing.Wanted(
            title="冷泡壶上新",
            summary="试了四个月的一只壶。问清楚再买，凑够三十个人才做。",
            kind=CampaignKind.PRODUCT,
            goal="让大家知道：一只手能拧开",
            goal_participants=80,
            starts=_wall_clock(cast.day(-4, "08:30")),
            ends=_wall_clock(cast.day(17, "22:00")),
            zone=story.ZONE,
            missions=_missions(KETTLE, kinds),
        ),
        by=cast.staff["xuqiao"],
        at=clock.now(),
    )


def _missions(campaign: str, kinds: dict[str, tuple[MissionKind, int]]) -> list[writing.WantedMission]:
    words = story.MISSION_WORDS[campaign]
    return [writing.WantedMission(kind, words[name], needed) for name, (kind, needed) in kinds.items()]


def _offer_cakes(cast: Cast) -> None:
    _offer(
        cast, "cakes", "老白茶小饼 · 尝鲜组", "三饼一组，每饼 100 克，棉纸包，附一张手写冲泡卡。\n自己喝一饼，送人两饼。",
        ("cakes", "三块用棉纸包着的小茶饼"), (Money(16800), Money(21600)), (20, 40), cast.day(-13, "09:00"), None,
    )  # fmt: skip


def _offer_kettle(cast: Cast) -> None:
    _offer(
        cast, "kettle", "云脚冷泡壶 650 ml", "双层玻璃，一只手能拧开，空壶 480 克，高 26 厘米，放得进冰箱门。\n满 30 人成团，不满就不做，一分不收。",
        ("kettle", "一只透明的冷泡壶，壶里有茶叶和一片柠檬"), (Money(8900), Money(12900)), (30, 60), cast.day(3, "21:00"), KETTLE,
    )  # fmt: skip


def _offer(
    cast: Cast,
    name: str,
    title: str,
    description: str,
    picture: tuple[str, str],
    prices: tuple[Money, Money],
    numbers: tuple[int, int],
    deadline: datetime,
    campaign: str | None,
) -> None:
    wanted = offering.Wanted(
        title=title,
        description=description,
        picture=_picture(cast, picture[0]),
        picture_alt=picture[1],
        price=prices[0],
        usual_price=prices[1],
        needed=numbers[0],
        seats=numbers[1],
        deadline=_wall_clock(deadline),
        zone=story.ZONE,
        campaign=cast.campaigns[campaign] if campaign else None,
    )
    lead = cast.staff["xuqiao"]
    cast.offers[name] = offering.write_offer(None, wanted, by=lead, at=clock.now())
    offering.open_offer(cast.offers[name], by=lead, at=clock.now())
    cast.links[name] = making.make_link(
        f"/groupbuys/{cast.offers[name].public_id}",
        by=lead,
        at=clock.now(),
        campaign=wanted.campaign,
        title=title,
        utm_source="circle",
        utm_medium="post",
    )


def _publish(cast: Cast, number: int, post: Post, moment: datetime) -> None:
    """Written and scheduled the day before, sent at its moment."""
    with clock.held(moment - timedelta(days=1)):
        delivery = scheduling.schedule(
            _written(cast, post), circle_account(), _wall_clock(moment), story.ZONE, by=_author(cast), at=clock.now()
        )
    with clock.held(moment):
        for delivery_id in delivering.claim(moment, 10):
            delivering.deliver(delivery_id, moment)
    db.session.refresh(delivery)
    assert delivery.channel_post is not None
    cast.posts[number] = delivery.channel_post


def _written(cast: Cast, post: Post) -> BrandPost:
    by, at = _author(cast), clock.now()
    written = posts.begin(random_id(), by=by, at=at)
    if post.picture:
        posts.add_picture(written, _picture(cast, post.picture), at=at)
    draft = posts.Draft(
        text=post.text,
        campaign=cast.campaigns.get(post.campaign),
        link=cast.links.get(post.leads_to),
        ad=bool(post.leads_to),
        alts={entry.picture.public_id: post.alt for entry in written.pictures},
    )
    posts.save(written, draft, revision=written.revision, by=by, at=at)
    return written


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


def _plan_ahead(cast: Cast) -> None:
    """What is to come, a draft, and the post that goes out a minute after the start."""
    now, by = clock.now(), _author(cast)
    for post in story.UPCOMING:
        moment = cast.day(post.day, post.clock)
        scheduling.schedule(_written(cast, post), circle_account(), _wall_clock(moment), story.ZONE, by=by, at=now)
    soon = _wall_clock((now + timedelta(seconds=61)).replace(microsecond=0))
    scheduling.schedule(_written(cast, Post(0, "", story.SOON)), circle_account(), soon, story.ZONE, by=by, at=now)
    _written(cast, Post(0, "", story.DRAFT))


def _picture(cast: Cast, name: str) -> Picture:
    if name not in cast.drawn:
        cast.drawn[name] = keep(pictures.draw(name), f"{name}.jpg", _author(cast), clock.now())
    return cast.drawn[name]


def _author(cast: Cast) -> User:
    return cast.staff["linxia"]


def _wall_clock(moment: datetime) -> datetime:
    return zones.to_local(moment, story.ZONE)
