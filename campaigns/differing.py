"""What differs between two texts, word by word. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import regex

# Addresses whole, words of letters with spaces between them; every other character (Chinese ones too) by itself.
_WORD = regex.compile(r"https?://\S+|[\p{Latin}\p{Cyrillic}\p{Greek}\p{N}]+|\s+|\X")
MOST_WORDS = 4_000
ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: `kind` is "same", "gone" (only in the first) or "new" (only in the second)."""

    kind: str
    text: str


def pieces(before: str, after: str) -> Sequence[Piece]:
    """The runs of two texts, aligned by words; very long ones by lines. What has little in common is not cut to pieces."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE:
        return [Piece(kind, text) for kind, text in (("gone", before), ("new", after)) if text]
    runs = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            runs.append(Piece("same", "".join(old[a:b])))
            continue
        runs += [Piece("gone", "".join(old[a:b]))] if b > a else []
        runs += [Piece("new", "".join(new[c:d]))] if d > c else []
    return runs
