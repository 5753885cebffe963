"""What the demo's fans share: pictures, words and order reviews, good and bad; one refused, one appealed, some waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from campaigns.demo import story
from campaigns.demo.stage import Cast, wall_clock
from campaigns.groupbuys import reviewing
from campaigns.groupbuys.models import Seat
from commons import clock
from commons.db import db
from community.members.models import Member
from community.reviews import appealing, deciding, featuring, settling
from community.reviews.models import Kind, State, Submission, Verdict, Wait
from community.reviews.submitting import Draft, submit

Step = Callable[[], object]

SHARED = (
    (
        2,
        -11,
        "20:14",
        "window",
        "solo",
        "窗台上的一人席。今天没有别人，水开了就喝。",
        "窗边的茶盘上放着盖碗、茶杯和一根树枝",
    ),
    (6, -9, "08:31", "cup", "cup-amber", "老吴头的早茶，三十年没变过。", "从上往下看，一杯琥珀色的茶"),
    (11, -6, "21:47", "hills", "hills-dusk", "走到山顶，保温壶里的茶还烫嘴。", "傍晚的山脊，一个人站在上面"),
    (17, -3, "16:05", "rain", "rain", "雨天，泡得浓一点。", "雨中的巷子，一只碗，一只走开的猫"),
)
"""Who, on which day and at what time, a name, the picture, the words, and what the picture shows."""

JUDGED = (
    (5, "三泡以后还是甜的，棉纸包得也用心。送了一饼给我爸，他又让我买。", {"quality": 5, "packaging": 5, "value": 5}),
    (4, "茶不错，就是第一泡有点涩，可能是我水太烫。", {"quality": 4, "delivery": 5}),
    (
        2,
        "饼压得太紧，撬的时候碎了一半。味道可以，但是说好的冲泡卡没有收到，有点失望。",
        {"quality": 4, "packaging": 1, "service": 2},
    ),
    (5, "喝了半个月，每天一小块。", {"quality": 5}),
)
"""Reviews of the cakes: stars, words, and the marks one by one."""

ADVERT = "我这里有更便宜的老白茶，想要的加微信 laocha88，量大从优。"
APPEAL = "我只是回答楼上问哪里还能买到，没有想做广告，微信号我可以去掉。"
RUDE = "前面那个说太涩的，自己不会泡就别说，废物。"


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """The steps with their moments, in no order."""
    for fan, day, at, name, picture, words, alt in SHARED:
        moment = cast.day(day, at)
        yield moment, partial(_share, cast, fan, name, picture, words, alt)
        yield moment + timedelta(hours=2), partial(_publish, cast, name)
    for number in range(len(JUDGED) - 1):
        yield cast.day(-8 + number * 2, "19:20"), partial(_judge, cast, number)
        yield cast.day(-8 + number * 2, "22:05"), partial(_publish, cast, f"review{number}")
    yield cast.now - timedelta(hours=7), partial(_judge, cast, len(JUDGED) - 1)
    yield cast.now - timedelta(hours=6), partial(_keep_up, cast)
    yield cast.day(-5, "11:02"), partial(_write, cast, 23, "advert", ADVERT)
    yield cast.day(-5, "13:30"), partial(_refuse, cast, "advert")
    yield cast.day(-5, "13:40"), lambda: settling.settle(clock.now())
    yield cast.now - timedelta(hours=5), partial(_appeal, cast)
    yield cast.now - timedelta(minutes=25), partial(_write, cast, 31, "rude", RUDE)
    yield cast.day(-4, "10:00"), partial(_feature, cast)
    yield cast.now - timedelta(minutes=2), lambda: settling.settle(clock.now())


def _share(cast: Cast, fan: int, name: str, picture: str, words: str, alt: str) -> None:
    member = cast.fans[fan]
    submit(member, Draft(Kind.PICTURES, words, [(cast.taken(picture, member), alt)]), key=f"demo{name}", at=clock.now())


def _judge(cast: Cast, number: int) -> None:
    """One of those who bought the cakes says what he thinks."""
    stars, words, marks = JUDGED[number]
    query = select(Member).join(Seat).where(Seat.group_buy_id == cast.offers["cakes"].id, Seat.left_at.is_(None))
    member = db.session.scalars(query.order_by(Seat.id).offset(number).limit(1)).first()
    orders = reviewing.orders(member, clock.now()) if member is not None else []
    if member is not None and orders:
        draft = Draft(Kind.ORDER_REVIEW, words, stars=stars, aspects=marks, order=orders[0])
        submit(member, draft, key=f"demoreview{number}", at=clock.now())


def _write(cast: Cast, fan: int, name: str, words: str) -> None:
    submit(cast.fans[fan], Draft(Kind.POST, words), key=f"demo{name}", at=clock.now())


def _publish(cast: Cast, name: str) -> None:
    found = _named(name)
    if found is not None and found.state is State.WAITING:
        deciding.decide(found, Verdict.PUBLISH, by=cast.author, at=clock.now())


def _keep_up(cast: Cast) -> None:
    """The spot checks are done up to this morning."""
    waiting = select(Submission).where(Submission.wait == Wait.SPOT_CHECK).order_by(Submission.id)
    for found in db.session.scalars(waiting).all():
        deciding.decide(found, Verdict.KEEP, by=cast.author, at=clock.now())


def _refuse(cast: Cast, name: str) -> None:
    found = _named(name)
    if found is not None:
        reason = "请去掉微信号再发一次，我们很乐意发布。"
        deciding.decide(found, Verdict.REFUSE, by=cast.author, at=clock.now(), clause="4.3", reason=reason)


def _appeal(cast: Cast) -> None:
    found = _named("advert")
    if found is not None:
        appealing.appeal(found, APPEAL, by=found.member, at=clock.now())


def _feature(cast: Cast) -> None:
    """Two places are filled: beside the feed, and on top of what fans share."""
    for name, place in (("window", "circle"), ("hills", "shares")):
        found = _named(name)
        if found is not None and found.state is State.PUBLISHED:
            starts, ends = wall_clock(cast.day(-4, "10:00")), wall_clock(cast.day(6, "22:00"))
            featuring.feature(
                found, place, starts, ends, story.ZONE, by=cast.author, at=clock.now(), note="本周最安静的一张"
            )


def _named(name: str) -> Submission | None:
    return db.session.scalars(select(Submission).where(Submission.key.endswith(f":demo{name}"))).one_or_none()
