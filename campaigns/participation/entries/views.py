"""Entries: fans hand them in and see the gallery; the team looks through them, decides and recommends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.participation import mission_views
from campaigns.participation.entries import gallery, handing_in
from campaigns.participation.entries.gallery import Filter
from campaigns.participation.entries.models import MissionEntry
from campaigns.planning.models import Campaign, MissionKind
from commons import clock
from commons.accounts.current import the_user
from commons.acting import act
from commons.db import db
from commons.errors import DomainError
from commons.paging import asked_page
from commons.permissions import Permission
from commons.security import posting_limit
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404, public
from community.members.current import the_member
from community.reviews import deciding, pictures, standard, submitting, words
from community.reviews.forms import SubmitForm
from community.reviews.models import State, Verdict

bp = Blueprint("entries", __name__, url_prefix="/participation")

AGAINST = {State.WAITING: Verdict.REFUSE, State.PUBLISHED: Verdict.REMOVE}


@bp.post("/missions/<public_id>/works")
@allow(Permission.TAKE_PART)
@posting_limit
def hand_in(public_id: str) -> Response:
    """Hand in what the form says; sent twice it is handed in once."""
    mission, form = mission_views.visible(public_id, MissionKind.SUBMIT), SubmitForm()
    if not form.validate_on_submit():
        return mission_views.page(mission, form, 422)
    try:
        text, key = form.text.data or "", form.key.data or ""
        files, alts = form.pictures[: submitting.MOST_PICTURES], request.form.getlist("alt")
        kept = list(pictures.keep_all(files, alts, the_user(), clock.now()))
        handing_in.hand_in(mission, the_member(), text, kept, key=key, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        form.text.errors = [*form.text.errors, refusal.message]
        return mission_views.page(mission_views.visible(public_id, MissionKind.SUBMIT), form, refusal.status)
    db.session.commit()
    flash(_("Handed in. Somebody looks at it, and you are told."), "good")
    return go(url_for("mission.show", public_id=public_id))


@bp.get("/<public_id>/gallery")
@public
def show(public_id: str) -> str:
    """What is recommended of all that fans have handed in."""
    campaign = _campaign(public_id)
    page = "campaigns/participation/entries/gallery.html"
    return render_template(page, campaign=campaign, entries=gallery.featured(campaign))


@bp.get("/<public_id>/entries")
@allow(Permission.CAMPAIGN_READ)
def index(public_id: str) -> str:
    campaign, chosen = _campaign(public_id), Filter.from_args(request.args)
    return render_template(
        "campaigns/participation/entries/index.html",
        campaign=campaign,
        chosen=chosen,
        page=gallery.page(campaign, chosen, asked_page()),
        counts=gallery.counts(campaign),
        states=words.STATES,
        tones=words.TONES,
        clauses=standard.grounds(),
        against=gallery.against,
        verdicts=AGAINST,
        State=State,
    )


@bp.get("/<public_id>/entries.csv")
@allow(Permission.CAMPAIGN_READ)
def export(public_id: str) -> Response:
    campaign = _campaign(public_id)
    return csv_answer(gallery.rows(campaign, Filter.from_args(request.args)), f"entries-{campaign.public_id}")


@bp.post("/entries/<public_id>/accept")
@allow(Permission.CONTENT_REVIEW)
def accept(public_id: str) -> Response:
    return _do(
        public_id, lambda entry: _decide(entry, Verdict.PUBLISH), _("Accepted. It counts, and its author is told.")
    )


@bp.post("/entries/<public_id>/refuse")
@allow(Permission.CONTENT_REVIEW)
def refuse(public_id: str) -> Response:
    """By a clause, before or after it was accepted. What is critical of us needs a second person, who is asked."""
    return _do(public_id, _refuse, _("Decided. Its author is told the clause and the reason."))


@bp.post("/entries/<public_id>/feature")
@allow(Permission.CONTENT_REVIEW)
def feature(public_id: str) -> Response:
    said = _("It stands in the gallery.")
    return _do(public_id, lambda entry: gallery.feature(entry, by=current_user, at=clock.now()), said)


@bp.post("/entries/<public_id>/unfeature")
@allow(Permission.CONTENT_REVIEW)
def unfeature(public_id: str) -> Response:
    said = _("It is out of the gallery, and still accepted.")
    return _do(public_id, lambda entry: gallery.unfeature(entry, by=current_user, at=clock.now()), said)


def _refuse(entry: MissionEntry) -> None:
    _decide(entry, AGAINST.get(entry.submission.state, Verdict.REFUSE))


def _decide(entry: MissionEntry, verdict: Verdict) -> None:
    given = {"clause": request.form.get("clause", ""), "reason": request.form.get("reason", "")}
    decision = deciding.decide(entry.submission, verdict, by=current_user, at=clock.now(), **given)
    if decision.verdict is Verdict.PROPOSE:
        flash(_("It is critical of us: somebody else has to agree first."), "info")


def _do(public_id: str, change: Callable[[MissionEntry], object], said: str) -> Response:
    """Let it happen and say so, or say why not; then back to the list as it was filtered."""
    entry = one_or_404(MissionEntry.visible_to(current_user), public_id)
    back = url_for(
        "entries.index", public_id=entry.mission.campaign.public_id, **asdict(Filter.from_args(request.args))
    )
    return act(lambda: change(entry), said, back)


def _campaign(public_id: str) -> Campaign:
    return one_or_404(Campaign.visible_to(current_user, clock.now()), public_id)
