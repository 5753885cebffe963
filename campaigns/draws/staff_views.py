"""Draws for those who run them: the rules while they are a draft, the launch, a round brought by hand."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.draws import drawing, writing
from campaigns.draws.forms import DrawForm, SignatureForm
from campaigns.draws.models import Draw, DrawState, Eligibility, Jurisdiction, Source
from campaigns.draws.views import bp, page
from campaigns.draws.writing import WantedPrize
from campaigns.planning.models import Campaign
from commons import clock
from commons.acting import act
from commons.admin import brand
from commons.db import db
from commons.errors import DomainError
from commons.permissions import Permission
from commons.web import allow, go, one_or_404


@bp.get("/new/<campaign_id>")
@allow(Permission.DRAW_WRITE)
def new(campaign_id: str) -> str:
    campaign = _campaign(campaign_id)
    form = DrawForm.blank(campaign, str(brand.current().name))
    return render_template("campaigns/draws/edit.html", form=form, campaign=campaign, draw=None)


@bp.post("/new/<campaign_id>")
@allow(Permission.DRAW_WRITE)
def create(campaign_id: str) -> Response:
    return _save(None, _campaign(campaign_id))


@bp.get("/<public_id>/edit")
@allow(Permission.DRAW_WRITE)
def edit(public_id: str) -> Response:
    draw = _visible(public_id)
    if draw.state is not DrawState.DRAFT:
        flash(_("Fans have read these rules; they no longer change."), "warn")
        return go(url_for("draws.show", public_id=public_id))
    shown = render_template("campaigns/draws/edit.html", form=DrawForm.of(draw), campaign=draw.campaign, draw=draw)
    return make_response(shown)


@bp.post("/<public_id>/edit")
@allow(Permission.DRAW_WRITE)
def update(public_id: str) -> Response:
    draw = _visible(public_id)
    return _save(draw, draw.campaign)


@bp.post("/<public_id>/launch")
@allow(Permission.DRAW_WRITE)
def launch(public_id: str) -> Response:
    said = _("The rules are published and stand. Everything from here on happens by itself.")
    return do(public_id, lambda draw: writing.launch(draw, by=current_user, at=clock.now()), said)


@bp.post("/<public_id>/discard")
@allow(Permission.DRAW_WRITE)
def discard(public_id: str) -> Response:
    draw = _visible(public_id)
    board = url_for("control.show", public_id=draw.campaign.public_id)
    writing.discard(draw)
    db.session.commit()
    flash(_("The draft is gone."), "good")
    return go(board)


@bp.post("/<public_id>/signature")
@allow(Permission.DRAW_WRITE)
def bring(public_id: str) -> Response:
    """The round of the beacon, from a person: it is proven like one from a mirror."""
    form = SignatureForm()
    if not form.validate_on_submit():
        shown = page(_visible(public_id), signature=form)
        return make_response(render_template("campaigns/draws/show.html", **shown), 422)
    brought = (form.signature.data or "").strip().lower()
    return do(public_id, lambda draw: drawing.draw_by(draw, brought, clock.now()), _("Drawn."))


def do(public_id: str, change: Callable[[Draw], object], said: str, back: str = "") -> Response:
    """Let it happen and say so, or say why not; then back to where the button stood."""
    draw = _visible(public_id)
    return act(lambda: change(draw), said, back or url_for("draws.show", public_id=public_id))


def _save(draw: Draw | None, campaign: Campaign) -> Response:
    form = DrawForm()
    if not form.validate_on_submit():
        return _form_again(form, draw, campaign, 422)
    draw_id = draw.public_id if draw else None
    try:
        written = writing.write(draw, campaign, _wanted(form), by=current_user, at=clock.now())
    except DomainError as refusal:
        campaign_id = campaign.public_id
        db.session.rollback()
        form.form_errors.append(refusal.message)
        return _form_again(form, _visible(draw_id) if draw_id else None, _campaign(campaign_id), refusal.status)
    db.session.commit()
    flash(_("Saved as a draft. Read it once more, then launch it."), "good")
    return go(url_for("draws.show", public_id=written.public_id))


def _form_again(form: DrawForm, draw: Draw | None, campaign: Campaign, status: int) -> Response:
    shown = render_template("campaigns/draws/edit.html", form=form, draw=draw, campaign=campaign)
    return make_response(shown, status)


def _wanted(form: DrawForm) -> writing.Wanted:
    lines = [line.form for line in form.prizes if line.form.wanted]
    now = clock.now()
    return writing.Wanted(
        title=(form.title.data or "").strip(),
        how=(form.how.data or "").strip().replace("\r\n", "\n"),
        organiser=(form.organiser.data or "").strip(),
        eligibility=Eligibility(form.eligibility.data),
        jurisdiction=Jurisdiction(form.jurisdiction.data),
        source=Source(form.source.data),
        closes=form.closes.data or now,
        draws=form.draws.data or now,
        zone=form.zone.data,
        claim_days=form.claim_days.data or 1,
        prizes=[
            WantedPrize((line.name.data or "").strip(), line.quantity.data or 1, line.value.money, line.by_post.data)
            for line in lines
        ],
    )


def _visible(public_id: str) -> Draw:
    return one_or_404(Draw.visible_to(current_user), public_id)


def _campaign(public_id: str) -> Campaign:
    return one_or_404(Campaign.visible_to(current_user, clock.now()), public_id)
