"""Counting as each network counts."""

from __future__ import annotations

import pytest

from campaigns.posts.counting import count, lengths, measure
from community.channels.protocol import Counting, Limits, Part

PLAIN = Counting()
FEDERATED = Counting(url=23, short_mentions=True)
HALVES = Counting(unit="halves")


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("", 0),
        ("今天的茶", 4),
        ("👨‍👩‍👧‍👦", 1),
        ("👍🏽🇨🇳", 2),
        ("é", 1),
        ("각", 1),
        ("क्षि", 1),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", 1),
        ("一\n二", 3),
    ],
)
def test_what_a_reader_sees_as_one_character_counts_one(text: str, characters: int) -> None:
    assert count(text, PLAIN) == characters


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("https://a.org", 23),
        ("看https://example.org/a/very/long/path?with=query#and-more，好", 26),
        ("(https://example.org/x).", 26),
        ("https://例子.测试/茶", 24),
        ("http://localhost:8000/x", 23),
        ("@tea@mastodon.social", 4),
        ("@tea.house@mastodon.social!", 11),
        ("mail@example.org", 16),
        ("@tea", 4),
        ("https://m.social/@tea@far.away 好", 25),
    ],
)
def test_addresses_and_far_mentions_count_as_the_network_counts_them(text: str, characters: int) -> None:
    assert count(text, FEDERATED) == characters


@pytest.mark.parametrize(
    ("text", "characters"), [("a", 1), ("ab", 1), ("abc", 2), ("茶", 1), ("é茶", 2), ("😀", 2), ("茶a😀", 4)]
)
def test_halves_make_whole_characters_rounded_up(text: str, characters: int) -> None:
    assert count(text, HALVES) == characters


def test_a_warning_takes_room_of_the_text_below_it() -> None:
    assert measure("茶" * 8, PLAIN, Limits(10, 4), "小心").used == 10


def test_too_many_bytes_are_told_apart_from_too_many_characters() -> None:
    length = measure("👨‍👩‍👧‍👦" * 10, PLAIN, Limits(300, 4, bytes=200))
    assert (length.used, length.over, length.bytes, length.bytes_over) == (10, 0, 250, 50)


def test_a_cut_address_counts_as_it_is_shown() -> None:
    length = measure(
        "看 https://www.example.org/a/very/long/path?x=1", Counting(short_addresses=True), Limits(300, 4, bytes=99)
    )
    assert (length.used, length.bytes) == (
        len("看 example.org/a/very/long/…"),
        len("看 example.org/a/very/long/…".encode()),
    )


def test_the_link_counts_where_it_will_stand() -> None:
    parts = (Part("茶"), Part("二"), Part("看 {link}"))
    first, second, third = lengths(parts, "https://q.cn/l/abcdefgh", PLAIN, Limits(300, 4))
    assert [first.used, second.used, third.used] == [26, 1, 25]
