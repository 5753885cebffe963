"""The missions of a campaign, for those who plan it: the list with its order, and the form of one mission."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.planning import wording
from campaigns.planning.missions import kinds, writing
from campaigns.planning.missions.forms import EVIDENCE_WORDS, MissionForm
from campaigns.planning.missions.kinds import Kind, SettingsForm
from campaigns.planning.models import Campaign, Mission
from campaigns.planning.sections import SECTIONS
from commons import clock
from commons.acting import act
from commons.db import db
from commons.errors import DomainError
from commons.permissions import Permission
from commons.web import allow, go, one_or_404, region

bp = Blueprint("missions", __name__, url_prefix="/planning")

CHANGEABLE = ("draft", "planned", "under_way")


@bp.get("/<campaign_id>/missions")
@allow(Permission.CAMPAIGN_READ)
def index(campaign_id: str) -> Response:
    return _list(_campaign(campaign_id))


@bp.get("/<campaign_id>/missions/new/<kind>")
@allow(Permission.CAMPAIGN_WRITE)
def new(campaign_id: str, kind: str) -> Response:
    wanted = _kind(kind)
    return _form(_campaign(campaign_id), None, MissionForm.of(wanted, None), wanted.settings.filled({}))


@bp.post("/<campaign_id>/missions/new/<kind>")
@allow(Permission.CAMPAIGN_WRITE)
def create(campaign_id: str, kind: str) -> Response:
    return _save(_campaign(campaign_id), None, _kind(kind))


@bp.get("/missions/<public_id>")
@allow(Permission.CAMPAIGN_WRITE)
def edit(public_id: str) -> Response:
    mission = _mission(public_id)
    kind = kinds.kind_of(mission)
    return _form(mission.campaign, mission, MissionForm.of(kind, mission), kind.settings.filled(mission.settings))


@bp.post("/missions/<public_id>")
@allow(Permission.CAMPAIGN_WRITE)
def update(public_id: str) -> Response:
    mission = _mission(public_id)
    return _save(mission.campaign, mission, kinds.kind_of(mission))


@bp.post("/missions/<public_id>/move")
@allow(Permission.CAMPAIGN_WRITE)
def move(public_id: str) -> Response:
    """One place up or down, by a button."""
    mission = _mission(public_id)
    campaign = mission.campaign
    writing.move(mission, -1 if request.form.get("to") == "up" else 1, by=current_user, at=clock.now())
    db.session.commit()
    return _list(campaign, or_redirect=_address(campaign))


@bp.post("/<campaign_id>/missions/order")
@allow(Permission.CAMPAIGN_WRITE)
def reorder(campaign_id: str) -> Response:
    """The whole order, as it was dragged."""
    campaign = _campaign(campaign_id)
    writing.put_in_order(campaign, request.form.getlist("mission"), by=current_user, at=clock.now())
    db.session.commit()
    return _list(campaign, or_redirect=_address(campaign))


@bp.post("/missions/<public_id>/close")
@allow(Permission.CAMPAIGN_WRITE)
def close(public_id: str) -> Response:
    said = _("The mission is closed. What fans did for it stays.")
    return _do(public_id, lambda mission: writing.close(mission, by=current_user, at=clock.now()), said)


@bp.post("/missions/<public_id>/remove")
@allow(Permission.CAMPAIGN_WRITE)
def remove(public_id: str) -> Response:
    said = _("The mission is gone.")
    return _do(public_id, lambda mission: writing.remove(mission, by=current_user, at=clock.now()), said)


def _do(public_id: str, change: Callable[[Mission], None], said: str) -> Response:
    mission = _mission(public_id)
    return act(lambda: change(mission), said, _address(mission.campaign))


def _save(campaign: Campaign, mission: Mission | None, kind: Kind) -> Response:
    form, settings = MissionForm(kind), kind.settings(prefix="settings-")
    are_right = [form.validate_on_submit(), settings.validate()]
    if not all(are_right):
        return _form(campaign, mission, form, settings, 422)
    campaign_id, mission_id = campaign.public_id, mission.public_id if mission else ""
    try:
        _keep(campaign, mission, form.wanted(settings.values))
    except DomainError as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.in_full)
        found = _mission(mission_id) if mission_id else None
        return _form(_campaign(campaign_id), found, form, settings, refusal.status)
    db.session.commit()
    flash(_("The mission is saved."), "good")
    return go(url_for("missions.index", campaign_id=campaign_id))


def _keep(campaign: Campaign, mission: Mission | None, wanted: writing.WantedMission) -> None:
    if mission is None:
        writing.add(campaign, wanted, by=current_user, at=clock.now())
    else:
        writing.change(mission, wanted, by=current_user, at=clock.now())


def _list(campaign: Campaign, or_redirect: str = "") -> Response:
    now = clock.now()
    state = wording.state_of(campaign, now)
    return region(
        "campaigns/planning/missions/_list.html",
        page="campaigns/planning/missions/index.html",
        or_redirect=or_redirect,
        campaign=campaign,
        state=state,
        sections=SECTIONS.values(),
        may_write=current_user.can(Permission.CAMPAIGN_WRITE) and state in CHANGEABLE,
        missions=[(mission, kinds.kind_of(mission), writing.is_used(mission)) for mission in campaign.missions],
        kinds=kinds.kinds().values(),
        evidence=EVIDENCE_WORDS,
        at=now,
    )


def _form(
    campaign: Campaign, mission: Mission | None, form: MissionForm, settings: SettingsForm, status: int = 200
) -> Response:
    page = render_template(
        "campaigns/planning/missions/edit.html",
        campaign=campaign,
        mission=mission,
        form=form,
        settings=settings,
        kind=form.kind,
        is_promised=mission is not None and writing.is_promised(mission, clock.now()),
    )
    return make_response(page, status)


def _kind(name: str) -> Kind:
    return kinds.kinds().get(name) or abort(404)


def _campaign(public_id: str) -> Campaign:
    return one_or_404(Campaign.visible_to(current_user, clock.now()), public_id)


def _mission(public_id: str) -> Mission:
    return one_or_404(Mission.visible_to(current_user, clock.now()), public_id)


def _address(campaign: Campaign) -> str:
    return url_for("missions.index", campaign_id=campaign.public_id)
