"""The switch that holds everything, a channel or a campaign, and the questions about what fell into it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from campaigns.posts.planner.slots import rules
from campaigns.publishing import holding, resuming
from campaigns.publishing.forms import HoldForm
from campaigns.publishing.holding import Hold
from campaigns.publishing.models import Delivery
from campaigns.publishing.views import bp
from commons import clock, i18n, zones
from commons.db import db
from commons.errors import DomainError
from commons.paging import asked_page
from commons.permissions import Permission
from commons.web import allow, go, one_or_404

LATER = timedelta(hours=1)


@bp.get("/holds")
@allow(Permission.POST_READ)
def holds() -> Response:
    return _page(HoldForm())


@bp.post("/holds")
@allow(Permission.HOLD_MANAGE)
def begin_hold() -> Response:
    form = HoldForm()
    if not form.validate_on_submit():
        return _page(form, status=422)
    at = clock.now()
    try:
        holding.begin(
            form.what, form.reason.data or "", by=current_user, at=at,
            until=form.end, account=form.account, campaign=form.campaign,
        )  # fmt: skip
    except DomainError as refusal:
        db.session.rollback()
        return _page(HoldForm(), status=refusal.status, refusal=refusal)
    db.session.commit()
    flash(_("Held. Nothing of it goes out until you resume."), "good")
    return go(url_for("publishing.holds"))


@bp.get("/holds/<public_id>")
@allow(Permission.POST_READ)
def hold(public_id: str) -> Response:
    """Resuming: each post that fell into the hold, and what shall become of it. One that is over asks on the page of holds."""
    one = one_or_404(Hold.visible_to(current_user), public_id)
    return _resume_page(one) if one.is_on(clock.now()) else go(url_for("publishing.holds"))


@bp.post("/holds/<public_id>")
@allow(Permission.HOLD_MANAGE)
def release_hold(public_id: str) -> Response:
    """Let go on, and do with each post what was chosen, if this person may plan posts."""
    one = one_or_404(Hold.visible_to(current_user), public_id)
    if holding.release(one, by=current_user, at=clock.now()):
        flash(_("What is planned goes out again."), "good")
    else:
        flash(_("This hold was over already."), "warn")
    may_plan = current_user.can(Permission.POST_SCHEDULE)
    return _carry_out(holding.fallen_into(one, current_user) if may_plan else [])


@bp.post("/holds/fallen")
@allow(Permission.POST_SCHEDULE)
def settle_fallen() -> Response:
    """Do with the posts of a hold that is over what was chosen for each."""
    return _carry_out(holding.fallen(current_user, clock.now()))


def _carry_out(deliveries: Sequence[Delivery]) -> Response:
    choices = resuming.choices_from(request.form, deliveries, i18n.zone())
    outcome = resuming.settle(deliveries, choices, by=current_user, at=clock.now())
    db.session.commit()
    if outcome.done:
        flash(ngettext("%(num)s post is settled.", "%(num)s posts are settled.", outcome.done), "good")
    if outcome.in_review:
        words = ngettext(
            "%(num)s of them waits for approval first.", "%(num)s of them wait for approval first.", outcome.in_review
        )
        flash(words, "warn")
    for refusal in outcome.refused:
        flash(refusal, "bad")
    return go(url_for("publishing.holds"))


def _page(form: HoldForm, *, status: int = 200, refusal: DomainError | None = None) -> Response:
    at = clock.now()
    fallen = holding.fallen(current_user, at)
    return make_response(
        render_template(
            "campaigns/publishing/holds.html",
            form=form,
            on=holding.on(at),
            past=holding.past(at, asked_page()),
            waiting=holding.fallen(current_user),
            fallen=fallen,
            soon=_soon(at),
            apart=rules().apart_minutes,
            refusal=refusal,
            at=at,
        ),
        status,
    )


def _resume_page(one: Hold) -> Response:
    at = clock.now()
    fallen = holding.fallen_into(one, current_user)
    return make_response(
        render_template(
            "campaigns/publishing/resume.html",
            hold=one,
            fallen=fallen,
            soon=_soon(at),
            apart=rules().apart_minutes,
            at=at,
        )
    )


def _soon(at: datetime) -> str:
    """A usual new time for the fields of the page: in an hour."""
    return f"{zones.to_local(at + LATER, i18n.zone()):%Y-%m-%dT%H:00}"
