"""Campaigns for those who plan them: the list, the form, calling one off. The plan itself: `plan_views`."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.planning import reading, template_list, templates, wording, writing
from campaigns.planning.forms import CampaignForm
from campaigns.planning.models import Campaign, CampaignKind
from campaigns.planning.writing import Wanted
from commons import clock, i18n, zones
from commons.db import db
from commons.errors import DomainError
from commons.paging import asked_page, page_of
from commons.permissions import Permission
from commons.web import allow, go, one_or_404

bp = Blueprint("planning", __name__, url_prefix="/planning")

PARTS = ("open", "drafts", "past")
PAGE = 50


@bp.get("")
@allow(Permission.CAMPAIGN_READ)
def index() -> str:
    now, part = clock.now(), request.args.get("part", "open")
    part = part if part in PARTS else "open"
    found = page_of(reading.listed_in(part, current_user, now), asked_page(), PAGE)
    return render_template(
        "campaigns/planning/index.html",
        campaigns=[(campaign, wording.state_of(campaign, now)) for campaign in found.rows],
        part=part,
        found=found,
        drafts=reading.drafts(current_user, now),
        kinds=wording.KIND_WORDS,
    )


@bp.get("/new")
@allow(Permission.CAMPAIGN_WRITE)
def new() -> str:
    """The templates to choose from; with a template, or without any, the form."""
    name = request.args.get("template")
    template = template_list.named(name)
    if name is None:
        return render_template("campaigns/planning/choose.html", templates=template_list.LONG, kinds=wording.KIND_WORDS)
    form = CampaignForm.begun_from(template, _next_week(), i18n.zone()) if template else CampaignForm.blank()
    return render_template("campaigns/planning/edit.html", form=form, campaign=None, template=template)


@bp.post("/new")
@allow(Permission.CAMPAIGN_WRITE)
def create() -> Response:
    form, template = CampaignForm(), template_list.named(request.args.get("template"))
    if not form.validate_on_submit():
        return _form_again(form, None, template=template)
    if template is not None:
        campaign = templates.set_up(template, _wanted(form), by=current_user, at=clock.now())
    else:
        campaign = writing.set_up(_wanted(form), by=current_user, at=clock.now())
    db.session.commit()
    flash(_("The draft is there. Fans see nothing of it until you launch it."), "good")
    if not campaign.missions:
        return go(url_for("missions.index", campaign_id=campaign.public_id))
    return go(url_for("planning.show", public_id=campaign.public_id))


@bp.get("/<public_id>/edit")
@allow(Permission.CAMPAIGN_WRITE)
def edit(public_id: str) -> str:
    campaign = visible(public_id)
    return render_template("campaigns/planning/edit.html", form=CampaignForm.of(campaign), campaign=campaign)


@bp.post("/<public_id>/edit")
@allow(Permission.CAMPAIGN_WRITE)
def update(public_id: str) -> Response:
    campaign, form = visible(public_id), CampaignForm()
    if not form.validate_on_submit():
        return _form_again(form, campaign)
    try:
        writing.change(campaign, _wanted(form), revision=form.read_revision, by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        campaign = visible(public_id)
        form.revision.data = str(campaign.revision)
        form.form_errors.append(refusal.message)
        return _form_again(form, campaign, refusal.status, changes=getattr(refusal, "changes", ()))
    db.session.commit()
    flash(_("The campaign is changed."), "good")
    return go(url_for("planning.show", public_id=campaign.public_id))


@bp.post("/<public_id>/call-off")
@allow(Permission.CAMPAIGN_WRITE)
def call_off(public_id: str) -> Response:
    campaign = visible(public_id)
    writing.call_off(campaign, by=current_user, at=clock.now())
    db.session.commit()
    return go(url_for("planning.show", public_id=campaign.public_id))


@bp.post("/<public_id>/end-early")
@allow(Permission.CAMPAIGN_WRITE)
def end_early(public_id: str) -> Response:
    campaign = visible(public_id)
    writing.end_early(campaign, by=current_user, at=clock.now())
    db.session.commit()
    flash(_("The campaign has ended. What fans did counts."), "good")
    return go(url_for("planning.show", public_id=campaign.public_id))


def visible(public_id: str) -> Campaign:
    """The campaign at an address, if the person may see it; 404 otherwise."""
    return one_or_404(Campaign.visible_to(current_user, clock.now()), public_id)


def _form_again(form: CampaignForm, campaign: Campaign | None, status: int = 422, **more: Any) -> Response:
    more |= {"difference_words": wording.difference_words}
    page = render_template("campaigns/planning/edit.html", form=form, campaign=campaign, **more)
    return make_response(page, status)


def _next_week() -> datetime:
    """Monday of next week, nine o'clock where the visitor is: time enough to make a plan."""
    today = zones.day_of(clock.now(), i18n.zone())
    return datetime.combine(today + timedelta(days=7 - today.weekday()), time(9))


def _wanted(form: CampaignForm) -> Wanted:
    return Wanted(
        title=(form.title.data or "").strip(),
        summary=(form.summary.data or "").strip(),
        kind=CampaignKind(form.kind.data),
        goal=form.goal.data or "",
        goal_participants=form.goal_participants.data or 1,
        starts=form.starts.data or clock.now(),
        ends=form.ends.data or clock.now(),
        zone=form.zone.data,
        currency=form.currency.data,
    )
