"""What a text looks like when it is sent: with its link, once, in its place."""

from __future__ import annotations

import pytest

from community.channels.wording import as_ad, text_sent, without_mark

LINK = "https://tea.example/l/spring"


@pytest.mark.parametrize(
    ("text", "is_first", "sent"),
    [
        ("龙井开团", True, f"龙井开团\n\n{LINK}"),
        ("龙井开团 \n", True, f"龙井开团\n\n{LINK}"),
        ("", True, LINK),
        ("看这里：{link}，明天开始。", True, f"看这里：{LINK}，明天开始。"),
        ("看这里：{link}", False, f"看这里：{LINK}"),
        ("第二段", False, "第二段"),
        (f"已经有了 {LINK}", True, f"已经有了 {LINK}"),
        (f"更长的 {LINK}er", True, f"更长的 {LINK}er\n\n{LINK}"),
    ],
)  # fmt: skip
def test_a_link_stands_at_its_mark_or_at_the_end_of_the_first_part(text: str, is_first: bool, sent: str) -> None:
    assert text_sent(text, LINK, is_first) == sent


def test_without_a_link_no_mark_is_left() -> None:
    assert text_sent("Look {link}, it begins", "", True) == "Look, it begins"
    assert without_mark("龙井开团 {link}") == "龙井开团"


def test_an_ad_says_so_once_in_the_language_of_the_post() -> None:
    assert as_ad("龙井开团", "") == as_ad("【广告】龙井开团", "") == "【广告】龙井开团"
    assert as_ad("Longjing", "en") == "[Ad] Longjing"
