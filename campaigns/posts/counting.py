"""How long a text is where it goes. Pure; static/js/counting.js counts alike, and a browser test holds them together."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from community.channels.bluesky.facets import shown_text
from community.channels.protocol import Counting, Limits, Part
from community.channels.wording import text_sent

# An address with a named host: what networks turn into a link. It ends before punctuation that closes a sentence.
_ADDRESS = regex.compile(r"https?://(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?::\d+)?(?:[/?#](?:[!-~]*[A-Za-z0-9/=&#_~%+$-])?)?")
_ASCII_ADDRESS = regex.compile(
    r"https?://(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?::\d+)?(?:[/?#](?:[!-~]*[A-Za-z0-9/=&#_~%+$-])?)?"
)
_FAR_MENTION = regex.compile(r"(?<![\p{L}\p{N}_/])(@[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)@[\p{L}\p{N}.-]*[\p{L}\p{N}]")
_CLUSTER = regex.compile(r"\X")

HALF, WHOLE, DOUBLE = 1, 2, 4


def addresses_in(text: str) -> list[str]:
    """What readers will see as links, in order."""
    return [found[0] for found in _ADDRESS.finditer(text)]


@dataclass(frozen=True, slots=True)
class Length:
    """How much of its room one part takes: `used` of `limit`, and of `byte_limit` (None: bytes do not matter there)."""

    used: int
    limit: int
    bytes: int
    byte_limit: int | None

    @property
    def over(self) -> int:
        """How many characters are too many."""
        return max(0, self.used - self.limit)

    @property
    def bytes_over(self) -> int:
        return max(0, self.bytes - self.byte_limit) if self.byte_limit is not None else 0


def count(text: str, counting: Counting) -> int:
    """How many characters a channel that counts so takes the text for."""
    text = shown(text, counting)
    if counting.url is not None:
        stand_in = "x" * counting.url
        text = _ADDRESS.sub(stand_in, _ASCII_ADDRESS.sub(stand_in, text))
    if counting.short_mentions:
        text = _FAR_MENTION.sub(r"\1", text)
    if counting.unit == "halves":
        return (sum(map(_halves, text)) + 1) // 2
    return len(_CLUSTER.findall(text))


def shown(text: str, counting: Counting) -> str:
    """The text as its readers see it: where addresses are cut, with the short ones."""
    return shown_text(text) if counting.short_addresses else text


def measure(text: str, counting: Counting, limits: Limits, warning: str = "") -> Length:
    """The length of one part as it is sent. A content warning takes room of the part that it stands above."""
    used = count(text, counting) + count(warning, counting)
    size = len((shown(text, counting) + shown(warning, counting)).encode())
    return Length(used, limits.characters, size, limits.bytes)


def lengths(
    parts: tuple[Part, ...], link_url: str, counting: Counting, limits: Limits, warning: str = ""
) -> list[Length]:
    """The length of each part of a thread with its link in place."""
    return [
        measure(text_sent(part.text, link_url, number == 0), counting, limits, warning)
        for number, part in enumerate(parts)
    ]


def _halves(character: str) -> int:
    point = ord(character)
    if point <= 0xFF:
        return HALF
    return WHOLE if point <= 0xFFFF else DOUBLE
