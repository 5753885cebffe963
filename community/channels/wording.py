"""A text as it is sent to a channel that shows addresses. The composer's preview and counter show just this."""

from __future__ import annotations

import re

MARK = "{link}"

_MARK_AND_SPACE = re.compile(r"[ \t]*" + re.escape(MARK))


def text_sent(text: str, link_url: str, is_first: bool) -> str:
    """`text` with its link: at the mark `{link}` where it has one, else after a blank line at the end of the first part.

    An address that a text holds already is not added again. Without a link the mark is left out.
    """
    if not link_url:
        return without_mark(text)
    if MARK in text:
        return text.replace(MARK, link_url).strip()
    if not is_first or _holds(text, link_url):
        return text.strip()
    return "\n\n".join(filter(None, (text.strip(), link_url)))


def ad_label(language: str) -> str:
    """What an advertisement begins with where the channel has no label of its own for it."""
    return "[Ad] " if language.startswith("en") else "【广告】"


def as_ad(text: str, language: str) -> str:
    """`text` with the label in front, once."""
    label = ad_label(language)
    return text if text.lstrip().startswith(label.strip()) else label + text


def without_mark(text: str) -> str:
    """`text` for places that show the link in a way of their own."""
    return _MARK_AND_SPACE.sub("", text).strip()


def _holds(text: str, url: str) -> bool:
    """Whether the address stands there by itself, not as the beginning of a longer one."""
    return re.search(re.escape(url) + r"(?![\w/?#&=%-])", text) is not None
