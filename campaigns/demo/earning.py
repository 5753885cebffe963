"""What the demo shows of earning: a rule of the house's own, and two who only ever open each other's links."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random

from campaigns.demo.stage import Cast
from campaigns.links import counting, making
from campaigns.links.models import Verdict
from commons import clock
from commons.db import random_id
from commons.events import Evidence
from commons.i18n import Words
from community.loyalty.rules import versions as rules
from community.loyalty.rules.verdicts import Terms
from community.loyalty.watching import finding

Step = Callable[[], object]
TIMES = 22
WIDELY = Terms(
    growth=0,
    points=3,
    cap_per_day=2,
    cap_per_week=6,
    cooldown=0,
    evidence=Evidence.TRACKED_LINK,
    people=3,
    people_days=2,
)


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """The steps with their moments, in no order; the look at what they did comes last."""
    chance = Random(TIMES)
    yield cast.day(-6, "09:30"), partial(_make_rule, cast)
    for number in range(TIMES):
        evening = cast.day(number // 2 - 12, "21:00")
        yield evening + timedelta(minutes=chance.randrange(0, 110)), partial(_visit, cast, number % 2, chance)
    yield cast.now - timedelta(minutes=5), lambda: finding.look(clock.now())


def _make_rule(cast: Cast) -> None:
    rules.make("link.visited", Words("分享被多人打开", "Shared with many"), WIDELY, by=cast.lead, at=clock.now())


def _visit(cast: Cast, turn: int, chance: Random) -> None:
    """One of the two opens what the other has shared."""
    owner, guest = (cast.fans[-1], cast.fans[-2]) if turn else (cast.fans[-2], cast.fans[-1])
    link = making.personal_link(owner, cast.posts[0], clock.now())
    counting.write_visits(
        [
            {
                "uid": random_id(24),
                "link_id": link.id,
                "occurred_at": clock.now().isoformat(),
                "verdict": Verdict.HUMAN.value,
                "visitor": f"{chance.getrandbits(128):032x}",
                "referrer": "https://mp.weixin.qq.com/",
                "browser": "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Mobile",
                "user_id": guest.user_id,
            }
        ]
    )
