"""What people type, made harmless."""

from __future__ import annotations

import pytest

from community.circle.wording import is_blank, length, tidy


def test_words_stay_as_they_were_typed() -> None:
    text = "第一泡,真香 :)\nSecond line — naïve café 👩‍👩‍👧‍👦 مرحبا"
    assert tidy(text) == text


def test_what_turns_the_reading_direction_is_taken_out() -> None:
    assert tidy("abc\u202egpj.exe\u202c") == "abcgpj.exe"
    assert tidy("\u2067left open") == "left open"


def test_towers_of_marks_are_cut_to_what_scripts_use() -> None:
    zalgo = "e" + "\u0301\u0316" * 40
    assert len(tidy(zalgo)) <= 8
    assert tidy("ที่นี่") == "ที่นี่"


def test_control_characters_vanish_and_line_ends_become_one_kind() -> None:
    assert tidy("a\x00b\x1b[31m\r\nc\td") == "ab[31m\nc d"


def test_more_than_one_empty_line_becomes_one() -> None:
    assert tidy("a\n\n\n\n\nb") == "a\n\nb"


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\n", "\u200b\u200b", "\u200d\ufeff", "\u3164", "\u2800", "\u0301", "\u00ad", "\u3000"]
)
def test_what_nobody_can_see_is_blank(text: str) -> None:
    assert is_blank(tidy(text))


@pytest.mark.parametrize("text", ["好", "a", "👍", "!", "1"])
def test_a_single_character_is_something_to_read(text: str) -> None:
    assert not is_blank(text)


def test_length_counts_characters_as_readers_do() -> None:
    assert length("👨‍👩‍👧‍👦") == 1
    assert length("茶🇨🇳é") == 3
