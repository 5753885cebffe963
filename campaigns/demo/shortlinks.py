"""What the demo shows of links: one with rules, an A/B target, a card and orders, and one behind a password."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from campaigns.demo.stage import Cast
from campaigns.links import changing, counting, making
from campaigns.links.changing import Terms, WantedWay
from campaigns.links.conversions import recording
from campaigns.links.conversions.models import Source
from campaigns.links.conversions.recording import Order
from campaigns.links.models import Verdict
from commons import clock
from commons.db import random_id
from commons.money import Money

Step = Callable[[], object]
SITES = ("https://weibo.com/", "https://weibo.com/", "https://mp.weixin.qq.com/", "https://www.xiaohongshu.com/", "")
REGIONS = ("CN-ZJ", "CN-ZJ", "CN-JS", "CN-SH", "CN-BJ", "CN-GD", "SG", "")
LANGUAGES = ("zh", "zh", "zh", "zh", "en")
DEVICES = {
    "phone": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "tablet": "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15",
    "computer": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36",
}


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """The link goes into print on a Monday; people come by it for a fortnight, and some of them order."""
    chance = Random(31)
    yield cast.day(-15, "10:00"), partial(_print, cast)
    for number in range(160):
        moment = cast.day(-14 + number // 12, "09:00") + timedelta(minutes=chance.randrange(12 * 60))
        yield moment, partial(_come, cast, number, chance)


def _print(cast: Cast) -> None:
    lead, at = cast.lead, clock.now()
    link = making.make_link(
        "/groupbuys", by=lead, at=at, slug="老白茶", title="秋茶单页", utm_source="print", utm_medium="qr"
    )
    terms = Terms(
        link.target,
        link.title,
        utm_source="print",
        utm_medium="qr",
        tells_click=True,
        card_title="巷子里的秋茶",
        card_text="三饼一组，棉纸包。",
    )
    changing.change(link, terms, by=lead, at=at)
    changing.add_way(link, WantedWay("/circle/interests", language="en"), by=lead, at=at)
    changing.add_way(link, WantedWay("/circle", name="先看圈子", weight=1), by=lead, at=at)
    cast.links["printed"] = link
    friends = making.make_link("/circle/shares", by=lead, at=at, slug="内测", title="给老朋友")
    changing.change(friends, Terms(friends.target, friends.title, password="老朋友 2012"), by=lead, at=at)  # noqa: S106 (shown to whoever tries the demo)


def _come(cast: Cast, number: int, chance: Random) -> None:
    """Somebody scans the code; now and then it is a crawler, now and then somebody buys."""
    link, device = cast.links["printed"], chance.choice(("phone", "phone", "phone", "computer", "tablet"))
    language = chance.choice(LANGUAGES)
    way = link.rules[0] if language == "en" else chance.choice((None, link.variants[0]))
    visit: dict[str, Any] = {
        "uid": random_id(24),
        "link_id": link.id,
        "occurred_at": clock.now().isoformat(),
        "verdict": (Verdict.BOT if number % 11 == 0 else Verdict.HUMAN).value,
        "visitor": f"{chance.getrandbits(128):032x}",
        "referrer": chance.choice(SITES),
        "browser": DEVICES[device],
        "user_id": None,
        "device": device,
        "language": language,
        "region": chance.choice(REGIONS),
        "way_id": way.id if way else None,
    }
    counting.write_visits([visit])
    if number % 11 and chance.random() < (0.16 if way else 0.09):
        order = Order(
            f"T{20260000 + number}", link, Money(chance.choice((8900, 16800, 33600))), clock.now(), visit["uid"]
        )
        recording.record(order, Source.CALL, clock.now())
