"""Which post an address means that a person copied out of a network."""

from __future__ import annotations

import pytest

from community.channels.bluesky import recognizing as bluesky
from community.channels.mastodon import recognizing as mastodon
from community.channels.weibo import recognizing as weibo


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://weibo.com/1404376560/yBmepBtUB", "3489035978933121"),
        ("https://www.weibo.com/1404376560/yBmepBtUB?from=page", "3489035978933121"),
        ("https://m.weibo.cn/detail/3489035978933121", "3489035978933121"),
        ("https://m.weibo.cn/status/yBmepBtUB", "3489035978933121"),
        ("https://weibo.com/2222222222/yBmepBtUB", None),
        ("https://weibo.com/1404376560", None),
        ("https://weibo.com/1404376560/profile-page", None),
        ("https://weibo.com.evil.net/1404376560/yBmepBtUB", None),
    ],
)
def test_a_page_on_weibo(url: str, number: str | None) -> None:
    found = weibo.recognize("1404376560", url)
    assert (found.external_id if found else None) == number


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://masto.example/@brand/113", "113"),
        ("https://masto.example/users/brand/statuses/113", "113"),
        ("https://masto.example/@brand", None),
        ("https://masto.example/about", None),
        ("https://other.example/@brand/113", None),
    ],
)
def test_a_page_on_mastodon(url: str, number: str | None) -> None:
    found = mastodon.recognize("https://masto.example/@brand", url)
    assert (found.external_id if found else None) == number


@pytest.mark.parametrize(
    ("page", "key"),
    [
        ("https://bsky.app/profile/tea.test/post/3mekfv2kxyz2a", "3mekfv2kxyz2a"),
        ("https://bsky.app/profile/Tea.test/post/3mekfv2kxyz2a/?ref=share#top", "3mekfv2kxyz2a"),
        ("https://bsky.app/profile/did:plc:tea/post/3mekfv2kxyz2a", "3mekfv2kxyz2a"),
        ("https://bsky.app/profile/friend.test/post/3mekfv2kxyz2a", None),
        ("https://bsky.app/profile/did:plc:friend/post/3mekfv2kxyz2a", None),
        ("https://bsky.app/profile/tea.test", None),
        ("https://bsky.app/profile/tea.test/post/../../x", None),
        ("https://bsky.app.evil.net/profile/tea.test/post/3mekfv2kxyz2a", None),
    ],
)
def test_a_page_on_bluesky(page: str, key: str | None) -> None:
    found = bluesky.recognize("did:plc:tea", "tea.test", page)
    assert (found.external_id if found else None) == (key and f"at://did:plc:tea/app.bsky.feed.post/{key}")
