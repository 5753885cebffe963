"""The rules for everybody who wants to take part, and their form for the team."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from campaigns.participation.eligibility import rules as eligibility
from campaigns.participation.eligibility import writing
from campaigns.participation.eligibility.forms import RulesForm
from campaigns.planning.models import Campaign
from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.permissions import Permission
from commons.web import allow, go, one_or_404, public
from community.members.current import current_member

bp = Blueprint("eligibility", __name__, url_prefix="/participation")


@bp.get("/<public_id>/rules")
@public
def show(public_id: str) -> str:
    """Who may take part, also before the campaign begins; a fan reads what is met and what is missing."""
    campaign = one_or_404(select(Campaign), public_id)
    may_plan = current_user.is_authenticated and current_user.can(Permission.CAMPAIGN_READ)
    if not writing.are_public(campaign, clock.now()) and not may_plan:
        abort(404)
    lines = eligibility.lines(writing.rules_of(campaign), current_member())
    begun = campaign.has_begun(clock.now())
    page = "campaigns/participation/eligibility/show.html"
    return render_template(page, campaign=campaign, lines=lines, kept=writing.of(campaign), begun=begun)


@bp.get("/<public_id>/eligibility")
@allow(Permission.CAMPAIGN_WRITE)
def edit(public_id: str) -> Response:
    campaign = _campaign(public_id)
    return _form(campaign, RulesForm.of(writing.rules_of(campaign)))


@bp.post("/<public_id>/eligibility")
@allow(Permission.CAMPAIGN_WRITE)
def update(public_id: str) -> Response:
    campaign, form = _campaign(public_id), RulesForm()
    if not form.validate_on_submit():
        return _form(campaign, form, 422)
    try:
        writing.write(campaign, form.rules, by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.message)
        return _form(_campaign(public_id), form, refusal.status)
    db.session.commit()
    flash(_("The rules are saved. Publish them, so that everybody can read them before the beginning."), "good")
    return go(url_for("eligibility.edit", public_id=public_id))


@bp.post("/<public_id>/eligibility/publish")
@allow(Permission.CAMPAIGN_WRITE)
def publish(public_id: str) -> Response:
    writing.publish(_campaign(public_id), by=current_user, at=clock.now())
    db.session.commit()
    flash(_("The rules are public."), "good")
    return go(url_for("eligibility.edit", public_id=public_id))


def _form(campaign: Campaign, form: RulesForm, status: int = 200) -> Response:
    page = render_template(
        "campaigns/participation/eligibility/edit.html",
        campaign=campaign,
        form=form,
        kept=writing.of(campaign),
        lines=eligibility.lines(writing.rules_of(campaign), None),
        is_fixed=campaign.cancelled_at is not None or campaign.has_begun(clock.now()),
    )
    return make_response(page, status)


def _campaign(public_id: str) -> Campaign:
    return one_or_404(Campaign.visible_to(current_user, clock.now()), public_id)
