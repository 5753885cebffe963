"""The composer: writing a post, seeing it as readers will, planning when it goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.posts import checking, composing, writing
from campaigns.posts.forms import PostForm
from campaigns.posts.models import BrandPost
from campaigns.posts.writing import Draft, Stale
from campaigns.publishing import scheduling
from campaigns.publishing.readiness import missing
from campaigns.publishing.timeline import timeline_of
from commons import clock, i18n, zones
from commons.db import db, random_id
from commons.errors import DomainError
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import allow, go, one_or_404, region
from community.channels.accounts import circle_account
from community.channels.protocol import channel_named

bp = Blueprint("posts", __name__, url_prefix="/posts")

EDIT = "campaigns/posts/edit.html"
USUAL_HOUR = 10


@bp.get("/new")
@allow(Permission.POST_WRITE)
def new() -> Response:
    """An address for a post yet to be written. The first save makes the post; a reload finds it."""
    address = url_for("posts.edit", public_id=random_id(), begin=1, day=request.args.get("day"))
    return make_response(redirect(address, 303))


@bp.get("/<public_id>")
@allow(Permission.POST_READ)
def edit(public_id: str) -> Response:
    post = composing.opened(public_id, current_user)
    if post is None and "begin" in request.args and current_user.can(Permission.POST_WRITE):
        post = composing.unwritten(public_id, current_user, clock.now())
    if post is None:
        post = one_or_404(BrandPost.visible_to(current_user), public_id)
    when, zone = _planned(post)
    return page(post, PostForm(post, when=when or _wanted_day(), zone=zone))


@bp.post("/<public_id>")
@allow(Permission.POST_WRITE)
@posting_limit
def save(public_id: str) -> Response:
    """Save all of it, and carry out the button of the picture list that was pressed."""
    post = composing.opened_or_begun(public_id, current_user, clock.now())
    refusal = save_from_form(post)
    if refusal is not None:
        return refusal
    composing.do_act(post, request.form.get("act", ""), clock.now())
    db.session.commit()
    flash(_("Saved."), "good")
    return go(post.url)


@bp.post("/<public_id>/autosave")
@allow(Permission.POST_WRITE)
def autosave(public_id: str) -> Response:
    """Save the words and choices; the answer is JSON with the revision from which to go on."""
    post = composing.opened_or_begun(public_id, current_user, clock.now())
    form = PostForm(post)
    if not form.validate_on_submit():
        return make_response(jsonify(errors=form.errors), 422)
    writing.save(post, form.draft(), revision=form.read_revision, by=current_user, at=clock.now())
    db.session.commit()
    return jsonify(fields={"revision": str(post.revision)})


@bp.post("/<public_id>/pictures")
@allow(Permission.POST_WRITE)
def pictures(public_id: str) -> Response:
    """Add, move or remove pictures without leaving the page."""
    post = composing.opened_or_begun(public_id, current_user, clock.now())
    form = PostForm(post)
    refused = composing.add_files(post, form, by=current_user, at=clock.now())
    composing.do_act(post, request.form.get("act", ""), clock.now())
    db.session.commit()
    return region(
        "campaigns/posts/_pictures.html", or_redirect=post.url, status=422 if refused else 200,
        post=post, alts=form.alts, refused=refused,
    )  # fmt: skip


@bp.post("/<public_id>/preview")
@allow(Permission.POST_READ)
def preview(public_id: str) -> Response:
    """How readers will see what stands in the form now."""
    post = composing.opened(public_id, current_user) or composing.unwritten(public_id, current_user, clock.now())
    form = PostForm(post)
    return region("campaigns/posts/_preview.html", post=post, draft=form.draft(), published_at=None)


@bp.post("/<public_id>/link-check")
@allow(Permission.POST_WRITE)
@posting_limit
def check_link(public_id: str) -> Response:
    """Whether the page behind the chosen link answers."""
    post = composing.opened(public_id, current_user) or composing.unwritten(public_id, current_user, clock.now())
    link = PostForm(post).draft().link
    return region("campaigns/posts/_link_check.html", finding=checking.check(link) if link else None)


@bp.post("/<public_id>/discard")
@allow(Permission.POST_WRITE)
def discard(public_id: str) -> Response:
    post = one_or_404(BrandPost.visible_to(current_user), public_id)
    writing.discard(post, by=current_user, at=clock.now())
    db.session.commit()
    return go(url_for("posts.index", discarded=post.public_id))


@bp.post("/<public_id>/restore")
@allow(Permission.POST_WRITE)
def restore(public_id: str) -> Response:
    post = one_or_404(BrandPost.discarded_for(current_user), public_id)
    writing.restore(post, by=current_user, at=clock.now())
    db.session.commit()
    flash(_("The post is back."), "good")
    return go(post.url)


def save_from_form(post: BrandPost) -> Response | None:
    """Save what was posted. None when that went well, else the page that says why not, with nothing lost."""
    form = PostForm(post)
    if not form.validate_on_submit():
        return page(post, form, status=422)
    public_id, at = post.public_id, clock.now()
    try:
        composing.save(post, form, by=current_user, at=at)
    except Stale:
        return conflict(public_id)
    except DomainError as refusal:
        return refused(public_id, refusal)
    return None


def refused(public_id: str, refusal: DomainError) -> Response:
    """The page again with what was typed, and why it could not be done. What had been saved stays."""
    db.session.rollback()
    post = composing.opened_or_begun(public_id, current_user, clock.now())
    return page(post, PostForm(post), status=refusal.status, refusal=refusal)


def conflict(public_id: str) -> Response:
    """Both texts: the one that was saved meanwhile, and the writer's own in the form, which may be saved over it."""
    db.session.rollback()
    post = composing.opened_or_begun(public_id, current_user, clock.now())
    form = PostForm(post)
    form.revision.data = str(post.revision)
    return page(post, form, status=409, theirs=post.text)


def page(post: BrandPost, form: PostForm, *, status: int = 200, **more: Any) -> Response:
    """The composer, or the post as it stands once it is on its way."""
    account = circle_account()
    delivery = scheduling.delivery_of(post, account) if post.id else None
    limits = channel_named(account.channel).limits(account)
    context = {
        "post": post,
        "form": form,
        "draft": form.draft() if request.method == "POST" else Draft(post.text, post.campaign, post.link, post.ad),
        "alts": form.alts,
        "refused": [],
        "delivery": delivery,
        "timeline": timeline_of(delivery) if delivery else [],
        "limits": limits,
        "lacking": missing(post, limits),
        "clock_change": _clock_change(form),
        "theirs": None,
        "refusal": None,
        "at": clock.now(),
    }
    is_open = current_user.can(Permission.POST_WRITE) and not (delivery and delivery.is_fixed)
    template = EDIT if is_open else "campaigns/posts/show.html"
    return make_response(render_template(template, **{**context, **more}), status)


def _wanted_day() -> datetime | None:
    """The day that was clicked in the calendar, at a usual hour."""
    try:
        return datetime.strptime(request.args.get("day", ""), "%Y-%m-%d").replace(hour=USUAL_HOUR)  # noqa: DTZ007 (a wall clock)
    except ValueError:
        return None


def _planned(post: BrandPost) -> tuple[datetime | None, str]:
    """The time and zone for which the post is planned; else none, and the visitor's zone."""
    delivery = scheduling.delivery_of(post, circle_account()) if post.id else None
    if delivery is None or not delivery.wall_clock or not delivery.zone:
        return None, i18n.zone()
    return datetime.fromisoformat(delivery.wall_clock), delivery.zone


def _clock_change(form: PostForm) -> str:
    when, zone = form.when.data, form.zone.data
    return scheduling.clock_change(when, zone) if when and zones.is_zone(zone or "") else ""
