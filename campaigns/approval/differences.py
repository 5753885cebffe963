"""What is different between two states of what will be sent. Pure: JSON in, marked words out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.differing import Piece, pieces


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
            found.append(Difference("text" if number == 0 else "part", pieces(old["text"], new["text"])))
        found += _media(old["media"], new["media"])
    for name in ("first_comment", "content_warning", "language"):
        if before[name] != after[name]:
            found.append(Difference(name, pieces(before[name], after[name])))
    if before["link"] != after["link"]:
        found.append(Difference("link", pieces(*_links(before["link"], after["link"]))))
    found += [Difference(name) for name in ("ad", "campaign", "account") if before[name] != after[name]]
    return found


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
    found += [Difference("alt", pieces(was[key], now[key])) for key in now if key in was and was[key] != now[key]]
    return found


def _links(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> tuple[str, str]:
    """Where the links lead; if they lead to the same place, what they look like."""
    old, new = before or {"target": "", "url": ""}, after or {"target": "", "url": ""}
    return (old["url"], new["url"]) if old["target"] == new["target"] else (old["target"], new["target"])
