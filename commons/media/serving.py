"""The files as they are sent: to everybody and for ever, or to one person and for this once."""

from __future__ import annotations

from pathlib import Path

from flask import Response, abort, send_file

from commons.media.models import FULL, WIDTHS, Picture
from commons.media.store import store


def to_everybody(key: str, media_type: str, etag: str) -> Response:
    """What never changes and may be kept wherever it passes. 404 where the file is gone."""
    response = send_file(_there(key), mimetype=media_type, etag=etag, max_age=365 * 24 * 3600, conditional=True)
    response.cache_control.public = True
    response.cache_control.immutable = True
    return response


def to_one_person(picture: Picture, width: int = FULL) -> Response:
    """A private picture, for whom the room that keeps it lets see it. Nothing on the way keeps a copy.

    404 for a width that there is not.
    """
    if width not in WIDTHS:
        abort(404)
    response = send_file(_there(picture.key(width)), mimetype=picture.media_type, etag=False, max_age=0)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _there(key: str) -> Path:
    path = store().path(key)
    if not path.is_file():
        abort(404)
    return path
