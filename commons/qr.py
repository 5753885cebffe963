"""QR codes, drawn here: an address as a picture that a telephone reads."""

from __future__ import annotations

import io

import segno

INK = "#1f1b16"


def svg(address: str) -> bytes:
    """The code of an address as an SVG picture, with the quiet margin that readers ask for."""
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="svg", scale=8, border=4, dark=INK)
    return picture.getvalue()


def png(address: str) -> bytes:
    """The same as a PNG picture, large enough for print at some three centimetres."""
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="png", scale=16, border=4, dark=INK, light="#ffffff")
    return picture.getvalue()
