"""Taking a picture in: read it within limits, decode, re-encode, store with its thumbnails."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import PurePath
from typing import IO

from flask_babel import gettext as _

from commons.accounts.models import User
from commons.db import db
from commons.media.decoding import BYTE_CAP, TooManyBytes, decode, encode, narrower
from commons.media.models import THUMBNAILS, Picture
from commons.media.store import store


def keep(stream: IO[bytes], name: str, by: User | None, at: datetime, *, private: bool = False) -> Picture:
    """Keep one picture and return its row, flushed. `name` is what the uploader called the file.

    Raises `TooManyBytes`, `NotAPicture`, `Moving`, `TooManyPixels` or `NotKept`. Files are named by their content, so
    that a transaction which is rolled back afterwards leaves nothing wrong behind.
    """
    image, media_type = decode(_read(stream))
    data = encode(image, media_type)
    picture = Picture(
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=media_type,
        width=image.width,
        height=image.height,
        size=len(data),
        name=bare_name(name),
        uploaded_by_id=by.id if by else None,
        uploaded_at=at,
        is_private=private,
    )
    store().write(picture.key(), data)
    for width in THUMBNAILS:
        thumbnail = narrower(image, width)
        if thumbnail is not None:
            store().write(picture.key(width), encode(thumbnail, media_type))
    db.session.add(picture)
    db.session.flush()
    return picture


def bare_name(name: str) -> str:
    """What the uploader called the file, without the folders it lay in."""
    return PurePath(name.replace("\\", "/").replace("\0", "")).name[:120]


def _read(stream: IO[bytes]) -> bytes:
    """All of the stream, unless it is too large: then no more than the cap is read of it."""
    data = stream.read(BYTE_CAP + 1)
    if len(data) > BYTE_CAP:
        raise TooManyBytes(
            _("This file is larger than %(count)s MB.", count=BYTE_CAP // 1024 // 1024),
            _("Make the picture smaller and try again."),
        )
    return data
