"""A fan's answer, and for the team how fans answered."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template, url_for
from flask_babel import gettext as _

from campaigns.participation import mission_views
from campaigns.participation.answering import answering
from campaigns.participation.answering.kind import form_for
from campaigns.planning.models import MissionKind
from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.permissions import Permission
from commons.security import posting_limit
from commons.tables import csv_answer
from commons.web import allow, go
from community.members.current import the_member

bp = Blueprint("answering", __name__, url_prefix="/participation/missions")


@bp.post("/<public_id>/answer")
@allow(Permission.TAKE_PART)
@posting_limit
def answer(public_id: str) -> Response:
    mission = mission_views.visible(public_id, MissionKind.ANSWER)
    form = form_for(mission)
    if not form.validate_on_submit():
        return mission_views.page(mission, form, 422)
    try:
        kept = answering.answer(mission, the_member(), form.answer.data or "", clock.now())
    except DomainError as refusal:
        db.session.rollback()
        form.answer.errors = [refusal.message]
        return mission_views.page(mission_views.visible(public_id, MissionKind.ANSWER), form, refusal.status)
    db.session.commit()
    if kept.is_right is False:
        flash(_("That was not it. A question is answered once."), "warn")
    else:
        flash(_("That is right. It counts.") if kept.is_right else _("Thank you. It counts."), "good")
    return go(url_for("mission.show", public_id=public_id))


@bp.get("/<public_id>/answers")
@allow(Permission.CAMPAIGN_READ)
def index(public_id: str) -> str:
    mission = mission_views.visible(public_id, MissionKind.ANSWER)
    page = "campaigns/participation/answering/index.html"
    rows, most = answering.tally(mission), answering.MOST_SHOWN
    return render_template(page, mission=mission, campaign=mission.campaign, rows=rows, most=most)


@bp.get("/<public_id>/answers.csv")
@allow(Permission.CAMPAIGN_READ)
def export(public_id: str) -> Response:
    mission = mission_views.visible(public_id, MissionKind.ANSWER)
    return csv_answer(answering.rows(mission), f"answers-{mission.public_id}")
