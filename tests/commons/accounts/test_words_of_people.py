"""Names, addresses and what browsers call themselves."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.accounts import addresses, browsers, names


@given(st.text())
def test_a_clean_name_stays_as_it_is(text: str) -> None:
    once = names.clean(text)

    assert names.clean(once) == once
    assert once == once.strip()
    assert "\n" not in once


@given(st.text())
def test_nothing_in_a_clean_name_is_hidden(text: str) -> None:
    assert not [sign for sign in names.clean(text) if unicodedata.category(sign)[0] == "C" and sign != names.JOINER]


@pytest.mark.parametrize("name", ["小满", "Ömer", "O'Brien", "Jean-Luc 🧑‍🍳", "नमस्ते", "عمر", "🍵"])
def test_names_of_any_script_are_kept(name: str) -> None:
    assert names.clean(name) == name
    assert names.has_letter(name)


@pytest.mark.parametrize("name", ["", " ", "\u200b", "\u202e\u2066", "\u0301", "\ufeff"])
def test_what_cannot_be_seen_is_no_name(name: str) -> None:
    assert not names.has_letter(names.clean(name))


@pytest.mark.parametrize("text", ["a@example.org", "A.B+c@sub.example.co.uk", "o'brien@example.org"])
def test_these_are_addresses(text: str) -> None:
    assert addresses.is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "@example.org",
        "a@",
        "a@b",
        "a@localhost",
        "a b@example.org",
        "a@exam ple.org",
        "a@example..org",
        "ａ@example.org",
        "\u212aim@example.org",
        "a@example.org\n",
        "a@example.org,b@example.org",
        "<a@example.org>",
        "a" * 65 + "@example.org",
        "a@" + "b" * 250 + ".org",
    ],
)
def test_these_are_none(text: str) -> None:
    assert not addresses.is_address(text)


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    assert addresses.is_address(text) in {True, False}
    assert addresses.normal(addresses.normal(text)) == addresses.normal(text)


def test_a_masked_address_cannot_be_written_to() -> None:
    assert addresses.masked("xiaoman@example.org") == "x…n@example.org"
    assert addresses.masked("ab@example.org") == "…@example.org"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari MicroMessenger/8.0", "WeChat · Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox · Linux"),
        ("curl/8.5", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_as_people_know_it(agent: str, words: str) -> None:
    assert browsers.short(agent) == words
