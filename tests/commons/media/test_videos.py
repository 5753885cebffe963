"""Which videos are taken in, which are refused, and what is left of them in the store."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from commons import clock
from commons.db import db
from commons.media import video_program, videos
from commons.media.decoding import TooManyBytes
from commons.media.models import Video
from commons.media.store import store
from commons.media.videos import NotAVideo, keep_video
from tests.commons.media.pictures import a_picture
from tests.commons.media.videos import (
    PLACE,
    a_video,
    claiming_frames,
    claiming_pixels,
    claiming_seconds,
    turned,
)


def kept(data: bytes, name: str = "tea.mp4") -> Video:
    video = keep_video(BytesIO(data), name, by=None, at=clock.now())
    db.session.commit()
    return video


def refused(data: bytes) -> str:
    with pytest.raises(NotAVideo) as refusal:
        kept(data)
    assert refusal.value.message
    assert refusal.value.advice
    assert "%" not in refusal.value.message
    assert db.session.scalar(select(func.count()).select_from(Video)) == 0
    assert list(store().unfinished.iterdir()) == []
    return refusal.value.why


@pytest.fixture(scope="module")
def film() -> bytes:
    return a_video()


def test_an_mp4_is_kept_with_what_it_really_is(app: Flask, film: bytes) -> None:
    video = kept(film)
    assert (video.media_type, video.width, video.height, video.seconds) == ("video/mp4", 160, 120, 1.0)
    assert (video.name, video.size) == ("tea.mp4", store().path(video.key).stat().st_size)
    with av.open(str(store().path(video.key))) as again:
        assert [stream.codec_context.name for stream in again.streams] == ["h264", "aac"]
        assert sum(1 for _frame in again.decode(video=0)) == 10


def test_where_it_was_taken_is_not_kept(app: Flask, film: bytes) -> None:
    assert PLACE.encode() in film
    data = store().path(kept(film).key).read_bytes()
    assert PLACE.encode() not in data
    assert b"secret" not in data


def test_what_the_camera_noted_between_the_frames_is_not_kept_either(app: Flask, film: bytes) -> None:
    assert b"x264 - core" in film
    video = kept(film)
    assert b"x264" not in store().path(video.key).read_bytes()
    with av.open(str(store().path(video.key))) as again:
        frames = list(again.decode(video=0))
    assert [frame.pts for frame in frames] == sorted(frame.pts for frame in frames)
    assert len(frames) == 10


def test_quicktime_becomes_mp4(app: Flask) -> None:
    video = kept(a_video(container="mov"), "tea.mov")
    assert video.media_type == "video/mp4"
    assert store().path(video.key).read_bytes()[4:12] == b"ftypisom"


def test_a_silent_video_is_a_video(app: Flask) -> None:
    assert kept(a_video(sound="")).seconds == 1.0


def test_its_poster_is_the_first_frame_that_shows_something(app: Flask) -> None:
    poster = kept(a_video(dark=4)).poster
    assert poster is not None
    with Image.open(store().path(poster.key())) as image:
        red, _green, blue = image.convert("RGB").getpixel((20, 60))  # type: ignore[misc]
    assert red > 150 > blue


def test_a_video_held_upright_stands_upright(app: Flask, film: bytes) -> None:
    video = kept(turned(film))
    assert (video.width, video.height) == (120, 160)
    assert video.poster is not None
    with Image.open(store().path(video.poster.key())) as image:
        assert image.size == (120, 160)
        red, _green, blue = image.convert("RGB").getpixel((60, 20))  # type: ignore[misc]
    assert red > 150 > blue
    with av.open(str(store().path(video.key))) as again:
        assert next(again.decode(video=0)).rotation == -90


def test_the_same_video_twice_is_two_rows_and_one_file(app: Flask, film: bytes) -> None:
    first, second = kept(film), kept(film)
    assert first.public_id != second.public_id
    assert first.key == second.key


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (lambda: b"this is a text, whatever its name says", "kind"),
        (lambda: b"", "kind"),
        (lambda: a_picture(), "kind"),
        (lambda: b"<html><script>alert(1)</script>" + a_video(), "kind"),
        (lambda: b"\0\0\0\x18ftypmp42\0\0\0\0" + b"PK\x03\x04" * 500, "broken"),
        (lambda: a_video(noisy=True)[:-9000], "broken"),
        (lambda: a_video(codec="mpeg4"), "codec"),
        (lambda: a_video(codec="libx265", sound=""), "codec"),
        (lambda: a_video(sound="mp3"), "sound"),
        (lambda: a_video(pix_fmt="yuv422p"), "colours"),
        (lambda: a_video(pictures=2, sound=""), "several"),
        (lambda: a_video(seconds=0.3, sounds=14), "streams"),
        (lambda: a_video(size=(4112, 2320), seconds=0.2, sound=""), "pixels"),
        (lambda: claiming_frames(a_video(), 2**31 - 1), "broken"),
    ],
    ids=["text", "nothing", "a picture", "html in front", "a zip behind a name", "cut off", "mpeg4", "hevc", "mp3",
         "4:2:2", "two videos", "many tracks", "too wide", "says it has billions of frames"],
)  # fmt: skip
def test_what_is_no_video_for_everybody_is_refused_by_name(app: Flask, made: Any, why: str) -> None:
    assert refused(made()) == why


def test_a_file_of_sound_alone_has_no_picture(app: Flask) -> None:
    assert refused(a_video(pictures=0)) == "no_picture"


@pytest.mark.parametrize("claimed", [0, 1, 4_000_000])
def test_a_header_that_lies_about_the_length_is_not_believed(app: Flask, film: bytes, claimed: int) -> None:
    assert kept(claiming_seconds(film, claimed)).seconds == 1.0


def test_a_header_that_lies_about_its_pixels_is_not_believed(app: Flask, film: bytes) -> None:
    video = kept(claiming_pixels(film, 65_000, 65_000))
    assert (video.width, video.height) == (160, 120)


def test_a_video_that_is_too_long_is_refused_whatever_its_header_says(
    app: Flask, film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(videos, "LIMITS", video_program.Limits(0.5, 10**7, 2**31, 20, 10**8))
    assert refused(claiming_seconds(film, 0)) == "seconds"


def test_what_hangs_behind_or_inside_a_video_does_not_get_in(app: Flask, film: bytes) -> None:
    inside = b"<script>alert(1)</script>"
    hidden = film + (len(inside) + 8).to_bytes(4, "big") + b"free" + inside + b"PK\x03\x04" + inside
    assert b"script" not in store().path(kept(hidden).key).read_bytes()


def test_a_video_that_is_too_large_is_not_read_to_its_end(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(BytesIO):
        given = 0

        def read(self, size: int | None = -1, /) -> bytes:
            assert size
            assert size > 0
            Endless.given += size
            return b"\0" * size

    monkeypatch.setattr(videos, "BYTE_CAP", 3 * videos.MB)
    with pytest.raises(TooManyBytes):
        keep_video(Endless(), "endless.mp4", by=None, at=clock.now())
    assert Endless.given == 4 * videos.MB
    assert list(store().unfinished.iterdir()) == []


@pytest.mark.parametrize(
    ("ending", "why"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "broken"),
        ("print('{')", "broken"),
        ('print(\'{"width": 3, "height": 3, "seconds": 1}\')', "broken"),
        ("import time; time.sleep(60)", "slow"),
    ],
    ids=["crashed", "babbled", "wrote nothing", "never came back"],
)
def test_a_file_that_takes_its_reader_down_is_refused(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, film: bytes, ending: str, why: str
) -> None:
    program = tmp_path / "program.py"
    program.write_text(ending)
    monkeypatch.setattr(video_program, "__file__", str(program))
    monkeypatch.setattr(videos, "PATIENCE", 1)
    assert refused(film) == why


def test_its_reader_gets_no_more_memory_than_it_may(app: Flask, monkeypatch: pytest.MonkeyPatch, film: bytes) -> None:
    monkeypatch.setattr(videos, "LIMITS", video_program.Limits(60, 10**7, 60 * videos.MB, 20, 10**8))
    assert refused(film) == "broken"


def test_damaged_videos_are_refused_or_kept_but_never_crash(tmp_path: Path, film: bytes) -> None:
    chance = random.Random(20260302)
    answers = []
    for number in range(30):
        data = bytearray(film)
        for _ in range(chance.randint(1, 40)):
            data[chance.randrange(12, len(data))] = chance.randrange(256)
        source = tmp_path / f"{number}"
        source.write_bytes(data)
        answers.append(videos._look(source, tmp_path / f"{number}.mp4", tmp_path / f"{number}.jpg").refused)
    assert {"", "broken"} <= set(answers) <= {"", *videos.REFUSALS}
