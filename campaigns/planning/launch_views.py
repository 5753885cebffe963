"""Launching over HTTP: what is to be known first, the launch itself, and a campaign that begins at once."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.planning import launching, real_time, wording
from campaigns.planning.forms import NowForm
from campaigns.planning.launching import NotReady
from campaigns.planning.models import Campaign
from campaigns.planning.slots import Finding
from campaigns.planning.template_list import REAL_TIME
from campaigns.planning.views import bp, visible
from commons import clock, i18n
from commons.db import db
from commons.permissions import Permission
from commons.web import allow, go


@bp.get("/<public_id>/launch")
@allow(Permission.CAMPAIGN_WRITE)
def before_launch(public_id: str) -> Response:
    campaign = visible(public_id)
    return _page(campaign, launching.findings(campaign, clock.now()) if campaign.is_draft else [])


@bp.post("/<public_id>/launch")
@allow(Permission.CAMPAIGN_WRITE)
def launch(public_id: str) -> Response:
    campaign = visible(public_id)
    try:
        launching.launch(campaign, by=current_user, at=clock.now())
    except NotReady as refusal:
        db.session.rollback()
        return _page(visible(public_id), refusal.findings, refusal=refusal, status=refusal.status)
    db.session.commit()
    flash(_("The campaign is launched. It begins, turns and ends by itself."), "good")
    return go(url_for("planning.show", public_id=campaign.public_id))


@bp.get("/now")
@allow(Permission.CAMPAIGN_WRITE)
def now() -> Response:
    """One form for a campaign that runs a moment later."""
    return _now(NowForm.about(request.args.get("title", "")))


@bp.post("/now")
@allow(Permission.CAMPAIGN_WRITE)
def launch_now() -> Response:
    form = NowForm()
    if not form.validate_on_submit():
        return _now(form, status=422)
    try:
        campaign = real_time.launch_now(form.wanted(), zone=i18n.zone(), by=current_user, at=clock.now())
    except NotReady as refusal:
        db.session.rollback()
        return _now(form, refusal.findings, status=refusal.status, refusal=refusal)
    db.session.commit()
    flash(_("It is running. Write its first post now."), "good")
    return go(url_for("planning.show", public_id=campaign.public_id))


def _page(campaign: Campaign, findings: list[Finding] | Any, *, status: int = 200, **more: Any) -> Response:
    page = render_template(
        "campaigns/planning/launch.html",
        **{"campaign": campaign, "findings": findings, "refusal": None, "at": clock.now(), **more},
    )
    return make_response(page, status)


def _now(form: NowForm, findings: Any = (), *, status: int = 200, **more: Any) -> Response:
    context = {"form": form, "findings": findings, "refusal": None, "templates": REAL_TIME, "kinds": wording.KIND_WORDS}
    return make_response(render_template("campaigns/planning/now.html", **{**context, **more}), status)
