"""Sharing a campaign: the fan's proofs, and the team's list of them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.participation import mission_views
from campaigns.participation.sharing import proving, reading
from campaigns.participation.sharing.kind import OUTCOMES, ProofForm
from campaigns.participation.sharing.models import Outcome, ShareProof
from campaigns.planning.models import Campaign, MissionKind
from commons import clock
from commons.acting import act
from commons.db import db
from commons.errors import DomainError
from commons.media.keeping import keep
from commons.media.models import Picture
from commons.media.serving import to_one_person
from commons.paging import asked_page, page_of
from commons.permissions import Permission
from commons.security import posting_limit
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404
from community.members.current import the_member

bp = Blueprint("sharing", __name__, url_prefix="/participation")

PAGE = 30


@bp.post("/missions/<public_id>/proofs")
@allow(Permission.TAKE_PART)
@posting_limit
def hand_in(public_id: str) -> Response:
    mission, form = mission_views.visible(public_id, MissionKind.SHARE), ProofForm()
    if not form.validate_on_submit():
        return mission_views.page(mission, form, 422)
    try:
        proof = proving.hand_in(mission, the_member(), form.address.data or "", _picture(form), clock.now())
    except DomainError as refusal:
        db.session.rollback()
        form.address.errors = [refusal.in_full]
        return mission_views.page(mission_views.visible(public_id, MissionKind.SHARE), form, refusal.status)
    is_proven = proof.outcome is Outcome.PROVEN
    db.session.commit()
    flash(_("Seen on the network. It counts.") if is_proven else _("Handed in. The team looks at it."), "good")
    return go(url_for("mission.show", public_id=public_id))


@bp.get("/<public_id>/proofs")
@allow(Permission.CAMPAIGN_READ)
def index(public_id: str) -> str:
    campaign, chosen = _campaign(public_id), _chosen()
    page = page_of(reading.of_campaign(campaign, chosen), asked_page(), PAGE)
    template = "campaigns/participation/sharing/index.html"
    return render_template(template, campaign=campaign, page=page, chosen=chosen, outcomes=OUTCOMES, Outcome=Outcome)


@bp.get("/<public_id>/proofs.csv")
@allow(Permission.CAMPAIGN_READ)
def export(public_id: str) -> Response:
    campaign = _campaign(public_id)
    return csv_answer(reading.rows(campaign, _chosen()), f"proofs-{campaign.public_id}")


@bp.get("/proofs/<public_id>/picture/<int:width>")
@allow(Permission.CAMPAIGN_READ)
def picture(public_id: str, width: int) -> Response:
    """The picture of a share: for who judges it, and for nobody else."""
    proof = one_or_404(ShareProof.visible_to(current_user), public_id)
    return to_one_person(proof.picture or abort(404), width)


@bp.post("/proofs/<public_id>/confirm")
@allow(Permission.CAMPAIGN_WRITE)
def confirm(public_id: str) -> Response:
    said = _("Confirmed. It counts, and the fan is told.")
    return _do(public_id, lambda proof: proving.confirm(proof, by=current_user, at=clock.now()), said)


@bp.post("/proofs/<public_id>/refuse")
@allow(Permission.CAMPAIGN_WRITE)
def refuse(public_id: str) -> Response:
    reason = request.form.get("reason", "")
    said = _("Refused. The fan is told why.")
    return _do(public_id, lambda proof: proving.refuse(proof, reason, by=current_user, at=clock.now()), said)


def _do(public_id: str, change: Callable[[ShareProof], None], said: str) -> Response:
    proof = one_or_404(ShareProof.visible_to(current_user), public_id)
    back = url_for("sharing.index", public_id=proof.mission.campaign.public_id, outcome=request.args.get("outcome"))
    return act(lambda: change(proof), said, back)


def _campaign(public_id: str) -> Campaign:
    return one_or_404(Campaign.visible_to(current_user, clock.now()), public_id)


def _chosen() -> Outcome | None:
    return next((one for one in Outcome if one.value == request.args.get("outcome")), None)


def _picture(form: ProofForm) -> Picture | None:
    file = form.picture.data
    if not getattr(file, "filename", ""):
        return None
    db.session.commit()  # no other writer waits while it is looked at
    return keep(file.stream, file.filename, current_user, clock.now(), private=True)
