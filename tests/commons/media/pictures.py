"""Pictures as people send them: good ones, odd ones and hostile ones."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image


def a_picture(
    kind: str = "JPEG",
    size: tuple[int, int] = (1200, 800),
    mode: str = "RGB",
    colour: Any = (200, 60, 40),
    **options: Any,
) -> bytes:
    """One colour, as a file of `kind`."""
    out = BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def half_red_half_blue(orientation: int) -> bytes:
    """Red on the left, blue on the right as stored; EXIF says how to turn it, and where it was taken."""
    image = Image.new("RGB", (400, 200), (220, 20, 20))
    image.paste((20, 20, 220), (200, 0, 400, 200))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "a secret place"
    exif.get_ifd(0x8825)[1] = "N"
    out = BytesIO()
    image.save(out, "JPEG", exif=exif, quality=95)
    return out.getvalue()


def an_animation(kind: str) -> bytes:
    frames = [Image.new("RGB", (40, 40), (shade, 0, 0)) for shade in (0, 120, 240)]
    out = BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=80)
    return out.getvalue()


def a_png_that_claims(width: int, height: int) -> bytes:
    """A small file whose header speaks of a huge picture."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
