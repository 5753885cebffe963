"""What a text on Weibo may be: how long, with which link, without topics. Pure."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

MOST = 140

_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
_TOPIC = re.compile(r"#[^#]+#")
_UNSEEN = re.compile(r"[\u200b-\u200d\ufeff]")


def length(text: str) -> int:
    """Characters as Weibo counts: up to U+00FF a half, beyond the basic plane two, rounded up. Addresses in full."""
    halves = sum(1 if letter <= "\u00ff" else 2 if letter <= "\uffff" else 4 for letter in text)
    return math.ceil(halves / 2)


def has_topic(text: str) -> bool:
    """Whether it holds `#a topic#`, which this way of posting does not take."""
    return _TOPIC.search(_URL.sub(" ", text)) is not None


def has_link(text: str) -> bool:
    return _URL.search(text) is not None


def has_link_on(text: str, domains: Iterable[str]) -> bool:
    """Whether one of its links leads to one of `domains`, or below it."""
    hosts = [_host(address) for address in _URL.findall(text)]
    return any(host == domain or host.endswith(f".{domain}") for host in hosts for domain in domains)


def alike(text: str) -> str:
    """A text as far as Weibo keeps it: it writes its own short address for every link, and sets white space its own way."""
    return " ".join(_UNSEEN.sub("", _URL.sub(" 🔗 ", html.unescape(text))).split())


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""
