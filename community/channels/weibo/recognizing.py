"""Which post the address of a page on Weibo means: `weibo.com/<owner>/<short name>`, or the phone's `m.weibo.cn/…`."""

from __future__ import annotations

from urllib.parse import urlsplit

from community.channels.protocol import Sent
from community.channels.weibo.mids import number_of

PLACES = ("detail", "status", "u")


def recognize(owner: str, url: str) -> Sent | None:
    """The post that `url` leads to; None when it is none, or says that it is another's."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    steps = [step for step in parts.path.split("/") if step]
    if host not in {"weibo.com", "m.weibo.cn", "weibo.cn"} or len(steps) < 2:
        return None
    whose, name = steps[-2], steps[-1]
    if whose != owner and whose not in PLACES:
        return None
    number = _number(name)
    return Sent(number, url) if number else None


def _number(name: str) -> str:
    """The number of a post by either of its names; empty for what is neither."""
    if name.isdecimal():
        return name if name.isascii() and len(name) >= 14 else ""
    try:
        return number_of(name)
    except ValueError:
        return ""
