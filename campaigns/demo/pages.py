"""What the demo shows of campaign pages: a written page for each campaign, and one test of two of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from campaigns.demo.stage import Cast, wall_clock
from campaigns.demo.story import KETTLE, SOLO, ZONE
from campaigns.links.choosing import deal
from campaigns.pages import drafting, publishing, versions
from campaigns.pages.blocks import Block
from campaigns.pages.experiments import assigning, running
from campaigns.pages.experiments.models import Goal
from campaigns.pages.experiments.running import Wanted, WantedVariant
from commons import clock
from commons.db import random_id

Step = Callable[[], object]
PEOPLE = 150


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """The steps with their moments, in no order."""
    yield cast.day(-18, "07:30") + timedelta(hours=1), partial(_write, cast, SOLO, _solo)
    yield cast.day(-4, "08:45"), partial(_write, cast, KETTLE, _kettle)
    yield cast.day(-3, "09:00"), partial(_test, cast)
    yield cast.day(-1, "20:00"), partial(_plan_last_week, cast)


def _write(cast: Cast, name: str, blocks: Callable[[Cast], list[Block]]) -> None:
    campaign, by, at = cast.campaigns[name], cast.lead, clock.now()
    page = drafting.begun(campaign, by=by, at=at)
    drafting.replace(page, blocks(cast), revision=page.revision, by=by, at=at)
    version = versions.keep(page, revision=page.revision, by=by, at=at, note="第一版")
    publishing.publish(version, ZONE, by=by, at=at)


def _test(cast: Cast) -> None:
    """Does the offer belong before the story, or behind it?"""
    campaign, by, at = cast.campaigns[KETTLE], cast.lead, clock.now()
    page = drafting.begun(campaign, by=by, at=at)
    first = versions.latest(page)
    place = next(n for n, block in enumerate(drafting.blocks_of(page)) if block.kind == "group_buy")
    drafting.move(page, drafting.blocks_of(page)[place].id, 1, revision=page.revision, by=by, at=at)
    second = versions.keep(page, revision=page.revision, by=by, at=at, note="先团购，后故事")
    variants = [WantedVariant("先故事", 1, first), WantedVariant("先团购", 1, second)]
    experiment = running.start(
        campaign, Wanted("团购放前面，还是放后面", Goal.ORDERED, 0.15, 0.08, variants), by=by, at=at
    )
    for number in range(PEOPLE):
        fan = cast.fans[number] if number < len(cast.fans) and number % 3 == 0 else None
        mark = assigning.mark_of(fan) if fan else random_id()
        variant = experiment.variants[deal([1, 1], key=experiment.public_id, mark=mark)]
        assigning.note_seen(variant, mark, fan, at + timedelta(minutes=17 * number))


def _plan_last_week(cast: Cast) -> None:
    """The page of the last week waits for its day."""
    campaign, by, at = cast.campaigns[SOLO], cast.lead, clock.now()
    page = drafting.begun(campaign, by=by, at=at)
    over = {"to": "end", "when": None, "zone": ZONE} | _both("title", "离收尾还有", "Until we close")
    over |= _both("over", "收尾了。册子在店里，随时来翻。", "It is over. The booklet lies in the shop.")
    drafting.add(page, "countdown", over, 1, by=by, at=at)
    version = versions.keep(page, revision=page.revision, by=by, at=at, note="最后一周：加倒计时")
    publishing.schedule(version, wall_clock(cast.day(2, "09:00")), ZONE, by=by, at=at)


def _both(name: str, zh: str, en: str) -> dict[str, str]:
    return {f"{name}_zh": zh, f"{name}_en": en}


def _block(kind: str, *words: Mapping[str, str], **fields: Any) -> Block:
    kept: dict[str, Any] = {}
    for pair in words:
        kept |= pair
    return Block.new(kind, kept | fields)


def _solo(cast: Cast) -> list[Block]:
    return [
        _block(
            "hero",
            _both("title", "我的一人茶席", "A tea table for one"),
            _both(
                "text",
                "四个星期，四个小题目。说说你一个人喝茶的那个角落，也看看别人的。",
                "Four weeks, four small themes. Tell us about the corner where you drink tea alone, and look at those of others.",
            ),
            _both("alt", "窗边的一人茶席：一只盖碗、一只杯、一小枝叶", "A tea table for one by the window: a lidded bowl, a cup, a twig"),
            picture=cast.picture("solo").public_id,
        ),
        _block("missions", _both("title", "可以做的三件事", "Three things to do")),
        _block(
            "text",
            _both("title", "为什么是一个人", "Why alone"),
            _both(
                "text",
                "六张桌子坐满的时候，店里是热闹的。\n可是大多数的茶，是一个人喝掉的：早上出门前的一杯，加班回来的一泡。\n我们想看看那些没有人看见的茶席。",
                "When all six tables are taken, the shop is loud.\nBut most tea is drunk alone: the cup before leaving in the morning, the pot after a long day.\nWe would like to see the tables that nobody sees.",
            ),
        ),
        _block("gallery", _both("title", "大家的茶席", "Tables of others"), most=6),
        _block(
            "picture",
            _both("alt", "傍晚的茶室，六张小圆桌，灯刚亮", "The tea room at dusk, six small round tables, the lamps just lit"),
            _both("caption", "册子做好以后，放在这里给大家翻。", "The booklet will lie here for everybody."),
            picture=cast.picture("tables").public_id,
        ),
        _block("leaderboard", _both("title", "说得最多的人", "Who said most"), most=10),
        _block(
            "questions",
            _both("title", "大家问的", "What people ask"),
            lines=[
                _both("question", "一定要拍照吗？", "Do I need a photo?")
                | _both("answer", "不用。一句话就够了。", "No. One sentence is enough."),
                _both("question", "怎么选进册子？", "How are entries chosen for the booklet?")
                | _both("answer", "我们五个人一起看，挑二十张，每张都会先问你。", "Five of us look together and choose twenty. We ask each of you first."),
            ],
        ),
        _block("more"),
        _block("posts", _both("title", "圈子里的题目", "The themes in the circle"), most=10),
    ]  # fmt: skip


def _kettle(cast: Cast) -> list[Block]:
    return [
        _block(
            "hero",
            _both("title", "冷泡壶上新", "A new cold-brew bottle"),
            _both(
                "text",
                "试了四个月的一只壶。问清楚再买，凑够三十个人才做。",
                "A bottle that we tried for four months. Ask before you buy; it is made once thirty people want it.",
            ),
            _both("alt", "一只透明的冷泡壶，壶里有茶叶和一片柠檬", "A clear bottle with tea leaves and a slice of lemon in it"),
            picture=cast.picture("kettle").public_id,
        ),
        _block(
            "text",
            _both("title", "丢掉的前两版", "The two that we threw away"),
            _both(
                "text",
                "第一版好看，可是两只手才拧得开。第二版一只手能拧开，可是会漏。\n这一版：650 毫升，双层玻璃，一只手，不漏。",
                "The first was beautiful, and took two hands to open. The second opened with one, and leaked.\nThis one: 650 ml, double glass, one hand, no leak.",
            ),
        ),
        _block("group_buy", _both("title", "三十个人就开做", "Made once thirty are in"), offer=""),
        _block("missions"),
        _block(
            "questions",
            _both("title", "买之前问清楚", "Before you buy"),
            lines=[
                _both("question", "不满三十人怎么办？", "What if there are fewer than thirty?")
                | _both("answer", "不做，钱一分不收。", "Then it is not made, and nobody pays."),
                _both("question", "能放热水吗？", "Does it take hot water?")
                | _both("answer", "能放到 60 度。它是为冷泡做的。", "Up to 60 degrees. It is made for cold brew."),
            ],
        ),
        _block("more"),
        _block("posts", most=10),
    ]  # fmt: skip
