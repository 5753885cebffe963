"""Rich text: which bytes of a text are a link, a mention or a hashtag. Pure.

https://docs.bsky.app/docs/advanced-guides/post-richtext
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import regex

SHOWN_PATH = 15
LONGEST_TAG = 64

# The words after an address may follow without a space, so its path is in ASCII. static/js/counting.js has the same pattern.
_HOST = r"(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)"
_URL = regex.compile(rf"https?://{_HOST}(?::[0-9]+)?(?:[/?#][!#-&(-;=?-~]*)?", regex.IGNORECASE)
_MENTION = regex.compile(r"(?<![\w@./])@((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?)", regex.IGNORECASE)  # fmt: skip
_TAG = regex.compile(r"(?<![^\s(（])[#＃]([^\s#＃@，。！？；：、（）《》「」『』【】]+)")
_TRAILING = ".,;:!?)]}'\""

Resolve = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class RichText:
    """A text as readers see it, and its facets: byte offsets into its UTF-8, ends exclusive."""

    text: str
    facets: list[dict[str, Any]]


def rich(text: str, resolve: Resolve) -> RichText:
    """`text` with shortened addresses, and what its parts stand for.

    `resolve` gives the DID of a handle; None where nobody is called so: the words stay plain then.
    """
    shown, facets = _shorten(text)
    facets += _mentions(shown, facets, resolve)
    facets += _tags(shown, facets)
    return RichText(shown, sorted(facets, key=_start))


def shown_address(url: str) -> str:
    """An address as readers see it: without its scheme, a long path cut."""
    bare = url.split("://", 1)[1].removeprefix("www.").rstrip("/")
    host, slash, path = bare.partition("/")
    rest = slash + path
    return host + (rest if len(rest) <= SHOWN_PATH else f"{rest[: SHOWN_PATH - 2]}…")


def shown_text(text: str) -> str:
    """`text` as readers see it."""
    return _shorten(text)[0]


def _shorten(text: str) -> tuple[str, list[dict[str, Any]]]:
    pieces: list[str] = []
    facets: list[dict[str, Any]] = []
    end = 0
    for match in _URL.finditer(text):
        url = _trimmed(match.group())
        pieces.append(text[end : match.start()])
        start = _bytes("".join(pieces))
        pieces.append(shown_address(url))
        facets.append(_facet(start, _bytes("".join(pieces)), "link", uri=url))
        end = match.start() + len(url)
    pieces.append(text[end:])
    return "".join(pieces), facets


def _mentions(text: str, taken: list[dict[str, Any]], resolve: Resolve) -> list[dict[str, Any]]:
    found = []
    for match, start, end in _free(_MENTION, text, taken):
        did = resolve(match[1].lower())
        if did is not None:
            found.append(_facet(start, end, "mention", did=did))
    return found


def _tags(text: str, taken: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for match, start, _end in _free(_TAG, text, taken):
        tag = regex.sub(r"[\p{P}]+$", "", match[1])
        if tag and not tag.isdigit() and len(regex.findall(r"\X", tag)) <= LONGEST_TAG:
            found.append(_facet(start, start + _bytes(match[0][0] + tag), "tag", tag=tag))
    return found


def _free(pattern: Any, text: str, taken: list[dict[str, Any]]) -> Iterator[tuple[Any, int, int]]:
    """Matches that touch no facet, with their byte offsets."""
    spans = [(_start(facet), int(facet["index"]["byteEnd"])) for facet in taken]
    for match in pattern.finditer(text):
        start, end = _bytes(text[: match.start()]), _bytes(text[: match.end()])
        if all(end <= begin or start >= over for begin, over in spans):
            yield match, start, end


def _trimmed(url: str) -> str:
    """`url` without the punctuation that ends the sentence around it; a bracket that it opened itself stays."""
    while url and url[-1] in _TRAILING and not (url[-1] == ")" and url.count("(") >= url.count(")")):
        url = url[:-1]
    return url


def _facet(start: int, end: int, kind: str, **what: str) -> dict[str, Any]:
    feature = {"$type": f"app.bsky.richtext.facet#{kind}", **what}
    return {"index": {"byteStart": start, "byteEnd": end}, "features": [feature]}


def _bytes(text: str) -> int:
    return len(text.encode())


def _start(facet: dict[str, Any]) -> int:
    return int(facet["index"]["byteStart"])
