"""Campaigns for those who plan them: the list, the form. How one is going stands in `participation`."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.planning import reading, wording, writing
from campaigns.planning.forms import CampaignForm, MissionForm
from campaigns.planning.models import Campaign, CampaignKind, MissionKind
from campaigns.planning.writing import AlreadyBegun, AlreadyOver, Wanted, WantedMission
from commons import clock
from commons.db import db
from commons.permissions import Permission
from commons.web import allow, go, one_or_404

bp = Blueprint("planning", __name__, url_prefix="/planning")


@bp.get("")
@allow(Permission.CAMPAIGN_READ)
def index() -> str:
    now = clock.now()
    campaigns = [(campaign, wording.state_of(campaign, now)) for campaign in reading.listed(current_user, now)]
    return render_template("campaigns/planning/index.html", campaigns=campaigns, kinds=wording.KIND_WORDS)


@bp.get("/new")
@allow(Permission.CAMPAIGN_WRITE)
def new() -> str:
    return render_template("campaigns/planning/edit.html", form=CampaignForm.blank(), campaign=None)


@bp.post("/new")
@allow(Permission.CAMPAIGN_WRITE)
def create() -> Response:
    form = CampaignForm()
    if not form.validate_on_submit():
        return make_response(render_template("campaigns/planning/edit.html", form=form, campaign=None), 422)
    campaign = writing.set_up(_wanted(form), by=current_user, at=clock.now())
    db.session.commit()
    flash(_("The campaign is set up. It begins and ends by itself."), "good")
    return go(url_for("participation.board", public_id=campaign.public_id))


@bp.get("/<public_id>/edit")
@allow(Permission.CAMPAIGN_WRITE)
def edit(public_id: str) -> str:
    campaign = _visible(public_id)
    return render_template("campaigns/planning/edit.html", form=CampaignForm.of(campaign), campaign=campaign)


@bp.post("/<public_id>/edit")
@allow(Permission.CAMPAIGN_WRITE)
def update(public_id: str) -> Response:
    campaign, form = _visible(public_id), CampaignForm()
    if not form.validate_on_submit():
        return make_response(render_template("campaigns/planning/edit.html", form=form, campaign=campaign), 422)
    try:
        writing.change(campaign, _wanted(form), by=current_user, at=clock.now())
    except (AlreadyBegun, AlreadyOver) as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.message)
        return make_response(
            render_template("campaigns/planning/edit.html", form=form, campaign=_visible(public_id)), refusal.status
        )
    db.session.commit()
    flash(_("The campaign is changed."), "good")
    return go(url_for("participation.board", public_id=campaign.public_id))


@bp.post("/<public_id>/call-off")
@allow(Permission.CAMPAIGN_WRITE)
def call_off(public_id: str) -> Response:
    campaign = _visible(public_id)
    writing.call_off(campaign, by=current_user, at=clock.now())
    db.session.commit()
    return go(url_for("participation.board", public_id=campaign.public_id))


def _visible(public_id: str) -> Campaign:
    return one_or_404(Campaign.visible_to(current_user, clock.now()), public_id)


def _wanted(form: CampaignForm) -> Wanted:
    lines = [line.form for line in form.missions if line.form.wanted.data]
    return Wanted(
        title=(form.title.data or "").strip(),
        summary=(form.summary.data or "").strip(),
        kind=CampaignKind(form.kind.data),
        goal=form.goal.data or "",
        goal_participants=form.goal_participants.data or 1,
        starts=form.starts.data or clock.now(),
        ends=form.ends.data or clock.now(),
        zone=form.zone.data,
        missions=[_wanted_mission(line) for line in lines],
    )


def _wanted_mission(line: MissionForm) -> WantedMission:
    return WantedMission(MissionKind(line.kind.data or ""), (line.title.data or "").strip(), line.needed.data or 1)
