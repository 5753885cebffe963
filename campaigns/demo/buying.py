"""What people buy in the demo's shop: six weeks of orders by links on several networks, by strangers and by fans, once or again.

And the hold-out group of a campaign, drawn before it started.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random

from sqlalchemy import select

from campaigns.demo import story
from campaigns.demo.acts import HERO
from campaigns.demo.stage import Cast
from campaigns.insights.holdouts import drawing, keeping
from campaigns.links import making
from campaigns.links.conversions import recording
from campaigns.links.conversions.models import Source
from campaigns.links.conversions.recording import Order
from commons import clock
from commons.db import db
from commons.money import Money
from community.circle.interests import reporting
from community.circle.interests.models import CirclePost, Reason
from community.members import roster
from community.members.models import Member

Step = Callable[[], object]

FIRST_DAY = -39
KEPT_OUT = 20
PRICES = (8900, 8900, 16800, 16800, 26800, 33600)
COMPLAINERS = ((3, "09:20"), (6, "13:05"), (9, "16:40"), (14, "20:15"))
SHOPS = {
    "weibo": ("微博小店", 34),
    "wechat": ("公众号菜单", 26),
    "xiaohongshu": ("小红书主页", 18),
    "newsletter": ("邮件里的链接", 8),
    "": ("茶桌上的卡片", 14),
}
"""Where links to the shop stand: the tag, the title, and how often in a hundred an order comes by it."""


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """Orders on every day, a little more at the weekend; who has bought before buys more often."""
    chance = Random(47)
    yield cast.day(FIRST_DAY, "08:00"), partial(_open_shop, cast)
    buyers: list[str] = []
    number = 0
    for day in range(FIRST_DAY, 0):
        for _order in range(chance.choice((3, 4, 5, 6, 8))):
            buyer = chance.choice(buyers) if buyers and chance.random() < 0.55 else f"shop-{number}"
            buyers.append(buyer)
            tag = chance.choices(list(SHOPS), [weight for _title, weight in SHOPS.values()])[0]
            moment = cast.day(day, "08:30") + timedelta(minutes=chance.randrange(13 * 60))
            yield moment, partial(_buy, cast, number, buyer, tag, chance.choice(PRICES))
            number += 1
    yield cast.day(-5, "18:00"), partial(_cast_the_lot, cast)
    for number, (fan, clock_time) in enumerate(COMPLAINERS):
        yield cast.day(-12 + number, clock_time), partial(_complain, cast, fan)


def _open_shop(cast: Cast) -> None:
    for tag, (title, _weight) in SHOPS.items():
        cast.links[f"shop {tag}"] = making.make_link(
            "https://shop.cloudfoot.example/", by=cast.lead, at=clock.now(), title=title, utm_source=tag
        )


def _buy(cast: Cast, number: int, buyer: str, tag: str, minor: int) -> None:
    """Every third buyer is a fan, whom the shop names by the member's number; now and then it names nobody."""
    which = int(buyer.removeprefix("shop-"))
    customer = cast.fans[which % len(cast.fans)].public_id if which % 3 == 0 else buyer
    order = Order(
        f"S{20260000 + number}",
        cast.links[f"shop {tag}"],
        Money(minor),
        clock.now(),
        customer="" if number % 29 == 28 else customer,
    )
    recording.record(order, Source.CALL, clock.now())


def _complain(cast: Cast, fan: int) -> None:
    """A fan reports what somebody else wrote in an interest circle; the service desk looks at it the same hour."""
    mine = roster.handle_of(cast.fans[fan])
    standing = select(CirclePost).where(CirclePost.author_id != mine.id, CirclePost.stands_since.is_not(None))
    post = db.session.scalars(standing.order_by(CirclePost.id).offset(fan).limit(1)).first()
    if post is not None:
        reporting.report(post, cast.fans[fan], Reason.OTHER, clock.now(), "这条看着像在抱怨别家的茶，不太合适。")
        reporting.leave(post, roster.staff_handle(cast.staff["hetian"], clock.now()), clock.now())


def _cast_the_lot(cast: Cast) -> None:
    """For the kettle, the evening before it starts; with the first seed that leaves in the fan whom a visitor plays."""
    known = db.session.scalars(select(Member.public_id).where(Member.counts())).all()
    hero = cast.fans[HERO].public_id
    seeds = (f"kettle {number}" for number in count(1))
    seed = next(seed for seed in seeds if hero not in drawing.kept_out(seed, known, KEPT_OUT))
    keeping.draw(cast.campaigns[story.KETTLE], None, KEPT_OUT, by=cast.lead, at=clock.now(), seed=seed)
