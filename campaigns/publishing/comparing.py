"""What was sent beside what stands there now, piece by piece. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from campaigns import differing
from campaigns.differing import Piece


def pieces(sent: str, live: str) -> Sequence[Piece]:
    """What is "gone" was sent and is not there, "new" the other way. Spaces at the ends and the kind of line break do not count."""
    return differing.pieces(_tidy(sent), _tidy(live))


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))
