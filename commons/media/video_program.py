"""Looks into one video file and writes it anew: a program of its own, which `commons.media.videos` starts for each upload.

What it reads comes from strangers, and the decoders are written in C. So they run in a process that may use only so much
memory and time, knows no secret, and whose end, however sudden, is one more answer. It imports nothing of this house.

    python -I video_program.py SOURCE FILM POSTER LIMITS

SOURCE is the upload; FILM and POSTER are written. LIMITS and the answer on standard output are JSON; see `Limits` and `Looked`.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

LOOKED_AT = 90  # frames, in search of one that shows something
STREAMS = 12  # a telephone writes up to six: picture, sounds, motion, place
POSTER_SIDE = 1920
SUPPLEMENTAL, NOTE = 6, 5  # a kind of unit in H.264, and a kind of message in it
BRIGHTNESS, CONTRAST = 24, 6  # below both a frame is black, or as good as


@dataclass(frozen=True)
class Limits:
    """What a video may be: its length in seconds, its pixels; and what looking at it may take: bytes of memory, seconds
    of the processor, and bytes of what is written.
    """

    seconds: float
    pixels: int
    memory: int
    processor: int
    written: int


@dataclass(frozen=True)
class Looked:
    """What it is: pixels as they are shown (after turning) and seconds; or `refused`, one of `videos.REFUSALS`."""

    width: int = 0
    height: int = 0
    seconds: float = 0.0
    refused: str = ""
    detail: str = ""


class Refused(Exception):
    """Not taken, and why."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why)
        self.why, self.detail = why, detail


def main(source: str, film: str, poster: str, given: str) -> Looked:
    """Look at the file, write the film and its poster."""
    limits = Limits(**json.loads(given))
    _bound(limits)
    import av

    try:
        with av.open(source, "r", format="mov", options={"protocol_whitelist": "file"}) as container:
            picture, _sound = _streams(container)
            width, height = _poster(container, picture, poster, limits)
        with av.open(source, "r", format="mov", options={"protocol_whitelist": "file"}) as container:
            seconds = _write(container, film, limits)
    except Refused as refusal:
        return Looked(refused=refusal.why, detail=refusal.detail)
    except (av.FFmpegError, ValueError, OverflowError, MemoryError, ZeroDivisionError) as broken:
        return Looked(refused="broken", detail=type(broken).__name__)
    return Looked(width, height, seconds)


def _bound(limits: Limits) -> None:
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.processor),
        (resource.RLIMIT_FSIZE, limits.written),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # not every system limits everything (macOS: memory)
            continue


def _streams(container: Any) -> tuple[Any, Any]:
    """The one stream of pictures, and the first of sound that can be kept, or None."""
    if len(container.streams) > STREAMS:
        raise Refused("streams")
    from av.stream import Disposition

    pictures = [one for one in container.streams.video if not one.disposition & Disposition.attached_pic]
    if len(pictures) != 1:
        raise Refused("no_picture" if not pictures else "several")
    context = pictures[0].codec_context
    if context.name != "h264":
        raise Refused("codec", context.name)
    if context.pix_fmt not in {"yuv420p", "yuvj420p"}:
        raise Refused("colours", context.pix_fmt or "")
    sounds = container.streams.audio
    sound = next((one for one in sounds if one.codec_context.name == "aac"), None)
    if sounds and sound is None:
        raise Refused("sound", sounds[0].codec_context.name)
    return pictures[0], sound


def _poster(container: Any, picture: Any, path: str, limits: Limits) -> tuple[int, int]:
    """Decode the first frames and keep the first that shows something; how large it is when it stands upright."""
    context = picture.codec_context
    _fits(context.width, context.height, limits)
    context.options = {"max_pixels": str(limits.pixels)}
    context.thread_count = 1
    best: Any = None
    for number, frame in enumerate(container.decode(picture)):
        _fits(frame.width, frame.height, limits)
        image = frame.to_image().rotate(round(frame.rotation / 90) * 90, expand=True)
        best = best or image
        if _shows_something(image):
            best = image
            break
        if number >= LOOKED_AT:
            break
    if best is None:
        raise Refused("broken", "no frame")
    width, height = best.size
    best.thumbnail((POSTER_SIDE, POSTER_SIDE))
    best.save(path, "JPEG", quality=90)
    return width, height


def _fits(width: int, height: int, limits: Limits) -> None:
    if width * height > limits.pixels:
        raise Refused("pixels", f"{width} × {height}")


def _shows_something(image: Any) -> bool:
    from PIL import ImageStat

    small = ImageStat.Stat(image.convert("L").resize((64, 64)))
    return bool(small.mean[0] > BRIGHTNESS and small.stddev[0] > CONTRAST)


def _write(source: Any, path: str, limits: Limits) -> float:
    """Write picture and sound as they are into a file of our own making; all else (place, maker, chapters) stays behind.

    The length is added up from what is really there: headers may say anything.
    """
    import av

    picture, sound = _streams(source)
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    seconds, frames = 0.0, 0
    with av.open(path, "w", format="mp4", options=options) as film:
        copies = {one.index: film.add_stream_from_template(one) for one in (picture, sound) if one is not None}
        for packet in _packets(source, picture, sound):
            if packet.stream.index == picture.index:
                frames += 1
                seconds = max(seconds, _end_of(packet) - _start_of(picture))
                if seconds > limits.seconds:
                    raise Refused("seconds")
                _blot_notes(packet, picture.codec_context.extradata)
            packet.stream = copies[packet.stream.index]
            film.mux(packet)
    if picture.frames and frames < picture.frames:
        raise Refused("broken", f"{frames} of {picture.frames} frames")
    return seconds


def _packets(source: Any, *streams: Any) -> Iterator[Any]:
    for packet in source.demux([one for one in streams if one is not None]):
        if packet.is_corrupt:
            raise Refused("broken", "a corrupt packet")
        if packet.size and packet.dts is not None:
            yield packet


def _blot_notes(packet: Any, header: bytes | None) -> None:
    """Overwrite what a camera wrote between the slices of a frame for itself (some write where they are).

    Such notes are supplemental information of type 5, "user data unregistered" (ITU-T H.264, D.1.7); in their place comes
    filler of the same length, which decoders skip.
    """
    data = bytes(packet)
    clean = b"".join(length + (_filler(unit) if _is_note(unit) else unit) for length, unit in _units(data, header))
    if clean != data and len(clean) == len(data):
        packet.update(clean)


def _units(data: bytes, header: bytes | None) -> Iterator[tuple[bytes, bytes]]:
    """The units of a frame, each behind its length. The header says how many bytes a length has."""
    width = (header[4] & 3) + 1 if header and len(header) > 4 else 4
    at = 0
    while at < len(data):
        start = at + width
        end = start + int.from_bytes(data[at:start], "big")
        yield data[at:start], data[start:end]
        at = end


def _filler(unit: bytes) -> bytes:
    return (b"\x0c" + b"\xff" * (len(unit) - 2) + b"\x80")[: len(unit)]


def _is_note(unit: bytes) -> bool:
    return len(unit) > 1 and unit[0] & 31 == SUPPLEMENTAL and NOTE in _kinds(unit[1:].replace(b"\0\0\3", b"\0\0"))


def _kinds(body: bytes) -> Iterator[int]:
    """The types of the messages in a unit of supplemental information: each a type and a length in bytes of up to 255."""
    at = 0
    while at < len(body) - 1:
        numbers = []
        for _ in ("type", "length"):
            number = 0
            while at < len(body) and body[at] == 255:
                number, at = number + 255, at + 1
            numbers.append(number + (body[at] if at < len(body) else 0))
            at += 1
        yield numbers[0]
        at += numbers[1]


def _start_of(stream: Any) -> float:
    return float((stream.start_time or 0) * stream.time_base)


def _end_of(packet: Any) -> float:
    moment = packet.dts if packet.pts is None else packet.pts
    return float((moment + (packet.duration or 0)) * packet.time_base)


if __name__ == "__main__":
    print(json.dumps(asdict(main(*sys.argv[1:5]))))
