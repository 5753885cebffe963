"""Which post the address of a page on the account's own instance means."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from community.channels.protocol import Sent

_PAGE = re.compile(r"^/(?:@[^/]+|users/[^/]+/statuses|web/statuses|deck/@[^/]+)/([0-9A-Za-z]+)/?$", re.ASCII)


def recognize(address: str, url: str) -> Sent | None:
    """The post that `url` leads to, if it stands on the instance of the account at `address`."""
    parts = urlsplit(url)
    found = _PAGE.match(parts.path)
    if parts.hostname != urlsplit(address).hostname or found is None:
        return None
    return Sent(found.group(1), url)
