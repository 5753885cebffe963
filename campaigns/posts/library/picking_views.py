"""In the composer: choosing out of the library."""

from __future__ import annotations

from flask import Response, request
from flask_login import current_user

from campaigns.posts import composing
from campaigns.posts.forms import PostForm
from campaigns.posts.library import listing
from campaigns.posts.library.taking_in import Refusals, put_in
from campaigns.posts.library.views import bp, what_is
from campaigns.posts.library.wording import name_words
from campaigns.posts.models import BrandPost
from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.media.models import Video
from commons.permissions import Permission
from commons.web import allow, region


@bp.get("/<public_id>/library")
@allow(Permission.POST_WRITE)
def pick(public_id: str) -> Response:
    """What the library holds, each thing a button that puts it into the post."""
    composing.opened(public_id, current_user)
    chosen = listing.Filter.from_args(request.args)
    return region(
        "campaigns/posts/library/_pick.html", page="campaigns/posts/library/pick.html",
        post_id=public_id, chosen=chosen, found=listing.listed(chosen),
    )  # fmt: skip


@bp.post("/<public_id>/library")
@allow(Permission.POST_WRITE)
def picked(public_id: str) -> Response:
    """Put it in. Scripts get the region of the composer that has changed."""
    post = composing.opened_or_begun(public_id, current_user, clock.now())
    what = what_is(request.form.get("kind", ""), request.form.get("what", ""))
    refusal: DomainError | None = None
    try:
        with db.session.begin_nested():
            put_in(post, what, by=current_user, at=clock.now())
    except DomainError as error:
        refusal = error
    db.session.commit()
    if isinstance(what, Video):
        return _video(post, refusal)
    return _pictures(post, [(name_words(what), refusal)] if refusal else [])


def _video(post: BrandPost, refusal: DomainError | None) -> Response:
    return region(
        "campaigns/posts/_video.html", or_redirect=post.url, status=refusal.status if refusal else 200,
        post=post, form=PostForm(post), refusal=refusal, frozen=False,
    )  # fmt: skip


def _pictures(post: BrandPost, refused: Refusals) -> Response:
    return region(
        "campaigns/posts/_pictures.html", or_redirect=post.url, status=422 if refused else 200,
        post=post, alts=PostForm(post).alts, refused=refused, frozen=False,
    )  # fmt: skip
