"""What is taken in, what is refused, and what is left of it in the store."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.media.decoding import BYTE_CAP, Moving, NotAPicture, TooManyBytes, TooManyPixels
from commons.media.keeping import keep
from commons.media.models import Picture
from commons.media.store import NotKept, Store, store
from tests.commons.media.pictures import a_picture, a_png_that_claims, an_animation, half_red_half_blue


def kept(data: bytes, name: str = "tea.jpg") -> Picture:
    picture = keep(BytesIO(data), name, by=None, at=clock.now())
    db.session.commit()
    return picture


def opened(picture: Picture, width: int = 2560) -> Image.Image:
    with Image.open(store().path(picture.key(width))) as image:
        assert image.get_format_mimetype() == picture.media_type
        assert not image.getexif()
        return image.copy()


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("GIF", "image/png")],
)
def test_each_kind_is_kept_as_itself_and_a_still_gif_as_png(app: Flask, kind: str, media_type: str) -> None:
    picture = kept(a_picture(kind))
    assert (picture.media_type, picture.width, picture.height) == (media_type, 1200, 800)
    assert [opened(picture, width).size for width in (2560, 960, 320)] == [(1200, 800), (960, 640), (320, 213)]


def test_a_small_picture_is_its_own_thumbnail(app: Flask) -> None:
    picture = kept(a_picture(size=(200, 100)))
    assert opened(picture, 320).size == (200, 100)


@pytest.mark.slow
def test_a_huge_photograph_is_made_smaller(app: Flask) -> None:
    picture = kept(a_picture(size=(6000, 4000)))
    assert (picture.width, picture.height) == (2560, 1707)


def test_a_turned_photograph_stands_upright_and_forgets_where_it_was_taken(app: Flask) -> None:
    picture = kept(half_red_half_blue(orientation=6))
    image = opened(picture)
    red, _green, blue = image.convert("RGB").getpixel((100, 20))  # type: ignore[misc]
    assert image.size == (200, 400)
    assert red > 180
    assert blue < 80
    assert b"secret" not in store().path(picture.key()).read_bytes()


def test_print_colours_become_screen_colours(app: Flask) -> None:
    picture = kept(a_picture("JPEG", mode="CMYK", colour=(0, 255, 255, 0)))
    image = opened(picture)
    assert image.mode == "RGB"
    assert image.getpixel((5, 5))[0] > 200  # type: ignore[index]


@pytest.mark.parametrize(("mode", "colour"), [("RGBA", (9, 9, 9, 0)), ("LA", (9, 0)), ("P", 0), ("1", 1), ("L", 7)])
def test_every_mode_of_png_is_read(app: Flask, mode: str, colour: object) -> None:
    image = opened(kept(a_picture("PNG", size=(30, 20), mode=mode, colour=colour)))
    assert image.mode in {"RGB", "RGBA", "L"}


def test_gaps_in_a_png_stay_gaps(app: Flask) -> None:
    image = opened(kept(a_picture("PNG", mode="RGBA", colour=(9, 9, 9, 0))))
    assert image.getpixel((3, 3))[3] == 0  # type: ignore[index]


def test_sixteen_bits_of_grey_keep_their_shade(app: Flask) -> None:
    image = opened(kept(a_picture("PNG", size=(30, 20), mode="I;16", colour=0x8000)))
    assert abs(int(image.convert("L").getpixel((3, 3))) - 128) <= 2  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_a_picture_that_moves_is_refused_by_name(app: Flask, kind: str) -> None:
    with pytest.raises(Moving):
        kept(an_animation(kind))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"\xff\xd8\xff",
        b"GIF89a",
        b"RIFF1234WEBP",
    ],
    ids=["nothing", "text", "svg", "pdf", "jpeg's first bytes", "gif's first bytes", "webp's first bytes"],
)
def test_what_is_no_picture_is_refused(app: Flask, data: bytes) -> None:
    with pytest.raises(NotAPicture):
        kept(data)


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "ICO", "PPM", "TGA"])
def test_kinds_that_we_do_not_take_are_refused(app: Flask, kind: str) -> None:
    with pytest.raises(NotAPicture):
        kept(a_picture(kind, size=(64, 64)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_file_that_ends_too_early_is_refused(app: Flask, kind: str) -> None:
    noise = Image.frombytes("RGB", (300, 300), random.Random(1).randbytes(270_000))
    out = BytesIO()
    noise.save(out, kind)
    with pytest.raises(NotAPicture):
        kept(out.getvalue()[: len(out.getvalue()) // 2])


def test_what_hangs_behind_a_picture_does_not_get_in(app: Flask) -> None:
    picture = kept(a_picture("JPEG") + b"PK\x03\x04<script>alert(1)</script>")
    assert b"script" not in store().path(picture.key()).read_bytes()


@pytest.mark.parametrize(("width", "height"), [(7000, 7000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_decompression_bomb_is_refused_by_its_header(app: Flask, width: int, height: int) -> None:
    with pytest.raises((TooManyPixels, NotAPicture)):
        kept(a_png_that_claims(width, height))


def test_a_file_that_is_too_large_is_refused_before_it_was_read(app: Flask) -> None:
    class Endless(BytesIO):
        given = 0

        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert size > 0
            Endless.given += size
            return b"\xff" * size

    with pytest.raises(TooManyBytes):
        keep(Endless(), "endless.jpg", by=None, at=clock.now())
    assert Endless.given == BYTE_CAP + 1


def test_damaged_files_are_refused_or_kept_but_never_crash(app: Flask) -> None:
    chance = random.Random(20260301)
    originals = [a_picture(kind, size=(60, 40)) for kind in ("JPEG", "PNG", "WEBP", "GIF")]
    refused = 0
    for _ in range(400):
        data = bytearray(chance.choice(originals))
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            kept(bytes(data))
        except DomainError:
            refused += 1
    assert 0 < refused < 400


def test_a_file_name_brings_no_folders_along(app: Flask) -> None:
    assert kept(a_picture(), name="C:\\fans\\..\\tea.jpg").name == "tea.jpg"
    assert kept(a_picture(), name="../../etc/passwd").name == "passwd"


def test_the_same_picture_twice_is_two_rows_and_one_file(app: Flask) -> None:
    first, second = kept(a_picture()), kept(a_picture())
    assert first.public_id != second.public_id
    assert first.key() == second.key()


def test_a_store_that_cannot_be_written_refuses_by_name_and_leaves_nothing(tmp_path: Path, app: Flask) -> None:
    (tmp_path / "ab").write_text("a file where a folder should be")
    with pytest.raises(NotKept):
        Store(tmp_path).write("ab/cd/full", b"x")
    assert [path.name for path in tmp_path.rglob("*")] == ["ab"]
