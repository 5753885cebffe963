"""The versions of a post: what differs from now, and the way back."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.posts import versions, writing
from campaigns.posts.comparing import changes
from campaigns.posts.drafts import content_of
from campaigns.posts.models import BrandPost, PostVersion
from campaigns.posts.previewing import deliveries_of
from campaigns.posts.views import bp
from commons import clock
from commons.db import db
from commons.permissions import Permission
from commons.web import allow, go, one_or_404


@bp.get("/<public_id>/versions")
@allow(Permission.POST_READ)
def history(public_id: str) -> Response:
    """All versions, the newest first; the one before the newest is compared with now."""
    post = one_or_404(BrandPost.visible_to(current_user), public_id)
    return _page(post, next(iter(versions.versions_of(post)[1:]), None))


@bp.get("/<public_id>/versions/<version_id>")
@allow(Permission.POST_READ)
def version(public_id: str, version_id: str) -> Response:
    post = one_or_404(BrandPost.visible_to(current_user), public_id)
    return _page(post, _version(post, version_id))


@bp.post("/<public_id>/versions/<version_id>/back")
@allow(Permission.POST_WRITE)
def go_back(public_id: str, version_id: str) -> Response:
    """Make the post what it was then."""
    post = one_or_404(BrandPost.visible_to(current_user), public_id)
    chosen = _version(post, version_id)
    writing.go_back(post, chosen, revision=post.revision, by=current_user, at=clock.now())
    db.session.commit()
    flash(_("The post is what it was. The version before this is kept, too."), "good")
    return go(post.url)


def _version(post: BrandPost, version_id: str) -> PostVersion:
    return one_or_404(PostVersion.visible_to(current_user).where(PostVersion.post_id == post.id), version_id)


def _page(post: BrandPost, chosen: PostVersion | None) -> Response:
    found = changes(chosen.content, content_of(post)) if chosen else []
    deliveries = deliveries_of(post)
    is_out = bool(deliveries) and all(delivery.is_fixed for delivery in deliveries)
    page = render_template(
        "campaigns/posts/versions.html",
        post=post, chosen=chosen, versions=versions.versions_of(post), changes=found, is_out=is_out,
    )  # fmt: skip
    return make_response(page)
