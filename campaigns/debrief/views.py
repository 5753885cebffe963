"""The review of a campaign: what was planned and what became of it, what was learnt, what is done next time."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.debrief import exporting, reviewing, writing
from campaigns.debrief.forms import LessonForm, NextTimeForm
from campaigns.debrief.models import NextTime
from campaigns.planning import wording
from campaigns.planning.models import Campaign
from commons import clock
from commons.db import db
from commons.permissions import Permission
from commons.tables import table_answer
from commons.web import allow, go, one_or_404
from community.members.facts import name_of

bp = Blueprint("debrief", __name__, url_prefix="/debrief")


@bp.get("/<public_id>")
@allow(Permission.CAMPAIGN_READ)
def show(public_id: str) -> Response:
    return _page(_visible(public_id), LessonForm(formdata=None), NextTimeForm(formdata=None))


@bp.post("/<public_id>/lessons")
@allow(Permission.CAMPAIGN_WRITE)
def write_lesson(public_id: str) -> Response:
    campaign, form = _visible(public_id), LessonForm()
    if not form.validate_on_submit():
        return _page(campaign, form, NextTimeForm(formdata=None), 422)
    text, chosen = form.lesson.data or "", form.public_id.data or ""
    writing.learn(campaign, text, by=current_user, at=clock.now(), public_id=chosen)
    db.session.commit()
    flash(_("The lesson is kept."), "good")
    return go(url_for("debrief.show", public_id=public_id, _anchor="lessons"))


@bp.post("/<public_id>/next-time")
@allow(Permission.CAMPAIGN_WRITE)
def write_decision(public_id: str) -> Response:
    campaign, form = _visible(public_id), NextTimeForm()
    if not form.validate_on_submit():
        return _page(campaign, LessonForm(formdata=None), form, 422)
    text, chosen = form.decision.data or "", form.public_id.data or ""
    writing.decide(campaign, text, by=current_user, at=clock.now(), public_id=chosen)
    db.session.commit()
    flash(_("The decision is on the list."), "good")
    return go(url_for("debrief.show", public_id=public_id, _anchor="next-time"))


@bp.post("/next-time/<public_id>/done")
@allow(Permission.CAMPAIGN_WRITE)
def settle(public_id: str) -> Response:
    decision = one_or_404(NextTime.visible_to(current_user), public_id)
    writing.settle(decision, by=current_user, at=clock.now())
    db.session.commit()
    return go(url_for("debrief.show", public_id=decision.campaign.public_id, _anchor="next-time"))


@bp.get("/<public_id>.<any(csv, xlsx):kind>")
@allow(Permission.CAMPAIGN_READ)
def export(public_id: str, kind: str) -> Response:
    campaign = _visible(public_id)
    review = reviewing.review(campaign, current_user, clock.now())
    return table_answer(kind, exporting.tables(campaign, review), f"review-{campaign.public_id}")


def _page(campaign: Campaign, lesson: LessonForm, next_time: NextTimeForm, status: int = 200) -> Response:
    now = clock.now()
    context: dict[str, Any] = {
        "campaign": campaign,
        "state": wording.state_of(campaign, now),
        "kind": wording.KIND_WORDS[campaign.kind],
        "review": reviewing.review(campaign, current_user, now),
        "name_of": name_of,
        "lessons": writing.lessons(campaign),
        "decisions": writing.decisions(campaign),
        "lesson": lesson,
        "next_time": next_time,
        "now": now,
    }
    return make_response(render_template("campaigns/debrief/show.html", **context), status)


def _visible(public_id: str) -> Campaign:
    return one_or_404(Campaign.visible_to(current_user, clock.now()), public_id)
