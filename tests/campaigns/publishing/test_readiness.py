"""What a post lacks, by what each channel takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from campaigns.publishing.readiness import missing
from community.channels.models import ChannelAccount
from community.channels.protocol import Counting, Facts, Limits, Media, Outgoing, Part, wishes_of

PLAIN = Facts(label="Somewhere", icon="world", needs_alt=True, threads=True, first_comment=True, content_warning=True)
LIMITS = Limits(
    characters=20, pictures=2, bytes=100, videos=1, video_bytes=1000, alt_characters=10, picture_bytes=2621440
)
SAID = Outgoing(text="茶", pictures=(), link_slug=None, campaign_id=None, author_name="")
PICTURE = Media(1, "茶杯", "k", "image/jpeg", "0" * 64, 10, 10, 10)
VIDEO = replace(PICTURE, media_type="video/mp4")


class Somewhere:
    name = "somewhere"
    fields = ()

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def limits(self, account: ChannelAccount) -> Limits:
        return LIMITS


def lacks(facts: dict[str, Any] | None = None, limits: Limits = LIMITS, **outgoing: Any) -> list[str]:
    return missing(replace(SAID, **outgoing), Somewhere(replace(PLAIN, **(facts or {}))), limits)


@pytest.fixture(autouse=True)
def words_in_english(app: Flask) -> Any:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def test_a_short_text_lacks_nothing() -> None:
    assert lacks() == []


@pytest.mark.parametrize(
    ("outgoing", "words"),
    [
        ({"text": " \u200b"}, "Write something"),
        ({"text": "茶" * 21}, "longer than 20 characters: 1 too many"),
        ({"text": "👨‍👩‍👧‍👦" * 5}, "more than 100 bytes: 25 too many"),
        ({"content_warning": "剧" * 20}, "1 too many"),
        ({"more": (Part("茶" * 30),)}, "Part 2"),
        ({"link_url": "https://example.org/l/abc"}, "too many"),
        ({"first_comment": "茶" * 21}, "First comment: The text is longer"),
        ({"pictures": (PICTURE,) * 3}, "more than 2 pictures"),
        ({"pictures": (replace(PICTURE, alt=" "),)}, "Describe picture 1"),
        ({"pictures": (replace(PICTURE, alt="茶" * 11),)}, "description of picture 1"),
        ({"pictures": (PICTURE, replace(PICTURE, size=3 * 1024 * 1024))}, "Picture 2 is larger than 2.5 MB"),
        ({"video": replace(VIDEO, alt="")}, "Describe the video"),
        ({"video": replace(VIDEO, size=2000)}, "video is larger"),
        ({"video": replace(VIDEO, alt="茶" * 11)}, "description of the video"),
        ({"video": VIDEO, "pictures": (PICTURE,)}, "do not go together"),
    ],
)
def test_what_is_too_much_or_missing_is_said(outgoing: dict[str, Any], words: str) -> None:
    (said,) = lacks(**outgoing)
    assert words in said


@pytest.mark.parametrize(
    ("facts", "outgoing", "words"),
    [
        ({"threads": False}, {"more": (Part("二"),)}, "Threads"),
        ({"first_comment": False}, {"first_comment": "链接"}, "first comment is not possible"),
        ({"content_warning": False}, {"content_warning": "剧透"}, "content warning is not possible"),
        ({"hashtags": False}, {"text": "看 #春茶#"}, "take out #春茶#"),
        ({"needs_link": True}, {}, "link is needed"),
    ],
)
def test_what_a_channel_cannot_do_is_said(facts: dict[str, Any], outgoing: dict[str, Any], words: str) -> None:
    (said,) = lacks(facts, **outgoing)
    assert words in said


def test_a_warning_that_is_not_sent_takes_no_room() -> None:
    assert len(lacks({"content_warning": False}, content_warning="剧" * 30)) == 1


def test_our_own_pages_show_the_link_beside_the_text() -> None:
    assert lacks({"transactional": True}, link_url="https://example.org/a/long/address") == []


def test_a_channel_without_pictures_or_videos_says_so() -> None:
    said = lacks(limits=Limits(20, 0), pictures=(PICTURE,), video=VIDEO)
    assert said == ["Pictures are not possible there.", "A video is not possible there."]


def test_each_channel_counts_in_its_own_way() -> None:
    address = "https://example.org/a/very/long/path/indeed"
    assert lacks({"counting": Counting(url=10)}, text=f"看 {address}") == []
    assert lacks({"counting": Counting(unit="halves")}, text="a" * 40) == []


def test_a_channel_may_want_more_than_facts_and_limits_say(at: datetime) -> None:
    account = ChannelAccount(channel="weibo", external_id="1", name="微博", facts={"safe_domains": ["tea.example"]})
    elsewhere = replace(SAID, link_url="https://q.example/l/abc")
    assert "tea.example" in wishes_of(account, elsewhere)[0]
    assert wishes_of(account, replace(SAID, text="看 https://www.tea.example/x")) == []
    assert wishes_of(replace_channel(account, "mastodon"), elsewhere) == []


def replace_channel(account: ChannelAccount, name: str) -> ChannelAccount:
    return ChannelAccount(channel=name, external_id=account.external_id, name=account.name, facts=account.facts)
