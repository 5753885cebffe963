"""What was sent beside what stands there now, piece by piece. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

import regex

# Words of letters that are written with spaces, everything else one character at a time: Chinese has no spaces to go by.
_TOKENS = regex.compile(r"https?://\S+|[\p{Latin}\p{Cyrillic}\p{N}]+|\s+|\X")


@dataclass(frozen=True, slots=True)
class Piece:
    """`kind` is "same", "gone" (sent, and not there) or "new" (there, and not sent)."""

    kind: str
    text: str


def pieces(sent: str, live: str) -> Sequence[Piece]:
    """The two texts as one row of pieces. Spaces at the ends and the kind of line break do not count."""
    before, after = _TOKENS.findall(_tidy(sent)), _TOKENS.findall(_tidy(live))
    found = []
    for tag, start, end, other_start, other_end in difflib.SequenceMatcher(None, before, after, False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(before[start:end])))
            continue
        if end > start:
            found.append(Piece("gone", "".join(before[start:end])))
        if other_end > other_start:
            found.append(Piece("new", "".join(after[other_start:other_end])))
    return found


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))
