"""What the rules see, and what they do not look at. No database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.reviews.checks import Content, Sight, Terms, fingerprint, is_critical, look

USUAL = Terms()


def seen(text: str, terms: Terms = USUAL, **more: Any) -> set[Sight]:
    return {finding.sight for finding in look(Content(text, **more), terms)}


@pytest.mark.parametrize(
    ("text", "sight"),
    [
        ("打我电话 138 0013 8000 就行", Sight.PERSONAL_DETAILS),
        ("打我电话 １３８００１３８０００ 就行", Sight.PERSONAL_DETAILS),
        ("身份证 110105199003074512 给你看", Sight.PERSONAL_DETAILS),
        ("write to lin@example.org please", Sight.PERSONAL_DETAILS),
        ("我住在中山北路12号三楼", Sight.PERSONAL_DETAILS),
        ("店长就是个废物啊", Sight.INSULT),
        ("店长就是个废*物啊", Sight.INSULT),
        ("you are an IDIOT, sir", Sight.INSULT),
        ("想要的加 V X：tea123，比这里便宜", Sight.CONTACT),
        ("看 https://a.cn 和 https://b.cn 还有 www.c.cn 吧", Sight.LINKS),
        ("好好好好好好好好好好好好好好好", Sight.REPETITION),
        ("嗯。", Sight.TOO_SHORT),
    ],
)
def test_each_rule_sees_what_it_is_for(text: str, sight: Sight) -> None:
    assert sight in seen(text)


@pytest.mark.parametrize(
    "text",
    [
        "茶汤清亮，香气很足，三泡以后还有回甘。",
        "The lid leaks and nobody answered my mail for a week. I am sorry that I bought it.",
        "2026 年 3 月 1 日买的，订单 168 元，壶高 26 厘米。",
        "看看这个 https://quanzi.example/circle 吧",
        "哈哈哈哈哈太好笑了",
    ],
)
def test_what_is_usual_is_not_pointed_at(text: str) -> None:
    assert seen(text) == set()


def test_a_latin_word_is_found_only_where_a_word_begins() -> None:
    assert seen("a fine piece of oxymoron") == set()


@pytest.mark.parametrize("stars", [1, 2, 3, 4, 5])
def test_no_rule_looks_at_the_stars(stars: int) -> None:
    assert look(Content("壶盖漏水，用了两天就坏了，很失望，要退货。", stars=stars), USUAL) == []


def test_the_same_words_by_many_are_grave_and_come_first() -> None:
    findings = look(Content("一起来刷 https://a.cn https://b.cn https://c.cn", same_by_others=4), USUAL)

    assert [(finding.sight, finding.shown) for finding in findings] == [(Sight.SAME_BY_MANY, "5"), (Sight.LINKS, "3")]


def test_the_thresholds_are_data() -> None:
    strict = replace(USUAL, most_links=0, clauses={**USUAL.clauses, Sight.LINKS: "9.9"})

    findings = look(Content("看 https://a.cn 吧"), strict)

    assert [(finding.sight, finding.clause) for finding in findings] == [(Sight.LINKS, "9.9")]
    assert look(Content("看 https://a.cn 吧"), USUAL) == []


def test_where_people_talk_nobody_minds_short_and_quick() -> None:
    assert look(Content("好。", last_hour=20), USUAL, talk=True) == []
    assert [finding.sight for finding in look(Content("滚蛋", last_hour=20), USUAL, talk=True)] == [Sight.INSULT]


@pytest.mark.parametrize(
    ("content", "critical"),
    [
        (Content("还行", stars=2), True),
        (Content("还行", stars=5, aspects=(5, 1)), True),
        (Content("包装破了，太差", stars=4), True),
        (Content("DISAPPOINTED", stars=5), True),
        (Content("很香", stars=5, aspects=(5, 4)), False),
    ],
)
def test_criticism_is_known_by_marks_and_words(content: Content, critical: bool) -> None:
    assert is_critical(content, USUAL) is critical


def test_the_fingerprint_is_that_of_the_words() -> None:
    assert fingerprint("好茶！推荐 给 大家") == fingerprint("好茶,推荐给大家🍵") == fingerprint("好　茶，推荐给大家~")
    assert fingerprint("好茶，推荐给你") != fingerprint("好茶，推荐给大家")
    assert fingerprint("🍵！！") == ""


SHARP = (
    "三百块的壶，第二天盖子就关不上，客服让我“再用用看”。用什么看？用嘴看？",
    "差评。包装像是从垃圾桶里捡的，茶饼碎成渣，退款拖了三个星期。",
    "宣传说手工，到手是流水线，价格翻倍，良心减半。不会再买，也劝大家别买。",
    "你们家的物流是走路送的吗？生鲜礼盒到手已经发霉，打了五次电话没人接。",
    "说好的赠品没有，问就是“活动解释权归商家所有”。骗人也要有个限度。",
    "难喝，真的难喝。泡出来一股塑料味，我爸喝了一口就倒了。",
    "所谓限量，天天都在卖；所谓折扣，先涨后降。投诉到 12315 才理我。",
    "别信首页那些好评，我这只用了两次就漏，照片我都留着。",
    "这个月第三次发错货，态度还特别差，失望透顶。",
    "Worst kettle I have ever owned. Broke on day two, and support told me to be patient.",
    "Refund took a month, and only after I complained to my bank. Never again.",
    "The tea tastes of cardboard, the box was crushed, and the price is a joke.",
    "You promise hand-made and ship factory goods. That is a lie, and everybody should know.",
    "Terrible. I would give zero stars if I could.",
    "Boycott them until they answer their mail!",
)


@pytest.mark.parametrize("text", SHARP)
def test_nothing_sharp_that_people_really_write_about_us_is_pointed_at(text: str) -> None:
    assert seen(text) == set()


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from(["今天的茶。", "店长就是个废物啊", "看 https://a.cn https://b.cn https://c.cn", *SHARP]),
    st.sampled_from(USUAL.critical_words),
    st.sampled_from([None, 1, 5]),
)
def test_a_word_of_criticism_more_or_another_mark_changes_nothing_that_the_rules_see(
    text: str, word: str, stars: int | None
) -> None:
    assert seen(f"{text} {word}", stars=stars) == seen(text)
    assert is_critical(Content(f"{text} {word}", stars=stars), USUAL)


def test_a_word_of_marks_alone_points_at_these_marks_only() -> None:
    odd = replace(USUAL, insults=("。。。",))

    assert seen("今天的茶很香。", odd) == set()
    assert seen("今天的茶。。。", odd) == {Sight.INSULT}


def test_good_mornings_are_said_by_everybody_where_people_talk_and_a_text_is_not() -> None:
    morning, text = Content("早上好！", same_by_others=9, same_by_author=9), "这款茶真的绝了，大家快去旗舰店买！"

    assert look(morning, USUAL, talk=True) == []
    assert Sight.SAME_BY_MANY in {one.sight for one in look(Content(text, same_by_others=9), USUAL, talk=True)}
    assert Sight.SAME_BY_MANY in {one.sight for one in look(morning, USUAL)}
