"""Text of posts and comments as markup: everything is escaped, then addresses and topics become links."""

from __future__ import annotations

import regex
from flask import Flask, url_for
from markupsafe import Markup, escape

from community.circle.wording import tidy

_LINKED = regex.compile(
    r"(?P<address>\bhttps?://[A-Za-z0-9\-._~:/?\#\[\]@!$&'()*+,;=%]+)"
    r"|(?<![\p{L}\p{N}_&/])\#(?:(?P<wrapped>[^\s\#]{1,40})\#|(?P<topic>[\p{L}\p{N}_·]{1,40}))"
)
_TRAILING = ".,;:!?'*"
SHOWN_LENGTH = 48


def rich_text(text: str) -> Markup:
    """`text` with line breaks kept, http(s) addresses as links that lend no trust, and #topics leading to their posts."""
    text = tidy(text)
    parts: list[Markup] = []
    end = 0
    for match in _LINKED.finditer(text):
        parts.append(escape(text[end : match.start()]))
        parts.append(_address(match["address"]) if match["address"] else _topic(match.group(), match))
        end = match.end()
    parts.append(escape(text[end:]))
    return Markup("").join(parts)


def topics_in(text: str) -> list[str]:
    """The topics a text names, in order, each once."""
    found = (match["wrapped"] or match["topic"] for match in _LINKED.finditer(text) if not match["address"])
    return list(dict.fromkeys(found))


def init_app(app: Flask) -> None:
    app.jinja_env.filters["rich_text"] = rich_text


def _address(address: str) -> Markup:
    address, rest = _without_trailing(address)
    shown = address.split("://", 1)[1]
    shown = shown if len(shown) <= SHOWN_LENGTH else shown[: SHOWN_LENGTH - 1] + "…"
    link = Markup('<a href="{}" rel="nofollow ugc noopener noreferrer" target="_blank">{}</a>')
    return link.format(address, shown) + escape(rest)


def _without_trailing(address: str) -> tuple[str, str]:
    """A full stop after an address, or a bracket around it, belongs to the sentence."""
    kept = address.rstrip(_TRAILING)
    while kept.endswith(")") and kept.count(")") > kept.count("("):
        kept = kept[:-1].rstrip(_TRAILING)
    return kept, address[len(kept) :]


def _topic(written: str, match: regex.Match[str]) -> Markup:
    topic = match["wrapped"] or match["topic"]
    return Markup('<a class="topic" href="{}">{}</a>').format(url_for("circle.feed", topic=topic), written)
