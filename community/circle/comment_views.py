"""Comments: writing, withdrawing, what is new, and the address of each."""

from __future__ import annotations

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.web import go, is_htmx, one_or_404, public, region, signed_in
from community.channels.models import ChannelPost
from community.circle import commenting, feed, threads
from community.circle.forms import CommentForm
from community.circle.views import NO_STORE, bp, is_mine
from community.inbox.models import Interaction
from community.members.current import current_member


@bp.get("/circle/posts/<public_id>/comments/arrivals")
@public
def comment_arrivals(public_id: str) -> Response:
    """What was said since `after`; whole threads only where the page shows the newest (`top` = 1). 204 when nothing."""
    post = one_or_404(feed.circle_posts(), public_id)
    new = threads.arrivals(post, request.args.get("after", ""))
    if new.newest == request.args.get("after", ""):
        return make_response("", 204, NO_STORE)
    answer = render_template(
        "community/circle/_comment_arrivals.html",
        new=new,
        post=post,
        from_top=request.args.get("top") == "1",
        levels=threads.levels_in(new.threads, new.replies),
        others=sum(not is_mine(said) for said in new.said()),
        card=feed.card(post, current_member()),
    )
    return make_response(answer, NO_STORE)


@bp.post("/circle/posts/<public_id>/comments")
@signed_in
def comment(public_id: str) -> Response:
    """Say something under a post, as a fan or as the brand."""
    post = one_or_404(feed.circle_posts(), public_id)
    by = commenting.speaker(current_user, clock.now())
    if by is None:
        abort(404)
    form = CommentForm()
    reply_to = one_or_404(threads.comments_of(post), form.reply_to.data) if form.reply_to.data else None
    if not form.validate_on_submit():
        return _composer(post, form, status=422)
    try:
        said = commenting.say(post, by, form.text.data or "", clock.now(), key=form.key.data or "", reply_to=reply_to)
    except DomainError as refusal:
        db.session.rollback()
        form.text.errors = [refusal.message]
        return _composer(post, form, status=refusal.status)
    db.session.commit()
    if not is_htmx():
        return make_response(redirect(_address(said), 303))
    answer = _composer(post, CommentForm(formdata=None, reply_to=form.reply_to.data), said=_("Your comment is posted."))
    answer.headers["HX-Trigger"] = "circle:said"
    return answer


@bp.get("/circle/comments/<public_id>")
@public
def permalink(public_id: str) -> Response:
    """To the comment in its place under its post."""
    said = one_or_404(threads.circle_comments(), public_id)
    return make_response(redirect(_address(said), 302))


@bp.get("/circle/comments/<public_id>/earlier")
@public
def earlier(public_id: str) -> Response:
    """The replies before the reply `public_id`, for the top of its thread."""
    before = one_or_404(threads.circle_comments(), public_id)
    if before.parent is None or before.post is None:
        abort(404)
    if not is_htmx():
        place = url_for("circle.post", public_id=before.post.public_id, start=before.parent.public_id, whole=1)
        return make_response(redirect(f"{place}#comment-{before.parent.public_id}", 302))
    replies, rest = threads.earlier_replies(before)
    levels = threads.levels_in((), replies)
    return region("community/circle/_earlier.html", root=before.parent, replies=replies, earlier=rest, levels=levels)


@bp.post("/circle/comments/<public_id>/withdraw")
@signed_in
def withdraw(public_id: str) -> Response:
    """Take one's own comment back; to everybody else there is nothing here."""
    said = one_or_404(threads.circle_comments(), public_id)
    by = commenting.speaker(current_user, clock.now())
    if by is None or said.author_id != by.id or said.post is None:
        abort(404)
    commenting.withdraw(said, by, clock.now())
    db.session.commit()
    if not is_htmx():
        return go(url_for("circle.post", public_id=said.post.public_id) + "#comments")
    return region("community/circle/_withdrawn.html", said=said, card=feed.card(said.post, None))


def _address(said: Interaction) -> str:
    assert said.post is not None
    place = url_for("circle.post", public_id=said.post.public_id, start=said.public_id)
    return f"{place}#comment-{said.public_id}"


def _composer(post: ChannelPost, form: CommentForm, *, said: str = "", status: int = 200) -> Response:
    return region("community/circle/_composer.html", post=post, form=form, said=said, status=status)
