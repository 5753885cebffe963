"""Text as markup."""

from __future__ import annotations

import pytest
from flask import Flask

from community.circle.rendering import rich_text, topics_in


@pytest.fixture(autouse=True)
def request_context(app: Flask):  # type: ignore[no-untyped-def]
    with app.test_request_context():
        yield


def test_markup_that_somebody_types_is_shown_and_not_run() -> None:
    assert rich_text("<script>alert(1)</script> & <b>") == "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;"


def test_an_address_becomes_a_link_that_lends_no_trust() -> None:
    shown = str(rich_text("看 https://example.org/a?b=1&c=2 吧"))
    assert 'href="https://example.org/a?b=1&amp;c=2"' in shown
    assert 'rel="nofollow ugc noopener noreferrer"' in shown
    assert ">example.org/a?b=1&amp;c=2</a> 吧" in shown


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "ftp://x.org", "https:", "//x.org"])
def test_other_schemes_stay_text(text: str) -> None:
    assert "<a" not in str(rich_text(text))


def test_a_quote_in_an_address_cannot_leave_the_attribute() -> None:
    shown = str(rich_text('https://x.org/"onmouseover=alert(1)'))
    assert '"onmouseover' not in shown
    assert "&#34;onmouseover" in shown


@pytest.mark.parametrize(
    ("text", "address", "rest"),
    [
        ("https://x.org/a.", "https://x.org/a", "."),
        ("(https://x.org/a)", "https://x.org/a", ")"),
        ("https://x.org/wiki/a_(b)", "https://x.org/wiki/a_(b)", ""),
        ("https://x.org/a，很好", "https://x.org/a", "，很好"),
        ("https://x.org/a很好", "https://x.org/a", "很好"),
    ],
)
def test_an_address_ends_where_the_sentence_goes_on(text: str, address: str, rest: str) -> None:
    shown = str(rich_text(text))
    assert f'href="{address}"' in shown
    assert shown.endswith(f"</a>{rest}")


def test_long_addresses_are_shortened_to_the_eye_only() -> None:
    address = "https://example.org/" + "a" * 200
    shown = str(rich_text(address))
    assert f'href="{address}"' in shown
    assert "…</a>" in shown


def test_topics_lead_to_their_posts_in_both_ways_of_writing() -> None:
    shown = str(rich_text("#春茶上新# 和 #tea"))
    assert shown.count('class="topic"') == 2
    assert ">#春茶上新#</a>" in shown
    assert topics_in("#春茶上新# 和 #tea 和 #tea") == ["春茶上新", "tea"]


@pytest.mark.parametrize("text", ["a#b", "#", "##", "C#", "&#39;", "https://x.org/#part"])
def test_a_hash_is_not_always_a_topic(text: str) -> None:
    assert topics_in(text) == []
