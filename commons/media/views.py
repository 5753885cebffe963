"""Serving pictures and videos, and taking pictures in from staff."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from commons import clock
from commons.db import db
from commons.errors import Invalid
from commons.media.keeping import keep
from commons.media.models import WIDTHS, Picture, Video
from commons.media.serving import to_everybody
from commons.permissions import Permission
from commons.web import allow, one_or_404, public, region

bp = Blueprint("media", __name__, url_prefix="/media")


@bp.get("/<public_id>/<int:width>")
@public
def picture(public_id: str, width: int) -> Response:
    """The file of one width. Its content never changes, so it may be kept for ever."""
    if width not in WIDTHS:
        abort(404)
    found = one_or_404(Picture.public(), public_id)
    return to_everybody(found.key(width), found.media_type, f"{found.sha256}-{width}")


@bp.get("/videos/<public_id>")
@public
def video(public_id: str) -> Response:
    """The file, or the ranges of it that a player asks for. Its content never changes either."""
    found = one_or_404(select(Video), public_id)
    return to_everybody(found.key, found.media_type, found.sha256)


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
