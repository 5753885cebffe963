"""What people type, made harmless before it is kept: pure functions over text."""

from __future__ import annotations

import unicodedata

import regex

# Overrides and embeddings show letters in another order than they were typed; an isolate left open goes on doing it.
_TURNS = regex.compile(r"[\u202A-\u202E\u2066-\u2069]")
_CONTROLS = regex.compile(r"[[\p{Cc}\p{Cs}]--\n]", regex.V1)
# No script stacks more than a few marks on one letter; towers of them spill over neighbouring lines.
_TOWER = regex.compile(r"(\p{M}{6})\p{M}+")
_EMPTY_LINES = regex.compile(r"\n{3,}")
_SEEN = regex.compile(r"[^\s\p{C}\p{Z}\p{M}\u115F\u1160\u3164\uFFA0\u2800\uFE0E\uFE0F]")


def tidy(text: str) -> str:
    """The same words without what would spoil a page: NFC, no controls, no turned direction, no towers of marks."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = _CONTROLS.sub("", _TURNS.sub("", text))
    text = _TOWER.sub(r"\1", text)
    lines = (line.rstrip() for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing: blanks, zero-width characters, marks without a letter."""
    return _SEEN.search(text) is None


def length(text: str) -> int:
    """Characters as a reader counts them (grapheme clusters): an emoji of several code points is one."""
    return len(regex.findall(r"\X", text))
