"""Serving pictures and videos, and taking pictures in from staff."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, abort, request, send_file
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from commons import clock
from commons.db import db
from commons.errors import Invalid
from commons.media.keeping import keep
from commons.media.models import FULL, THUMBNAILS, Picture, Video
from commons.media.store import store
from commons.permissions import Permission
from commons.web import allow, one_or_404, public, region

bp = Blueprint("media", __name__, url_prefix="/media")


@bp.get("/<public_id>/<int:width>")
@public
def picture(public_id: str, width: int) -> Response:
    """The file of one width. Its content never changes, so it may be kept for ever."""
    if width not in (*THUMBNAILS, FULL):
        abort(404)
    found = one_or_404(select(Picture), public_id)
    path = store().path(found.key(width))
    if not path.is_file():
        abort(404)
    return _for_ever(path, found.media_type, f"{found.sha256}-{width}")


@bp.get("/videos/<public_id>")
@public
def video(public_id: str) -> Response:
    """The file, or the ranges of it that a player asks for. Its content never changes either."""
    found = one_or_404(select(Video), public_id)
    path = store().path(found.key)
    if not path.is_file():
        abort(404)
    return _for_ever(path, found.media_type, found.sha256)


@bp.post("/")
@allow(Permission.POST_WRITE)
def upload() -> Response:
    """Keep one picture and show it, with a hidden field `picture` that a form around it sends on."""
    given = request.files.get("file")
    if given is None or not given.filename:
        raise Invalid(_("No file was chosen."), _("Choose a picture and try again."))
    kept = keep(given.stream, given.filename, current_user, clock.now())
    db.session.commit()
    return region("commons/media/_picture.html", picture=kept)


def _for_ever(path: Path, media_type: str, etag: str) -> Response:
    response = send_file(path, mimetype=media_type, etag=etag, max_age=365 * 24 * 3600, conditional=True)
    response.cache_control.public = True
    response.cache_control.immutable = True
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
