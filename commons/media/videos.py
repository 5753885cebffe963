"""Taking a video in: to the disk within limits, looked at by a process of its own, written anew without what it told of its maker."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons.accounts.models import User
from commons.db import db
from commons.errors import Invalid
from commons.media import video_program
from commons.media.decoding import TooManyBytes
from commons.media.keeping import bare_name, keep
from commons.media.models import Video
from commons.media.store import NotKept, keeping, store
from commons.media.video_program import Limits, Looked

MB = 1024 * 1024
BYTE_CAP = 300 * MB
SECONDS_CAP = 15 * 60
PIXEL_CAP = 4096 * 2304
PATIENCE = 90  # seconds until looking at one is given up
LIMITS = Limits(seconds=SECONDS_CAP, pixels=PIXEL_CAP, memory=2048 * MB, processor=60, written=BYTE_CAP + 16 * MB)
MEDIA_TYPE = "video/mp4"

# What MP4 and QuickTime files begin with: the name of their first box, after its length.
_FIRST_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})

_AS_MP4 = _l("Save it as MP4 with H.264 pictures and AAC sound, then try again.")
_AGAIN = _l("It may have been cut off on its way. Choose an MP4 file that plays elsewhere.")
REFUSALS = {
    "kind": (_l("This file is not an MP4 or QuickTime video."), _AS_MP4),
    "broken": (_l("This video is damaged, or no video at all."), _AGAIN),
    "slow": (_l("This video could not be looked at in the time that we give it."), _AS_MP4),
    "no_picture": (_l("There is no moving picture in this file."), _AS_MP4),
    "several": (_l("There is more than one video in this file."), _AS_MP4),
    "streams": (_l("There are more tracks in this file than a video has."), _AS_MP4),
    "codec": (_l("The pictures of this video are coded as %(detail)s, which many browsers do not show."), _AS_MP4),
    "colours": (_l("The colours of this video are coded in a way that many telephones do not show."), _AS_MP4),
    "sound": (_l("The sound of this video is coded as %(detail)s, which many browsers do not play."), _AS_MP4),
    "pixels": (
        _l("This video is larger on the screen than we take: %(detail)s pixels."),
        _l("Save it at 4096 × 2304 or smaller, then try again."),
    ),
    "seconds": (_l("This video is longer than 15 minutes."), _l("Cut it shorter, then try again.")),
}


class NotAVideo(Invalid):
    """The file is not a video that we take. `why` is one of the keys of `REFUSALS`."""

    def __init__(self, why: str, detail: str = "") -> None:
        message, advice = REFUSALS[why]
        super().__init__(message % {"detail": detail[:60]}, str(advice))
        self.why = why


@dataclass(frozen=True)
class Film:
    """A video that was looked at, not yet kept: the file as we wrote it, and a JPEG of its first clear frame."""

    file: Path
    poster: Path
    sha256: str
    size: int
    looked: Looked


def keep_video(stream: IO[bytes], name: str, by: User | None, at: datetime) -> Video:
    """Keep one video and return its row, flushed. `name` is what the uploader called the file.

    Raises `TooManyBytes`, `NotAVideo` or `NotKept`. The database is touched only after the video was looked at, so a caller
    that holds no transaction keeps nobody waiting meanwhile.
    """
    with examined(stream) as film:
        looked, key = film.looked, Video.key_of(film.sha256)
        store().take_over(key, film.file)
        with film.poster.open("rb") as poster:
            still = keep(poster, name, by, at)
    video = Video(
        sha256=film.sha256,
        media_type=MEDIA_TYPE,
        width=looked.width,
        height=looked.height,
        seconds=round(looked.seconds, 3),
        size=film.size,
        name=bare_name(name),
        poster=still,
        uploaded_by_id=by.id if by else None,
        uploaded_at=at,
    )
    db.session.add(video)
    db.session.flush()
    return video


@contextmanager
def examined(stream: IO[bytes]) -> Iterator[Film]:
    """The video as it would be kept, while the block lasts. Raises as `keep_video` does."""
    with store().workplace() as place:
        source, film, poster = place / "source", place / "film.mp4", place / "poster.jpg"
        size = _copy(stream, source)
        if shutil.disk_usage(place).free < size + 64 * MB:
            raise NotKept(_("The file could not be stored."), _("Tell an administrator: the disk is full."))
        looked = _look(source, film, poster)
        if looked.refused:
            raise NotAVideo(looked.refused, looked.detail)
        with film.open("rb") as written:
            sha256 = hashlib.file_digest(written, "sha256").hexdigest()
        yield Film(film, poster, sha256, film.stat().st_size, looked)


def _copy(stream: IO[bytes], path: Path) -> int:
    """Bring the upload to the disk, unless it is too large: then no more than the cap is read of it."""
    size = 0
    with keeping(), path.open("xb") as out:
        while piece := stream.read(MB):
            size += len(piece)
            if size > BYTE_CAP:
                raise too_many_bytes()
            out.write(piece)
    return size


def _look(source: Path, film: Path, poster: Path) -> Looked:
    """What the program says of the file; a program that ends without a word says that the file is broken."""
    with source.open("rb") as start:
        if start.read(8)[4:] not in _FIRST_BOXES:
            return Looked(refused="kind")
    command = [
        sys.executable,
        "-I",
        video_program.__file__,
        str(source),
        str(film),
        str(poster),
        json.dumps(asdict(LIMITS)),
    ]
    libraries = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=PATIENCE, check=False, env=libraries, cwd=source.parent
        )
    except subprocess.TimeoutExpired:
        return Looked(refused="slow")
    try:
        looked = Looked(**json.loads(done.stdout))
    except (ValueError, TypeError):
        return Looked(refused="broken")
    return looked if looked.refused or (film.is_file() and poster.is_file()) else Looked(refused="broken")


def too_many_bytes() -> TooManyBytes:
    return TooManyBytes(
        _("This video is larger than %(count)s MB.", count=BYTE_CAP // MB),
        _("Save it smaller or shorter, then try again."),
    )
