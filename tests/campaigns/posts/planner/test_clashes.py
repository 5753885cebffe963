"""What gets in whose way: pure, no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from campaigns.posts.planner.clashes import Planned, alikeness, clashes

TEN = datetime(2026, 3, 10, 10, tzinfo=UTC)
TEA = "第一批明前龙井今天上午十点开团，先到先得，喝过的朋友都说好"


def planned(key: int, minutes: float, text: str = "", account: int = 1, post: int = 0) -> Planned:
    return Planned(key, post or key, account, TEN + timedelta(minutes=minutes), text or f"完全不同的话题之{key * 7919}")


def test_two_posts_on_one_channel_within_half_an_hour_clash() -> None:
    found = clashes([planned(1, 0), planned(2, 29), planned(3, 90)])
    assert set(found) == {1, 2}
    assert found[1].close is not None
    assert (found[1].close.key, found[2].close and found[2].close.key) == (2, 1)


def test_exactly_half_an_hour_apart_is_apart_enough() -> None:
    assert not clashes([planned(1, 0), planned(2, 30)])


def test_the_distance_is_the_callers() -> None:
    assert not clashes([planned(1, 0), planned(2, 29)], timedelta(minutes=10))
    assert not clashes([planned(1, 0), planned(2, 0)], timedelta(0))


def test_different_channels_do_not_clash() -> None:
    assert not clashes([planned(1, 0, TEA, account=1), planned(2, 5, TEA, account=2)])


def test_a_post_does_not_clash_with_itself() -> None:
    assert not clashes([planned(1, 0, TEA, post=9), planned(2, 5, TEA, post=9)])


def test_the_nearest_is_named() -> None:
    found = clashes([planned(1, 0), planned(2, 20), planned(3, 25)])
    assert found[2].close is not None
    assert found[2].close.key == 3


def test_nearly_the_same_words_within_days_clash() -> None:
    found = clashes([planned(1, 0, TEA), planned(2, 600, TEA.replace("上午", "早上") + "！https://example.org/x")])
    assert set(found) == {1, 2}
    assert found[2].close is None
    assert found[2].alike is not None
    assert found[2].alike.key == 1


def test_what_returns_every_week_is_meant_to() -> None:
    assert not clashes([planned(1, 0, TEA), planned(2, 7 * 24 * 60, TEA)])


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        (TEA, TEA.replace("，", " , ").upper(), 1.0, 1.0),
        (TEA, TEA.replace("十点", "九点"), 0.7, 0.99),
        (TEA, "周末茶会在湖边举行，带上你的杯子来坐坐", 0.0, 0.2),
        ("早安", "早安！", 1.0, 1.0),
        ("早安", "晚安", 0.0, 0.0),
        ("", "", 0.0, 0.0),
        ("🌱🌱🌱", "", 0.0, 0.0),
    ],
)
def test_how_alike_two_texts_are(one: str, other: str, least: float, most: float) -> None:
    assert least <= alikeness(one, other) <= most
    assert alikeness(one, other) == alikeness(other, one)


def test_a_crowded_month_is_quick_to_look_through() -> None:
    texts = [
        f"{TEA}之第{number}期：{chr(0x4E00 + number * 5)}与{chr(0x4E00 + number * 3)}的故事" for number in range(2000)
    ]
    found = clashes([planned(number, 20 * number, text) for number, text in enumerate(texts)])
    assert len(found) == 2000
