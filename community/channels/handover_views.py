"""What lies with people to be posted by hand, and what they say of it."""

from __future__ import annotations

from datetime import datetime

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock
from commons.accounts.models import User
from commons.db import db
from commons.errors import DomainError, NotAllowed
from commons.panels import Panel
from commons.permissions import Permission
from commons.web import allow, go, one_or_404
from community.channels import slots
from community.channels.forms import NotPostedForm, PostedForm
from community.channels.handovers import HandOver
from community.channels.views import bp, waiting_handovers


@bp.get("/handoffs")
@allow(Permission.POST_READ)
def handoffs() -> str:
    return _page(None, None)


@bp.post("/handoffs/<public_id>/posted")
@allow(Permission.POST_READ)
def posted(public_id: str) -> Response:
    """It stands there: this is where."""
    given, form, at = _mine(public_id), PostedForm(), clock.now()
    if not form.validate_on_submit():
        return make_response(_page(given, form), 422)
    try:
        given.posted(form.url.data or "", by=current_user, at=at)
    except DomainError as refusal:
        form.url.errors = [refusal.message]
        return make_response(_page(given, form), refusal.status)
    return _answered(given, _("Thank you. It counts as published."), at)


@bp.post("/handoffs/<public_id>/not-posted")
@allow(Permission.POST_READ)
def not_posted(public_id: str) -> Response:
    given, form, at = _mine(public_id), NotPostedForm(), clock.now()
    if not form.validate_on_submit():
        return make_response(_page(given, form), 422)
    given.not_posted(form.reason.data or "", by=current_user, at=at)
    return _answered(given, _("Noted. The post counts as not published, with your reason."), at)


def panel(user: User, at: datetime) -> Panel | None:
    """On the start page: what lies with this person."""
    if not user.can(Permission.POST_READ):
        return None
    mine = [given for given in waiting_handovers() if given.person_id == user.id]
    return Panel("community/channels/_handoffs_panel.html", {"mine": mine}, 5) if mine else None


def _mine(public_id: str) -> HandOver:
    given = one_or_404(HandOver.visible_to(current_user), public_id)
    if not given.is_for(current_user):
        raise NotAllowed(_("This lies with somebody else."))
    return given


def _answered(given: HandOver, words: str, at: datetime) -> Response:
    for follow in slots.answered:
        follow(given, at)
    db.session.commit()
    flash(words, "good")
    return go(url_for("channels.handoffs"))


def _page(refused: HandOver | None, form: PostedForm | NotPostedForm | None) -> str:
    """`form` is the one that was refused, for the hand-over `refused`."""
    return render_template(
        "community/channels/handoffs.html",
        given=waiting_handovers(),
        refused=refused,
        wrong=form,
        posted=PostedForm(formdata=None),
        not_posted=NotPostedForm(formdata=None),
    )
