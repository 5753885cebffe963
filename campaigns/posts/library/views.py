"""The library's own page: looking, uploading, deleting."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select

from campaigns.posts.library import deleting, listing
from campaigns.posts.library.deleting import Needed
from campaigns.posts.library.taking_in import Refusals, take_in
from commons import clock
from commons.db import db
from commons.errors import Invalid
from commons.media.models import Picture, Video
from commons.media.uploads import takes_videos
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import allow, go, is_htmx, one_or_404

bp = Blueprint("library", __name__, url_prefix="/posts")

MOST_AT_ONCE = 20


@bp.get("/library")
@allow(Permission.POST_READ)
def index() -> Response:
    return page()


@bp.post("/library")
@allow(Permission.POST_WRITE)
@takes_videos
@posting_limit
def upload() -> Response:
    """Keep what was chosen; what was refused is named, with the reason."""
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files:
        return page(
            422, refused=[("", Invalid(_("No file was chosen."), _("Choose pictures or videos and try again.")))]
        )
    db.session.commit()  # looking at a video takes seconds in which others write
    kept, refused = take_in(files[:MOST_AT_ONCE], by=current_user, at=clock.now())
    refused += [(file.filename or "", _one_too_many()) for file in files[MOST_AT_ONCE:]]
    db.session.commit()
    if refused:
        return page(422, refused=refused, kept=len(kept))
    flash(ngettext("%(num)s file is in the library now.", "%(num)s files are in the library now.", len(kept)), "good")
    return go(url_for("library.index"))


@bp.post("/library/<kind>/<public_id>/delete")
@allow(Permission.POST_WRITE)
def delete(kind: str, public_id: str) -> Response:
    what = what_is(kind, public_id)
    name = what.name
    try:
        deleting.delete(what, by=current_user, at=clock.now())
    except Needed as refusal:
        db.session.rollback()
        return page(409, refused=[(name, refusal)])
    db.session.commit()
    flash(_("“%(name)s” was deleted.", name=name) if name else _("It was deleted."), "good")
    here = {name: request.args.get(name) for name in ("tab", "words", "page")}
    return go(url_for("library.index", tab=here["tab"], words=here["words"], page=here["page"]))


def what_is(kind: str, public_id: str) -> Picture | Video:
    """The picture or video of that id; 404 for anything else."""
    if kind == "picture":
        return one_or_404(Picture.public(), public_id)
    if kind != "video":
        abort(404)
    return one_or_404(select(Video), public_id)


def _one_too_many() -> Invalid:
    return Invalid(
        _("More than %(count)s files were chosen at once.", count=MOST_AT_ONCE), _("Upload this one after the others.")
    )


def page(status: int = 200, refused: Refusals | None = None, kept: int = 0) -> Response:
    """The library, and above it what was refused just now."""
    chosen = listing.Filter.from_args(request.args)
    context: dict[str, Any] = {
        "chosen": chosen,
        "page": listing.listed(chosen),
        "counts": listing.counts(chosen),
        "refused": refused or [],
        "kept": kept,
    }
    partial = "campaigns/posts/library/_library.html"
    whole = "campaigns/posts/library/index.html"
    return make_response(render_template(partial if is_htmx() else whole, **context), status)
