"""The public card as a PNG of 1200 × 630, the size that networks show for a shared link; drawn like card.svg."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import astuple, dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

import regex
from flask import current_app
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
PAPER, SHEET, EDGE, TRACK, INK, QUIET = "#faf7f1", "#fffdf9", "#e8e0d3", "#f3eee5", "#231e19", "#5b5248"
CENTRE, RADIUS, STROKE = (310, 315), 170, 22
LEFT, ROOM = 560, 560
FINER = 2
LARGEST, SMALLEST = 66, 30
_DRAWN_AS = "1"  # counts up when the same card is drawn otherwise
_MOST_CHARACTERS = 60


@dataclass(frozen=True)
class Face:
    """What stands on a card, in the words of its language. `stand_in` is shown for a name of which no letter can be drawn."""

    name: str
    stand_in: str
    circle: str
    rank: int
    level_word: str
    level: str
    share: float
    since: str
    accent: str

    @property
    def mark(self) -> str:
        """Changes when the picture does."""
        return hashlib.sha256(repr((_DRAWN_AS, *astuple(self))).encode()).hexdigest()[:32]


@lru_cache(maxsize=64)
def drawn(face: Face) -> bytes:
    """The card as PNG. The same face is drawn once."""
    sheet = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.rounded_rectangle((40, 40, 1160, 590), 36, fill=SHEET, outline=EDGE, width=2)
    ring = _ring(face)
    sheet.paste(ring, (CENTRE[0] - ring.width // 2, CENTRE[1] - ring.height // 2), ring)
    _write(pen, (CENTRE[0], 345), str(face.rank), 120, bold=True, anchor="ms")
    _write(pen, (CENTRE[0], 400), face.level_word, 32, QUIET, anchor="ms")
    _write(pen, (LEFT, 200), face.circle, 34, QUIET)
    _write(pen, (LEFT, 300), drawable(face.name) or face.stand_in, LARGEST, bold=True)
    _write(pen, (LEFT, 378), face.level, 46, face.accent, bold=True)
    _write(pen, (LEFT, 450), face.since, 32, QUIET)
    out = BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()


def drawable(name: str) -> str:
    """The name without what the typeface has no shape for (emoji, rare scripts) and without what turns or stacks letters."""
    kept = [
        cluster
        for cluster in regex.findall(r"\X", unicodedata.normalize("NFC", name))[:_MOST_CHARACTERS]
        if all(_has_shape(character) for character in cluster)
    ]
    return " ".join("".join(kept).split())


def _ring(face: Face) -> Image.Image:
    """The level ring, drawn larger and made smaller so that its edges are smooth."""
    side = (RADIUS + STROKE) * 2 * FINER
    ring = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen, inset, width = ImageDraw.Draw(ring), STROKE * FINER // 2, STROKE * FINER
    box = (inset, inset, side - inset - 1, side - inset - 1)
    pen.arc(box, 0, 360, fill=TRACK, width=width)
    if face.share > 0:
        pen.arc(box, -90, -90 + 360 * min(face.share, 1), fill=face.accent, width=width)
    return ring.resize((side // FINER, side // FINER), Image.Resampling.LANCZOS)


def _write(
    pen: ImageDraw.ImageDraw,
    at: tuple[int, int],
    words: str,
    size: int,
    colour: str = INK,
    *,
    bold: bool = False,
    anchor: str = "ls",
) -> None:
    """One line from a baseline on: smaller where it would not fit, and cut where even the smallest does not."""
    font = next((one for one in _sizes(bold, size) if one.getlength(words) <= ROOM), _font(bold, min(SMALLEST, size)))
    pen.text(at, _cut(words, font), font=font, fill=colour, anchor=anchor)


def _sizes(bold: bool, largest: int) -> list[ImageFont.FreeTypeFont]:
    return [_font(bold, size) for size in range(largest, SMALLEST - 1, -4)] or [_font(bold, largest)]


def _cut(words: str, font: ImageFont.FreeTypeFont) -> str:
    if font.getlength(words) <= ROOM:
        return words
    while words and font.getlength(f"{words}…") > ROOM:
        words = words[:-1]
    return f"{words.rstrip()}…"


def _has_shape(character: str) -> bool:
    if character == " ":
        return True
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"}:
        return False
    return bytes(_font(True, SMALLEST).getmask(character)) != _missing()


@cache
def _missing() -> bytes:
    """The box that a typeface draws for what it does not have."""
    return bytes(_font(True, SMALLEST).getmask("\uffff"))


@lru_cache(maxsize=32)
def _font(bold: bool, size: int) -> ImageFont.FreeTypeFont:
    name = "noto-sans-sc-bold.ttf" if bold else "noto-sans-sc-regular.ttf"
    path = Path(current_app.static_folder or "", "vendor", "fonts", name)
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
