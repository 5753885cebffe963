"""What the demo shows of the interest circles: three of them, their talk, a mood that changes, a report and a dispute."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random

from campaigns.demo.stage import Cast
from commons import clock
from commons.i18n import Words
from community.circle.interests import circles, joining, mediating, mood, posting, reporting, tending
from community.circle.interests.circles import Look
from community.circle.interests.models import CirclePost, InterestCircle, Reason
from community.members import roster
from community.members.models import Handle

Step = Callable[[], object]
RULES = Words(
    "好好说话，不针对人。\n分享自己的东西，转别人的要写出处。\n不发广告，不拉群。",
    "Speak kindly, about things and not about people.\nShare what is yours; name the source of what is not.\nNo advertising.",
)
LOOKS = (
    Look(
        Words("岩茶慢慢喝", "Rock tea, slowly"),
        Words("聊山场、焙火和第七泡之后的事。", "About hills, roasting, and what comes after the seventh infusion."),
        RULES,
        "mug",
    ),
    Look(
        Words("茶席与器物", "Tables and wares"),
        Words("一块布、一只杯、一枝花，怎么摆都可以。", "A cloth, a cup, a twig: lay your table as you like."),
        RULES,
        "camera",
    ),
    Look(
        Words("边走边喝", "Tea on the road"),
        Words("茶山、徒步和背包里的那只快客杯。", "Tea hills, hikes, and the travel cup in your bag."),
        RULES,
        "walk",
    ),
)
# Per circle: (days ago, fan, words, answers as (fan, words)); a fan below 0 is the brand.
TALK: tuple[tuple[tuple[int, int, str, tuple[tuple[int, str], ...]], ...], ...] = (
    (
        (20, -1, "早。店里今天开了一泡水帘洞的肉桂，你们周末第一泡喝什么？", ((0, "老丛水仙，雨天最合适。"), (6, "还没起床，先梦一泡。"))),
        (14, 6, "焙火后放了三个月的那罐，今天开了。火味退了，花香出来了，值得等。", ((0, "放哪里的？我的总是返青。"), (13, "密封好，别放厨房。"), (-1, "三个月刚好，老吴头会等。"))),
        (6, 0, "第七泡之后我喜欢闷三十秒，有人也这样吗？", ((6, "我闷一分钟。"), (20, "烫手也要闷。"), (23, "三泡之后才开始，哈哈。"))),
        (2, 13, "请教：水温一定要滚开吗？家里的壶只到九十五度。", ((-1, "九十五度够用，注水贴着盖碗边，先烫两遍杯。"), (0, "我也是九十五度，没问题。"))),
    ),
    (
        (18, 9, "新得一块旧蓝布，铺上去整张桌子都安静了。", ((12, "求链接……哦不，求图。"),)),
        (9, 27, "白瓷杯和粗陶杯喝同一泡茶，味道真的不一样。是心理作用吗？", ((9, "粗陶吸香，试试先闻杯底。"), (0, "我也觉得粗陶更厚。"))),
        (3, -1, "这周的题目：只用三样东西摆一席。发上来给大家看看？", ((9, "壶、杯、一枝橘子叶。"), (33, "这张我也摆过，照片还在。"))),
    ),
    (
        (12, 10, "徽杭古道走了两天，保温壶里的老白茶一直是热的。", ((18, "路线求分享！"), (0, "老白茶耐闷，选对了。"))),
        (4, 18, "月底想去桐木关，有人同路吗？", ((10, "我！"), (26, "闻香识路，必须去。"))),
    ),
)  # fmt: skip
DAYS_OF_MOODS = (27, 20, 13, 6, 0)


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """The steps with their moments, in no order."""
    opened: dict[int, InterestCircle] = {}
    said: dict[tuple[int, int], CirclePost] = {}
    yield cast.day(-29, "09:00"), partial(_open, cast, opened)
    for place, talk in enumerate(TALK):
        for number, (ago, fan, words, answers) in enumerate(talk):
            moment = min(cast.day(-ago, "19:20"), cast.now - timedelta(hours=2))
            yield moment, partial(_say, cast, opened, said, (place, number), fan, words)
            for turn, (other, answer) in enumerate(answers, 1):
                later = min(moment + timedelta(minutes=17 * turn), cast.now - timedelta(minutes=50 - 5 * turn))
                yield later, partial(_answer, cast, said, (place, number), other, answer)
    for week, ago in enumerate(DAYS_OF_MOODS):
        moment = min(cast.day(-ago, "21:30"), cast.now - timedelta(minutes=40))
        yield moment, partial(_feel, cast, opened, week)
    yield cast.now - timedelta(minutes=20), partial(_keep_order, cast, opened, said)


def _open(cast: Cast, opened: dict[int, InterestCircle]) -> None:
    at = clock.now()
    for place, look in enumerate(LOOKS):
        opened[place] = circles.open_circle(look, by=cast.author, at=at)
        for number, fan in enumerate(cast.fans):
            if number == 0 or number % 3 == place or number in _speakers(place):
                joining.join(opened[place], fan, at)
    circles.name_host(opened[0], cast.fans[6], by=cast.author, at=at)
    circles.name_host(opened[1], cast.fans[9], by=cast.author, at=at)


def _say(
    cast: Cast, opened: dict[int, InterestCircle], said: dict[tuple[int, int], CirclePost], place: tuple[int, int],
    fan: int, words: str,
) -> None:  # fmt: skip
    by = _speaker(cast, fan)
    said[place] = posting.say(opened[place[0]], by, words, clock.now(), key=f"demo{place[0]}{place[1]:04}")


def _answer(
    cast: Cast, said: dict[tuple[int, int], CirclePost], place: tuple[int, int], fan: int, words: str
) -> None:  # fmt: skip
    root = said[place]
    posting.say(root.circle, _speaker(cast, fan), words, clock.now(), key=f"demo{place[0]}{place[1]:04}", under=root)


def _feel(cast: Cast, opened: dict[int, InterestCircle], week: int) -> None:
    """A mood that rises, dips in the week of the dispute, and comes back."""
    middle, chance = (3, 4, 4, 3, 4)[week], Random(week)
    for place, circle in opened.items():
        for number, fan in enumerate(cast.fans):
            if number % 3 == place and number % 2 == 0:
                value = min(5, max(1, middle + chance.choice((-1, 0, 0, 1))))
                mood.tell_mood(circle, fan, value, clock.now())


def _keep_order(cast: Cast, opened: dict[int, InterestCircle], said: dict[tuple[int, int], CirclePost]) -> None:
    at, house = clock.now(), roster.staff_handle(cast.author, clock.now())
    tending.pin(said[0, 0], house, at)
    tending.feature(said[0, 1], house, at)
    claimed = posting.say(
        opened[1],
        roster.handle_of(cast.fans[33]),
        "这组三样东西的席，照片已更新。",
        at,
        key="demophotos",
        under=said[1, 2],
    )
    reporting.report(claimed, cast.fans[9], Reason.OTHER, at, "这张照片好像是我上个月发的。")
    matter = "这组照片是我上个月拍的，没有写出处。说了一次，没有回。"
    mediating.ask(
        opened[1], roster.handle_of(cast.fans[9]), claimed.author, matter, at, key="demodispute", post=claimed
    )


def _speaker(cast: Cast, fan: int) -> Handle:
    return roster.staff_handle(cast.author, clock.now()) if fan < 0 else roster.handle_of(cast.fans[fan])


def _speakers(place: int) -> set[int]:
    talk = TALK[place]
    return {who for _ago, fan, _words, answers in talk for who in (fan, *(other for other, _answer in answers))}
