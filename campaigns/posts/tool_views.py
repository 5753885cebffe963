"""What the composer asks for while somebody writes: pictures, a video, names to mention, who else is here."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, jsonify, make_response, request
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.posts import composing, mentioning, presence, versions
from campaigns.posts.forms import PostForm
from campaigns.posts.models import BrandPost
from campaigns.posts.views import bp, save_from_form
from commons import clock
from commons.db import db
from commons.errors import DomainError, Invalid
from commons.media.uploads import takes_videos
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import allow, go, is_htmx, region


@bp.post("/<public_id>/pictures")
@allow(Permission.POST_WRITE)
def pictures(public_id: str) -> Response:
    """Add, move or remove pictures without leaving the page."""
    post = composing.opened_or_begun(public_id, current_user, clock.now())
    form = PostForm(post)
    refused = composing.add_files(post, form, by=current_user, at=clock.now())
    composing.do_act(post, request.form.get("act", ""), by=current_user, at=clock.now())
    db.session.commit()
    return region(
        "campaigns/posts/_pictures.html", or_redirect=post.url, status=422 if refused else 200,
        post=post, alts=form.alts, refused=refused, frozen=False,
    )  # fmt: skip


@bp.post("/<public_id>/video")
@allow(Permission.POST_WRITE)
@takes_videos
@posting_limit
def video(public_id: str) -> Response:
    """Put a video in, in place of the one that is there, or take it out. Without scripts the whole form is saved first."""
    post = composing.opened_or_begun(public_id, current_user, clock.now())
    answer = None if is_htmx() else save_from_form(post)
    if answer is not None:
        return answer
    form = PostForm(post)
    refusal: DomainError | None = None
    try:
        post = _changed_video(post, form)
        db.session.commit()
    except DomainError as error:
        db.session.rollback()
        refusal, post = error, composing.opened_or_begun(public_id, current_user, clock.now())
    if refusal is not None and not is_htmx():
        flash(refusal.in_full, "bad")
        return go(post.url)
    status = refusal.status if refusal else 200
    return region(
        "campaigns/posts/_video.html", or_redirect=post.url, status=status,
        post=post, form=form, refusal=refusal, frozen=False,
    )  # fmt: skip


@bp.get("/handles")
@allow(Permission.POST_WRITE)
def handles() -> Response:
    """People to mention, for `?words=`."""
    found = mentioning.suggestions(request.args.get("words", ""))
    return jsonify([{"mention": one.mention, "name": one.name, "channel": one.channel} for one in found])


@bp.post("/<public_id>/presence")
@allow(Permission.POST_WRITE)
def present(public_id: str) -> Response:
    """Say that this page is open; the answer tells who else is here and whether the page has fallen behind."""
    post = composing.opened(public_id, current_user)
    if post is None:
        return make_response("", 204)
    at = clock.now()
    presence.be_here(post, current_user, at)
    context: dict[str, Any] = {"others": presence.others(post, current_user, at), "post": post, "newer": _newer(post)}
    db.session.commit()
    return region("campaigns/posts/_presence.html", **context)


def _changed_video(post: BrandPost, form: PostForm) -> BrandPost:
    if request.form.get("act") == "remove-video":
        composing.do_act(post, "remove-video", by=current_user, at=clock.now())
        return post
    file = form.video_file
    if file is None:
        raise Invalid(_("Choose a video file."))
    return composing.add_video(post.public_id, file.stream, file.filename or "", by=current_user, at=clock.now())


def _newer(post: BrandPost) -> Any:
    """The version that somebody else saved after the page was read; None when the page is up to date."""
    read = request.form.get("revision", "")
    if not read.isdecimal() or len(read) > 8 or int(read) >= post.revision:
        return None
    last = versions.latest(post)
    return last if last is not None and last.author_id != current_user.id else None
