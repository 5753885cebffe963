"""Pictures that are something else as well, or mean harm: refused by name, or kept as nothing but their pixels."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pytest
from flask import Flask

from commons import clock
from commons.media.decoding import Moving, NotAPicture, TooManyPixels
from commons.media.keeping import keep
from commons.media.models import Picture
from commons.media.store import store
from tests.commons.media.pictures import a_picture, a_png_that_claims, an_animation, half_red_half_blue

SCRIPT = b"<script>alert(document.domain)</script>"


def kept(data: bytes) -> Picture:
    return keep(BytesIO(data), "tea.jpg", by=None, at=clock.now())


def on_the_disk(picture: Picture) -> bytes:
    return b"".join(store().path(picture.key(width)).read_bytes() for width in (320, 960, 2560))


def a_zip() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("run.js", SCRIPT)
    return out.getvalue()


def a_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def with_chunk(png: bytes, chunk: bytes) -> bytes:
    """The PNG with one more chunk behind its header."""
    return png[:33] + chunk + png[33:]


def with_comment(jpeg: bytes) -> bytes:
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(SCRIPT) + 2) + SCRIPT + jpeg[2:]


@pytest.mark.parametrize(
    "made",
    [
        lambda: a_picture("GIF") + a_zip(),
        lambda: a_picture("JPEG") + a_zip(),
        lambda: a_picture("PNG") + b"<!doctype html>" + SCRIPT,
        lambda: with_comment(a_picture("JPEG")),
        lambda: with_chunk(a_picture("PNG"), a_chunk(b"tEXt", b"Comment\0" + SCRIPT)),
        lambda: with_chunk(a_picture("PNG"), a_chunk(b"prVt", SCRIPT)),
        lambda: half_red_half_blue(orientation=1) + SCRIPT,
    ],
    ids=["gif and zip", "jpeg and zip", "png and html", "comment", "text chunk", "private chunk", "place and script"],
)
def test_of_a_file_that_is_two_things_only_the_picture_is_kept(app: Flask, made: Callable[[], bytes]) -> None:
    data = made()
    assert SCRIPT in data or is_zipfile(BytesIO(data))
    written = on_the_disk(kept(data))
    assert SCRIPT not in written
    assert b"PK\x03\x04" not in written
    assert b"Exif" not in written


@pytest.mark.parametrize(
    ("made", "refusal"),
    [
        (lambda: b"GIF89a/*" + SCRIPT + b"*/=1;", NotAPicture),
        (lambda: b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>", NotAPicture),
        (lambda: b"%PDF-1.7 " + a_picture("JPEG"), NotAPicture),
        (lambda: a_picture("JPEG")[:2000], NotAPicture),
        (lambda: a_picture("JPEG")[:20], NotAPicture),
        (lambda: a_png_that_claims(50_000, 50_000), TooManyPixels),
        (lambda: an_animation("WEBP"), Moving),
        (lambda: a_picture("BMP"), NotAPicture),
        (lambda: a_picture("TIFF"), NotAPicture),
    ],
    ids=["script as gif", "svg", "pdf", "cut off", "only a beginning", "bomb", "moving webp", "bmp", "tiff"],
)
def test_what_is_no_picture_of_ours_is_refused_by_name(
    app: Flask, made: Callable[[], bytes], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        kept(made())


def test_a_text_chunk_that_unpacks_to_a_hundred_times_itself_is_refused(app: Flask) -> None:
    bomb = with_chunk(a_picture("PNG"), a_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 50_000_000, 9)))
    with pytest.raises(NotAPicture):
        kept(bomb)
