"""What the demo shows of watching a campaign: posters with codes that people scan, and what the team has learnt so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random

from campaigns.debrief import writing
from campaigns.demo.stage import Cast
from campaigns.demo.story import KETTLE, SOLO
from campaigns.links import counting, making
from campaigns.links.models import Verdict
from campaigns.participation.counts import folding
from commons import clock
from commons.db import random_id

Step = Callable[[], object]
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
SITES = ("https://weibo.com/", "https://weibo.com/", "https://mp.weixin.qq.com/", "https://www.douban.com/", "")
LINKS = (
    ("solo-table", SOLO, "六张茶桌上的小卡", -11, 96),
    ("solo-weibo", SOLO, "微博置顶", -11, 64),
    ("kettle-window", KETTLE, "橱窗海报", -3, 40),
)
LESSONS = (
    (-6, "xuqiao", "题目要小。“你杯子旁边有什么”收到的回答，是“说说你的茶席”的三倍。"),
    (-2, "linxia", "晚上八点到十点最热闹，早上发的帖子几乎没人接话；下回把题目放在傍晚。"),
)
DECISIONS = (
    (-6, "xuqiao", "下次每个星期只出一个题目，提前一天预告"),
    (-2, "linxia", "小卡上的码印大一号，放到茶壶右手边"),
)


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """The cards are laid out in the morning; people scan them, most of them in the evening."""
    chance = Random(35)
    for name, campaign, title, first, visits in LINKS:
        yield cast.day(first, "09:00"), partial(_lay_out, cast, name, campaign, title)
        for _visit in range(visits):
            evening = timedelta(hours=chance.triangular(1, 13.5, 11))
            yield cast.day(chance.randrange(first, 0), "09:30") + evening, partial(_scan, cast, name, chance)
    for day, who, text in LESSONS:
        yield cast.day(day, "17:20"), partial(_learn, cast, who, text)
    for number, (day, who, text) in enumerate(DECISIONS):
        yield cast.day(day, "17:40"), partial(_decide, cast, who, text, is_done=number == 0)
    yield cast.now - timedelta(minutes=1), folding.fold


def _lay_out(cast: Cast, name: str, campaign: str, title: str) -> None:
    of = cast.campaigns[campaign]
    target = f"/participation/{of.public_id}"
    cast.links[name] = making.make_link(target, by=cast.lead, at=clock.now(), campaign=of, title=title, utm_source=name)


def _scan(cast: Cast, name: str, chance: Random) -> None:
    visit = {
        "uid": random_id(24),
        "link_id": cast.links[name].id,
        "occurred_at": clock.now().isoformat(),
        "verdict": Verdict.HUMAN.value,
        "visitor": f"{chance.getrandbits(128):032x}",
        "referrer": chance.choice(SITES) if name == "solo-weibo" else "",
        "browser": PHONE,
        "user_id": None,
        "device": "phone",
        "language": "zh",
    }
    counting.write_visits([visit])


def _learn(cast: Cast, who: str, text: str) -> None:
    at = clock.now()
    writing.learn(cast.campaigns[SOLO], text, by=cast.staff[who], at=at, public_id=random_id())


def _decide(cast: Cast, who: str, text: str, *, is_done: bool) -> None:
    at = clock.now()
    decision = writing.decide(cast.campaigns[SOLO], text, by=cast.staff[who], at=at, public_id=random_id())
    if is_done:
        writing.settle(decision, by=cast.lead, at=at + timedelta(minutes=5))
