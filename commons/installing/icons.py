"""The icons of the installed house, drawn from the brand's logo, or from the circle in the brand's colour."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from flask import url_for
from PIL import Image, ImageDraw, ImageOps

from commons.admin import brand
from commons.admin.models import Brand
from commons.media.models import FULL
from commons.media.store import store

# Which icons there are: the share of the square that the drawing takes, and whether the sheet under it has round corners.
# A maskable one may lose everything outside of a circle of 80 % (W3C, Web App Manifest, icon masks); a badge is only a shape.
KINDS = {"any": 0.74, "maskable": 0.56, "touch": 0.68, "badge": 0.96}
ICONS = {("any", 192), ("any", 512), ("maskable", 192), ("maskable", 512), ("touch", 180), ("badge", 96)}

PAPER, INK = "#faf7f1", "#231e19"
# The circles of static/img/mark.svg: centre and radius in a square of 64; the first one wears the brand's colour.
CIRCLES = (
    (20.7, 13.4, 11.4), (40.3, 12.7, 5.6), (51.7, 24.5, 8.2), (52.2, 40.1, 4.8), (41.4, 52.7, 9.3), (23.5, 53.8, 6.1),
    (11.5, 43.3, 7.4), (9.4, 28.5, 5.0),
)  # fmt: skip
SQUARE = 64
FINER = 4
ROUND = 0.22
_DRAWN_AS = "1"  # counts up when the same brand is drawn otherwise


def icon_url(kind: str, size: int) -> str:
    """Where one of `ICONS` is, with a mark of what it shows, so that browsers may keep it for a year."""
    return url_for("installing.icon", kind=kind, size=size, v=mark(brand.shown(), kind, size))


def mark(shown: Brand, kind: str, size: int) -> str:
    """Changes when the icon does."""
    facts = (_DRAWN_AS, kind, str(size), shown.accent, shown.logo.sha256 if shown.logo is not None else "")
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:10]


def icon(shown: Brand, kind: str, size: int) -> bytes:
    """One icon as PNG. A logo that cannot be read gives way to the circle."""
    path = store().path(shown.logo.key(FULL)) if shown.logo is not None and kind != "badge" else None
    return _icon(kind, size, shown.accent, path if path is not None and path.is_file() else None)


@lru_cache(maxsize=16)
def _icon(kind: str, size: int, accent: str, logo: Path | None) -> bytes:
    fine = size * FINER
    sheet = Image.new("RGBA", (fine, fine), (0, 0, 0, 0))
    if kind != "badge":
        radius = round(fine * ROUND) if kind == "any" else 0
        ImageDraw.Draw(sheet).rounded_rectangle((0, 0, fine - 1, fine - 1), radius, fill=PAPER)
    inside = round(fine * KINDS[kind])
    drawing = (
        _logo(logo, inside) if logo is not None else _circle(inside, accent, "#ffffff" if kind == "badge" else INK)
    )
    sheet.alpha_composite(drawing, ((fine - drawing.width) // 2, (fine - drawing.height) // 2))
    out = BytesIO()
    sheet.resize((size, size), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _circle(side: int, accent: str, ink: str) -> Image.Image:
    drawing = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen, unit = ImageDraw.Draw(drawing), side / SQUARE
    for number, (x, y, radius) in enumerate(CIRCLES):
        box = [(x - radius) * unit, (y - radius) * unit, (x + radius) * unit, (y + radius) * unit]
        pen.ellipse(box, fill=accent if number == 0 and ink == INK else ink)
    return drawing


def _logo(path: Path, side: int) -> Image.Image:
    with Image.open(path) as opened:
        return ImageOps.contain(opened.convert("RGBA"), (side, side), Image.Resampling.LANCZOS)
