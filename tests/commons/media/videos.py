"""Videos as people send them, made here: good ones, odd ones and hostile ones."""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path
from typing import Any

import av
from PIL import Image

PLACE = "+31.2304+121.4737/"


def a_video(
    size: tuple[int, int] = (160, 120),
    seconds: float = 1,
    codec: str = "libx264",
    sound: str = "aac",
    container: str = "mp4",
    dark: int = 0,
    noisy: bool = False,
    pictures: int = 1,
    sounds: int = 1,
    **options: Any,
) -> bytes:
    """Red on the left, blue on the right, ten frames a second, silent; it says where it was taken. `dark`: black frames first."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film"
        with av.open(str(path), "w", format=container, options={"movflags": "+use_metadata_tags"}) as film:
            film.metadata.update(
                {"location": PLACE, "com.apple.quicktime.location.ISO6709": PLACE, "comment": "secret"}
            )
            seen = [_picture_stream(film, codec, size, options) for _ in range(pictures)]
            heard = [film.add_stream(sound, rate=44100, layout="mono") for _ in range(sounds if sound else 0)]
            for stream in seen:
                _show(film, stream, size, int(seconds * 10), dark, noisy)
            for stream in heard:
                _sound(film, stream, int(seconds * 44100 / 1024))
        return path.read_bytes()


def turned(film: bytes) -> bytes:
    """The same lying on its side, as a telephone writes it that is held upright."""
    matrix = struct.pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
    return _in_box(film, b"tkhd", 40, matrix)


def claiming_pixels(film: bytes, width: int, height: int) -> bytes:
    """The same, but the description of its pictures speaks of others."""
    return _in_box(film, b"avc1", 24, struct.pack(">HH", width, height), which=-1)


def claiming_seconds(film: bytes, seconds: int) -> bytes:
    """The same, but its first header speaks of another length."""
    return _in_box(film, b"mvhd", 16, struct.pack(">I", seconds * 1000))


def claiming_frames(film: bytes, count: int) -> bytes:
    """The same, but its table of frames speaks of more than it holds."""
    return _in_box(film, b"stsz", 8, struct.pack(">I", count))


def _picture_stream(film: Any, codec: str, size: tuple[int, int], options: dict[str, Any]) -> Any:
    stream = film.add_stream(codec, rate=10)
    stream.width, stream.height = size
    stream.pix_fmt = options.get("pix_fmt", "yuv420p")
    return stream


def _show(film: Any, stream: Any, size: tuple[int, int], frames: int, dark: int, noisy: bool) -> None:
    black, bright = Image.new("RGB", size), Image.new("RGB", size, (220, 30, 30))
    bright.paste((30, 30, 220), (size[0] // 2, 0, *size))
    for number in range(frames):
        image = black if number < dark else Image.effect_noise(size, 90).convert("RGB") if noisy else bright
        film.mux(stream.encode(av.VideoFrame.from_image(image)))  # type: ignore[no-untyped-call]
    film.mux(stream.encode())


def _sound(film: Any, stream: Any, frames: int) -> None:
    for number in range(frames):
        silence = av.AudioFrame(format="fltp", layout="mono", samples=1024)
        silence.planes[0].update(bytes(silence.planes[0].buffer_size))
        silence.sample_rate, silence.pts = 44100, number * 1024
        film.mux(stream.encode(silence))
    film.mux(stream.encode())


def _in_box(film: bytes, name: bytes, offset: int, data: bytes, which: int = 0) -> bytes:
    """Overwrite bytes of the first (or last) box called `name`, counted from behind its name."""
    start = (film.find(name) if which == 0 else film.rfind(name)) + 4 + offset
    assert start > 8
    return film[:start] + data + film[start + len(data) :]
