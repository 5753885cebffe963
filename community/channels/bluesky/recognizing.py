"""Which post the address of a page for readers means: `bsky.app/profile/<handle or did>/post/<record key>`."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from community.channels.bluesky.records import COLLECTION
from community.channels.protocol import Sent

HOSTS = {"bsky.app", "www.bsky.app"}

_PAGE = re.compile(r"^/profile/([^/]+)/post/([2-7a-j][2-7a-z]{12})/?$", re.ASCII)


def recognize(did: str, handle: str, url: str) -> Sent | None:
    """The post that `url` leads to; None when it is none, or another's. Its version (cid) is not in the address."""
    parts = urlsplit(url)
    found = _PAGE.match(parts.path)
    if parts.hostname not in HOSTS or found is None:
        return None
    whose, rkey = found.groups()
    if whose != did and (not handle or whose.removeprefix("@").casefold() != handle.casefold()):
        return None
    return Sent(f"at://{did}/{COLLECTION}/{rkey}", f"https://bsky.app/profile/{whose}/post/{rkey}")
