"""Which target a visitor gets: rules in their order, A/B by weight, and always the same for the same visitor."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest

from campaigns.links.choosing import choose, device_of, language_of, system_of
from tests.campaigns.factories import PHONE

LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
PAD = "Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/604.1"
ANDROID_PAD = (
    "Mozilla/5.0 (Linux; Android 14; SM-X910) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"
)


@dataclass
class A:
    """A way."""

    device: str = ""
    language: str = ""
    region: str = ""
    weight: int | None = None


def chosen(
    *ways: A, main: int = 1, mark: str = "m", browser: str = PHONE, language: str = "zh", region: str = "CN-ZJ"
) -> int | None:
    return choose(ways, main, mark=mark, key="link", browser=browser, language=language, region=region)


def test_the_first_rule_that_fits_is_taken() -> None:
    assert chosen(A(device="computer"), A(language="zh"), A(device="phone")) == 1
    assert chosen(A(device="computer"), A(language="en")) is None


@pytest.mark.parametrize(
    ("rule", "fits"), [("CN", True), ("CN-ZJ", True), ("CN-Z", False), ("CN-JS", False), ("C", False)]
)
def test_a_country_holds_its_parts(rule: str, fits: bool) -> None:
    assert (chosen(A(region=rule)) == 0) is fits


def test_a_rule_that_names_several_things_wants_all_of_them() -> None:
    assert chosen(A(device="ios", language="zh", region="CN")) == 0
    assert chosen(A(device="ios", language="en", region="CN")) is None
    assert chosen(A(region="CN"), region="") is None


def test_a_rule_goes_before_the_dealing() -> None:
    assert {chosen(A(weight=9), A(device="phone"), mark=str(n)) for n in range(50)} == {1}


def test_visitors_are_dealt_by_weight_and_stay_where_they_are() -> None:
    marks = [f"visitor {n}" for n in range(20_000)]
    dealt = [chosen(A(weight=2), A(weight=5), main=3, mark=mark) for mark in marks]
    counted = Counter(dealt)
    for place, share in ((0, 0.2), (1, 0.5), (None, 0.3)):
        assert abs(counted[place] / len(marks) - share) < 0.015
    assert dealt == [chosen(A(weight=2), A(weight=5), main=3, mark=mark) for mark in marks]


def test_a_main_target_without_weight_takes_no_part() -> None:
    assert {chosen(A(weight=1), A(weight=1), main=0, mark=str(n)) for n in range(500)} == {0, 1}


def test_two_links_deal_the_same_visitors_differently() -> None:
    def side(key: str, n: int) -> int | None:
        return choose([A(weight=1)], 1, mark=f"{n}", key=key, browser="", language="", region="")

    same = sum(side("one", n) == side("other", n) for n in range(4_000))
    assert 1_800 < same < 2_200


@pytest.mark.parametrize(
    ("browser", "device", "system"),
    [(PHONE, "phone", "ios"), (LAPTOP, "computer", ""), (PAD, "tablet", "ios"), (ANDROID_PAD, "tablet", "android"),
     (ANDROID, "phone", "android"), ("", "", "")],
)  # fmt: skip
def test_devices_are_told_by_what_browsers_say(browser: str, device: str, system: str) -> None:
    assert (device_of(browser), system_of(browser)) == (device, system)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.3, de;q=0.7", "de"),
        ("*", ""),
        ("", ""),
        ("x;q=abc", ""),
        ("fr;q=0", ""),
    ],
)
def test_the_language_that_a_browser_wants_most(header: str, language: str) -> None:
    assert language_of(header) == language
