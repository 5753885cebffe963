"""What is different between two states of what will be sent. Pure: JSON in, marked words out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import regex

# Whole words where there are spaces, single characters where there are none.
_PIECES = regex.compile(r"\p{Han}|\p{Hiragana}|\p{Katakana}|[\p{L}\p{N}_]+|\s+|.", regex.DOTALL)


@dataclass(frozen=True)
class Piece:
    """Some text that is the `same`, was `gone` or is `new`."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One thing that changed: its name, and the pieces of it. For media, the hashes that came and went."""

    name: str
    pieces: Sequence[Piece] = ()
    came: Sequence[str] = ()
    went: Sequence[str] = ()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What changed from `before` to `after` (each as `fingerprint.bound` makes it), in the order of the page."""
    found = []
    parts = max(len(before["parts"]), len(after["parts"]))
    for number in range(parts):
        old, new = _part(before, number), _part(after, number)
        if old["text"] != new["text"]:
            found.append(Difference("text" if number == 0 else "part", words(old["text"], new["text"])))
        found += _media(old["media"], new["media"])
    for name in ("first_comment", "content_warning", "language"):
        if before[name] != after[name]:
            found.append(Difference(name, words(before[name], after[name])))
    if before["link"] != after["link"]:
        found.append(Difference("link", words(*_links(before["link"], after["link"]))))
    found += [Difference(name) for name in ("ad", "campaign", "account") if before[name] != after[name]]
    return found


def words(before: str, after: str) -> list[Piece]:
    """The one text with what went and what came marked in it."""
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    pieces: list[Piece] = []
    for what, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece("same", "".join(new[start:end])))
            continue
        if first < last:
            pieces.append(Piece("gone", "".join(old[first:last])))
        if start < end:
            pieces.append(Piece("new", "".join(new[start:end])))
    return pieces


def _part(content: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    parts = content["parts"]
    return parts[number] if number < len(parts) else {"text": "", "media": []}


def _media(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[Difference]:
    was, now = {one["sha256"]: one["alt"] for one in old}, {one["sha256"]: one["alt"] for one in new}
    found = []
    came, went = [key for key in now if key not in was], [key for key in was if key not in now]
    if came or went:
        found.append(Difference("media", came=came, went=went))
    elif list(was) != list(now):
        found.append(Difference("order"))
    found += [Difference("alt", words(was[key], now[key])) for key in now if key in was and was[key] != now[key]]
    return found


def _links(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> tuple[str, str]:
    """Where the links lead; if they lead to the same place, what they look like."""
    old, new = before or {"target": "", "url": ""}, after or {"target": "", "url": ""}
    return (old["url"], new["url"]) if old["target"] == new["target"] else (old["target"], new["target"])
