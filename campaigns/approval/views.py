"""Approving on any screen: what waits, one request with its buttons, and the links for reviewers outside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.approval import asking, deciding, letters, reading, reviewing, voiding
from campaigns.approval.forms import DecisionForm, ReviewerForm
from campaigns.approval.models import ApprovalRequest, ReviewLink
from campaigns.approval.people import called, step_words, why_not
from campaigns.posts.models import BrandPost
from commons import clock, i18n, zones
from commons.db import db
from commons.errors import DomainError
from commons.paging import asked_page
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import absolute_url, allow, go, one_or_404

bp = Blueprint("approval", __name__, url_prefix="/approval")

USUAL_END = timedelta(days=3)


@bp.get("")
@allow(Permission.POST_READ)
def index() -> str:
    """What waits for the visitor, what waits for others, what was decided lately."""
    queue = reading.queue(current_user, asked_page())
    return render_template("campaigns/approval/index.html", queue=queue, step_words=step_words, at=clock.now())


@bp.get("/<public_id>")
@allow(Permission.POST_READ)
def show(public_id: str) -> Response:
    return _page(_visible(public_id))


@bp.post("/<public_id>/approve")
@allow(Permission.POST_APPROVE)
@posting_limit
def approve(public_id: str) -> Response:
    return _decide(public_id, deciding.approve, _("Approved."))


@bp.post("/<public_id>/reject")
@allow(Permission.POST_APPROVE)
@posting_limit
def reject(public_id: str) -> Response:
    """Not approved: back to draft, with the reason."""
    return _decide(public_id, deciding.reject, _("Not approved. It is a draft again, with your reason."))


@bp.post("/<public_id>/changes")
@allow(Permission.POST_APPROVE)
@posting_limit
def changes(public_id: str) -> Response:
    """Changes are wanted; the plan stays."""
    return _decide(public_id, deciding.ask_for_changes, _("Sent back with your wishes."))


@bp.post("/<public_id>/undo")
@allow(Permission.POST_APPROVE)
def undo(public_id: str) -> Response:
    """Take one's own last word back."""
    request = _visible(public_id)
    if request.standing:
        deciding.undo(request.standing[-1], by=current_user, at=clock.now())
        db.session.commit()
        flash(_("Taken back. It waits for approval again."), "good")
    return go(url_for("approval.show", public_id=public_id))


@bp.post("/<public_id>/withdraw")
@allow(Permission.POST_WRITE)
def withdraw(public_id: str) -> Response:
    """Ask no longer."""
    request = _visible(public_id)
    deciding.withdraw(request, by=current_user, at=clock.now())
    db.session.commit()
    flash(_("Withdrawn. It is a draft again."), "good")
    return go(request.post.url)


@bp.post("/posts/<public_id>/ask-again")
@allow(Permission.POST_WRITE)
@posting_limit
def ask_again(public_id: str) -> Response:
    """Ask anew for a post that waits while nobody is asked."""
    post = one_or_404(BrandPost.visible_to(current_user), public_id)
    asking.ask_again(post, by=current_user, at=clock.now())
    db.session.commit()
    flash(_("Asked again."), "good")
    return go(post.url)


@bp.post("/<public_id>/reviewers")
@allow(Permission.POST_APPROVE)
@posting_limit
def invite(public_id: str) -> Response:
    """A link for somebody outside; it is shown once, and mailed where an address is given."""
    request, form, at = _visible(public_id), ReviewerForm(), clock.now()
    if not form.validate_on_submit():
        return _page(request, reviewer=form, inviting=True, status=422)
    assert form.until.data is not None
    ends_at = zones.to_utc(form.until.data, form.zone.data)
    try:
        token = reviewing.invite(request, form.name.data or "", form.email.data or "", ends_at, by=current_user, at=at)
    except DomainError as refusal:
        db.session.rollback()
        return _page(_visible(public_id), reviewer=form, inviting=True, refusal=refusal, status=refusal.status)
    link = request.links[-1]
    if link.email:
        letters.invited(link, token, at)
    db.session.commit()
    address = absolute_url("review.show", token=token)
    return _page(request, address=address, invited=link)


@bp.post("/reviewers/<public_id>/withdraw")
@allow(Permission.POST_APPROVE)
def withdraw_link(public_id: str) -> Response:
    link = one_or_404(ReviewLink.visible_to(current_user), public_id)
    reviewing.withdraw(link, by=current_user, at=clock.now())
    db.session.commit()
    flash(_("The link does not work any more."), "good")
    return go(url_for("approval.show", public_id=link.request.public_id))


def _decide(public_id: str, decide: Callable[..., object], words: str) -> Response:
    """Carry out one of the three decisions of the form, or show the page again with what was typed and why not."""
    request, form = _visible(public_id), DecisionForm()
    if not form.validate_on_submit():
        return _page(request, form=form, status=422)
    try:
        decide(request, by=current_user, seen=form.seen.data or "", note=form.note.data or "", at=clock.now())
    except DomainError as refusal:
        return _refused(public_id, form, refusal)
    return _done(request, words)


def _visible(public_id: str) -> ApprovalRequest:
    return one_or_404(ApprovalRequest.visible_to(current_user), public_id)


def _done(request: ApprovalRequest, words: str) -> Response:
    db.session.commit()
    flash(words, "good")
    return go(url_for("approval.show", public_id=request.public_id))


def _refused(public_id: str, form: DecisionForm, refusal: DomainError) -> Response:
    """The page as it is now, with why, and the note that was typed."""
    db.session.rollback()
    request = _visible(public_id)
    form.seen.data = request.seen
    return _page(request, form=form, refusal=refusal, status=refusal.status)


def _page(request: ApprovalRequest, *, status: int = 200, **more: Any) -> Response:
    at, barred = clock.now(), why_not(request, current_user)
    last = request.standing[-1] if request.standing else None
    following = reading.next_for(current_user)
    context = {
        "asked": request,
        "shown": reading.shown(request),
        "media": reading.pictures_of,
        "barred": barred,
        "may_decide": request.is_pending and not barred,
        "is_for_nobody": request.is_pending and not called(request),
        "has_yet_to_go": any(item.delivery.state in voiding.WAITING for item in request.live_items),
        "ends_too_early": reading.ends_too_early(request, at),
        "undoable": last if last and last.by_id == current_user.id and deciding.can_undo(last) else None,
        "following": following if following is not request else None,
        "steps": [step_words(request.steps, number) for number in range(len(request.steps))],
        "form": DecisionForm(formdata=None, seen=request.seen),
        "reviewer": ReviewerForm(formdata=None, until=zones.to_local(at + USUAL_END, i18n.zone()), zone=i18n.zone()),
        "inviting": False,
        "refusal": None,
        "address": "",
        "invited": None,
        "at": at,
    }
    return make_response(render_template("campaigns/approval/show.html", **{**context, **more}), status)
