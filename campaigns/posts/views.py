"""The composer: writing a post, seeing it as readers will, planning when it goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.posts import checking, composing, writing
from campaigns.posts.comparing import changes
from campaigns.posts.composing import Refusals
from campaigns.posts.context import composer, lacking_of
from campaigns.posts.drafts import Draft, content_of, content_with
from campaigns.posts.forms import PostForm
from campaigns.posts.models import BrandPost
from campaigns.posts.previewing import deliveries_of, is_over, panels
from campaigns.posts.snippets import text_of
from campaigns.posts.writing import Stale
from campaigns.publishing.scheduling import NoMoment
from commons import clock, i18n
from commons.db import db, random_id
from commons.errors import DomainError
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import allow, go, one_or_404, region

bp = Blueprint("posts", __name__, url_prefix="/posts")

EDIT = "campaigns/posts/edit.html"
SHOW = "campaigns/posts/show.html"
USUAL_HOUR = 10


@bp.get("/new")
@allow(Permission.POST_WRITE)
def new() -> Response:
    """An address for a post yet to be written. The first save makes the post; a reload finds it."""
    day, template, campaign = (request.args.get(name) for name in ("day", "template", "campaign"))
    address = url_for("posts.edit", public_id=random_id(), begin=1, day=day, template=template, campaign=campaign)
    return make_response(redirect(address, 303))


@bp.get("/<public_id>")
@allow(Permission.POST_READ)
def edit(public_id: str) -> Response:
    post = composing.opened(public_id, current_user)
    if post is None and "begin" in request.args and current_user.can(Permission.POST_WRITE):
        text = text_of(request.args.get("template", ""), current_user)
        campaign = composing.campaign_named(request.args.get("campaign", ""), current_user, clock.now())
        post = composing.unwritten(public_id, current_user, clock.now(), text, campaign)
    if post is None:
        post = one_or_404(BrandPost.visible_to(current_user), public_id)
    when, zone = _planned(post)
    wanted = _wanted_moment()
    if wanted is not None:
        when, zone = wanted, request.args.get("zone") or i18n.zone()
    return page(post, PostForm(post, when=when, zone=zone))


@bp.post("/<public_id>")
@allow(Permission.POST_WRITE)
@posting_limit
def save(public_id: str) -> Response:
    """Save all of it, and carry out the button that was pressed."""
    post = composing.opened_or_begun(public_id, current_user, clock.now())
    answer = save_from_form(post)
    if answer is not None:
        return answer
    try:
        composing.do_act(post, request.form.get("act", ""), by=current_user, at=clock.now())
    except DomainError as refusal:
        return refused(public_id, refusal)
    db.session.commit()
    flash(_("Saved."), "good")
    return go(post.url)


@bp.post("/<public_id>/autosave")
@allow(Permission.POST_WRITE)
def autosave(public_id: str) -> Response:
    """Save the words and choices; the answer is JSON: the revision from which to go on, or sentences that say why not."""
    post = composing.opened_or_begun(public_id, current_user, clock.now())
    form = PostForm(post)
    if not form.validate_on_submit():
        return make_response(jsonify(errors=form.complaints), 422)
    writing.save(post, form.draft(), revision=form.read_revision, by=current_user, at=clock.now())
    db.session.commit()
    return jsonify(fields={"revision": str(post.revision)})


@bp.post("/<public_id>/preview")
@allow(Permission.POST_READ)
def preview(public_id: str) -> Response:
    """What stands in the form now, as each channel will get it."""
    post = _opened_or_unwritten(public_id)
    shown = panels(post, PostForm(post).draft(), deliveries_of(post))
    return region(
        "campaigns/posts/_preview_answer.html",
        post=post, panels=shown, lacking=lacking_of(shown), opened=request.form.get("opened", ""),
    )  # fmt: skip


@bp.post("/<public_id>/link-check")
@allow(Permission.POST_WRITE)
@posting_limit
def check_link(public_id: str) -> Response:
    """Whether the page behind the chosen link answers."""
    link = PostForm(_opened_or_unwritten(public_id)).draft().link
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
        without = composing.save(post, form, by=current_user, at=at)
    except Stale:
        return conflict(public_id)
    except DomainError as refusal:
        return refused(public_id, refusal)
    return saved_without(post, without) if without else None


def saved_without(post: BrandPost, files: Refusals) -> Response:
    """All the rest is saved; beside the pictures the page names those that were refused, and says why."""
    db.session.commit()
    form = PostForm(post)
    form.revision.data, form.target.data = str(post.revision), ""
    form.link.data = post.link.public_id if post.link else ""
    return page(post, form, status=422, refused=files)


def refused(public_id: str, refusal: DomainError) -> Response:
    """The page again with what was typed, and why it could not be done. What had been saved stays."""
    db.session.rollback()
    post = composing.opened_or_begun(public_id, current_user, clock.now())
    form = PostForm(post)
    if isinstance(refusal, NoMoment):
        form.when.errors = [refusal.in_full]
        return page(post, form, status=refusal.status)
    return page(post, form, status=refusal.status, refusal=refusal)


def conflict(public_id: str) -> Response:
    """What was saved meanwhile, and the writer's own in the form, which may be saved over it."""
    db.session.rollback()
    post = composing.opened_or_begun(public_id, current_user, clock.now())
    form = PostForm(post)
    form.revision.data = str(post.revision)
    theirs = changes(content_with(post, form.draft()), content_of(post))
    return page(post, form, status=409, theirs=theirs)


def page(post: BrandPost, form: PostForm, *, status: int = 200, **more: Any) -> Response:
    """The composer; for readers, and once the post is on its way everywhere, the post as it stands.

    Whoever typed something that came too late for that finds it there, apart from the post.
    """
    at, saved = clock.now(), Draft.of(post)
    draft = form.draft() if request.method == "POST" else saved
    context = composer(post, form, draft, at) | {"unsaved": content_with(post, draft) != content_with(post, saved)}
    if current_user.can(Permission.POST_WRITE) and not is_over(context["panels"]):
        return make_response(render_template(EDIT, **{**context, **more}), status)
    if draft is not saved:
        typed = changes(content_with(post, saved), content_with(post, draft))
        context = composer(post, form, saved, at) | {"typed": typed}
    return make_response(render_template(SHOW, **{**context, **more}), status)


def _opened_or_unwritten(public_id: str) -> BrandPost:
    at = clock.now()
    return composing.opened(public_id, current_user) or composing.unwritten(public_id, current_user, at)


def _wanted_moment() -> datetime | None:
    """What was chosen elsewhere: a wall-clock time, or a day of the calendar, then at a usual hour."""
    words = request.args.get("day", "")
    try:
        moment = datetime.fromisoformat(words).replace(tzinfo=None)
    except ValueError:
        return None
    return moment if "T" in words else moment.replace(hour=USUAL_HOUR)


def _planned(post: BrandPost) -> tuple[datetime | None, str]:
    """The time and zone for which the post is next planned; else none, and the visitor's zone."""
    planned = [delivery for delivery in deliveries_of(post) if delivery.wall_clock and delivery.zone]
    waiting = [delivery for delivery in planned if not delivery.is_fixed]
    first = min(waiting or planned, key=lambda delivery: str(delivery.due_at), default=None)
    if first is None:
        return None, i18n.zone()
    return datetime.fromisoformat(str(first.wall_clock)), str(first.zone)
