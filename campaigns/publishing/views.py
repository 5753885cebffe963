"""The buttons under a post: schedule, publish now, cancel, back to draft. And the state, while it changes."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, request
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.posts import composing
from campaigns.posts import views as posts
from campaigns.posts.forms import PostForm
from campaigns.posts.models import BrandPost
from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery, DeliveryState
from campaigns.publishing.timeline import timeline_of
from commons import clock, i18n
from commons.db import db
from commons.errors import DomainError
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import allow, go, one_or_404, region

bp = Blueprint("publishing", __name__, url_prefix="/publishing")

Plan = Callable[[BrandPost, PostForm], None]


@bp.post("/<public_id>/schedule")
@allow(Permission.POST_SCHEDULE)
@posting_limit
def schedule(public_id: str) -> Response:
    """Save what stands in the form and plan it for the time in it; what is planned already is moved."""
    return _save_and(public_id, _schedule)


@bp.post("/<public_id>/now")
@allow(Permission.POST_SCHEDULE)
@posting_limit
def publish_now(public_id: str) -> Response:
    """Save what stands in the form and have it go out at once."""
    return _save_and(public_id, _publish_now)


@bp.post("/<public_id>/cancel")
@allow(Permission.POST_SCHEDULE)
def cancel(public_id: str) -> Response:
    delivery = one_or_404(Delivery.visible_to(current_user), public_id)
    scheduling.cancel(delivery, by=current_user, at=clock.now())
    db.session.commit()
    flash(_("Cancelled. It will not go out."), "good")
    return go(delivery.post.url)


@bp.post("/<public_id>/take-back")
@allow(Permission.POST_SCHEDULE)
def take_back(public_id: str) -> Response:
    delivery = one_or_404(Delivery.visible_to(current_user), public_id)
    scheduling.take_back(delivery, by=current_user, at=clock.now())
    db.session.commit()
    flash(_("It is a draft again."), "good")
    return go(delivery.post.url)


@bp.get("/<public_id>/state")
@allow(Permission.POST_READ)
def state(public_id: str) -> Response:
    """Where a delivery stands now, for a page that waits for it."""
    delivery = one_or_404(Delivery.visible_to(current_user), public_id)
    if request.args.get("seen") not in {"", None, delivery.state.value} and delivery.is_fixed:
        return go(delivery.post.url)
    return region("campaigns/publishing/_state.html", delivery=delivery, timeline=timeline_of(delivery), at=clock.now())


def _save_and(public_id: str, plan: Plan) -> Response:
    at = clock.now()
    post = composing.opened_or_begun(public_id, current_user, at)
    refusal = posts.save_from_form(post)
    if refusal is not None:
        return refusal
    db.session.commit()
    form = PostForm(post)
    try:
        plan(post, form)
    except DomainError as error:
        return posts.refused(public_id, error)
    db.session.commit()
    return go(post.url)


def _schedule(post: BrandPost, form: PostForm) -> None:
    when = form.when.data
    if when is None:
        raise scheduling.NoMoment(_("Choose when it goes out."), _("Or publish it now."))
    zone = form.zone.data or i18n.zone()
    planned = scheduling.schedule_all(post, when, zone, by=current_user, at=clock.now())
    waits = any(delivery.state is DeliveryState.IN_REVIEW for delivery in planned)
    flash(_("Planned. It waits for approval.") if waits else _("Scheduled."), "good")
    if words := scheduling.clock_change(when, zone):
        flash(words, "warn")


def _publish_now(post: BrandPost, form: PostForm) -> None:
    scheduling.publish_all(post, form.zone.data or i18n.zone(), by=current_user, at=clock.now())
