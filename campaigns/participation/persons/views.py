"""Groups of accounts that may be one person's, for those who decide."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from campaigns.participation.persons import deciding, finding, reading, wording
from campaigns.participation.persons.models import Decision, PersonGroup
from campaigns.planning.models import Campaign
from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.paging import asked_page, page_of
from commons.permissions import Permission
from commons.web import allow, go, one_or_404

bp = Blueprint("persons", __name__, url_prefix="/participation")

PAGE = 20


@bp.get("/<public_id>/accounts")
@allow(Permission.MEMBER_READ)
def index(public_id: str) -> str:
    campaign = _campaign(public_id)
    decided = request.args.get("decided") == "1"
    return render_template(
        "campaigns/participation/persons/index.html",
        campaign=campaign,
        page=page_of(reading.groups(campaign, decided=decided), asked_page(), PAGE),
        decided=decided,
        signs=wording.SIGNS,
        cautions=wording.CAUTIONS,
        decisions=wording.DECISIONS,
        sentence=wording.sentence,
        Decision=Decision,
    )


@bp.post("/<public_id>/accounts/look")
@allow(Permission.CAMPAIGN_WRITE)
def look(public_id: str) -> Response:
    found = finding.look(_campaign(public_id), clock.now())
    db.session.commit()
    flash(ngettext("%(num)d group waits for somebody.", "%(num)d groups wait for somebody.", found), "good")
    return go(url_for("persons.index", public_id=public_id))


@bp.post("/accounts/<public_id>/decide")
@allow(Permission.CAMPAIGN_WRITE)
def decide(public_id: str) -> Response:
    group = one_or_404(PersonGroup.visible_to(current_user), public_id)
    decision = next((one for one in Decision if one.value == request.form.get("decision")), None)
    back = url_for("persons.index", public_id=group.campaign.public_id)
    if decision is None:
        flash(_("Choose what you think."), "bad")
        return go(back)
    try:
        deciding.decide(group, decision, request.form.get("reason", ""), by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        flash(refusal.message, "bad")
    else:
        db.session.commit()
        flash(_("Decided. Whoever is kept out is told why, and may appeal."), "good")
    return go(back)


def _campaign(public_id: str) -> Campaign:
    return one_or_404(Campaign.visible_to(current_user, clock.now()), public_id)
