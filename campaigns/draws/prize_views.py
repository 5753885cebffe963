"""Prizes on their way, for those who send them: who won what, where it goes, what is late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.draws import reading, sending, wording
from campaigns.draws.forms import SendForm
from campaigns.draws.models import Draw, DrawAward
from campaigns.draws.views import bp
from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.paging import asked_page, page_of
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404

PAGE = 50
NO_STORE = {"Cache-Control": "no-store"}


@bp.get("/<public_id>/prizes")
@allow(Permission.PRIZE_SEND)
def prizes(public_id: str) -> Response:
    draw = _visible(public_id)
    shown = page_of(reading.prize_queue(draw), asked_page(), PAGE)
    page = render_template(
        "campaigns/draws/prizes.html",
        draw=draw,
        page=shown,
        form=SendForm(formdata=None),
        states=wording.AWARD_STATES,
        now=clock.now(),
    )
    return make_response(page, NO_STORE)


@bp.get("/<public_id>/parcels.csv")
@allow(Permission.PRIZE_SEND)
def parcels(public_id: str) -> Response:
    """Every parcel that waits to be sent, with its address."""
    draw = _visible(public_id)
    return csv_answer(_parcels(draw), f"parcels-{draw.public_id}")


@bp.post("/awards/<public_id>/send")
@allow(Permission.PRIZE_SEND)
def send(public_id: str) -> Response:
    award, form = one_or_404(DrawAward.visible_to(current_user), public_id), SendForm()
    back = url_for("draws.prizes", public_id=award.draw.public_id)
    if not form.validate_on_submit():
        flash(_("A parcel number has 80 characters at most."), "bad")
        return go(back)
    try:
        sending.send(award, tracking=form.tracking.data or "", by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        flash(refusal.message, "bad")
    else:
        db.session.commit()
        flash(_("Noted. The winner has been told."), "good")
    return go(back)


def _parcels(draw: Draw) -> Iterator[Sequence[object]]:
    yield "prize", "recipient", "phone", "address", "send_until"
    waiting = reading.prize_queue(draw).where(DrawAward.address.is_not(None), DrawAward.sent_at.is_(None))
    for award in db.session.scalars(waiting).all():
        parts = ((award.address or {}).get(part, "") for part in sending.ADDRESS_PARTS)
        until = award.send_until
        yield award.prize.name, *parts, until.isoformat() if until else ""


def _visible(public_id: str) -> Draw:
    return one_or_404(Draw.visible_to(current_user), public_id)
