"""Draws for everybody to read and check, and for fans to see where they stand and take what they won."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request, stream_with_context, url_for
from flask_login import current_user

from campaigns.draws import awarding, publishing, ranking, reading, sending, wording
from campaigns.draws.beacon import QUICKNET
from campaigns.draws.drawing import committed
from campaigns.draws.forms import SignatureForm
from campaigns.draws.models import Draw, DrawAward, Source
from campaigns.draws.proving import proof_of
from campaigns.draws.writing import promised
from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.forms import AddressForm
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import allow, one_or_404, public, region
from community.members.current import current_member, the_member

bp = Blueprint("draws", __name__, url_prefix="/draws")

SCRIPT = Path(__file__).with_name("check_draw.py")


@bp.get("")
@public
def index() -> str:
    past = "past" in request.args
    draws = reading.listed(current_user, past=past)
    return render_template("campaigns/draws/index.html", draws=draws, past=past, states=wording.STATES)


@bp.get("/check")
@public
def check() -> str:
    """The page on which a browser recomputes a draw by itself, and the way to do it without any browser."""
    return render_template("campaigns/draws/check.html", lines=len(SCRIPT.read_text().splitlines()))


@bp.get("/check_draw.py")
@public
def script() -> Response:
    return _download(SCRIPT.read_bytes(), SCRIPT.name, "text/x-python")


@bp.get("/<public_id>")
@public
def show(public_id: str) -> str:
    return render_template("campaigns/draws/show.html", **page(_visible(public_id)))


@bp.get("/<public_id>/rules.json")
@public
def rules(public_id: str) -> Response:
    """The rules as they were published, byte for byte."""
    draw = _visible(public_id)
    if draw.launched_at is None:
        abort(404)
    return _download(draw.rules.encode(), f"rules-{draw.public_id}.json")


@bp.get("/<public_id>/draw.json")
@public
def file(public_id: str) -> Response:
    """All that it takes to recompute the draw."""
    draw = _visible(public_id)
    if draw.drawn_at is None:
        abort(404)
    return _download(stream_with_context(publishing.published(draw)), f"draw-{draw.public_id}.json")


@bp.get("/<public_id>/proof.json")
@allow(Permission.TAKE_PART)
def proof(public_id: str) -> Response:
    """The fan's own proof that he stands on the list."""
    draw = _visible(public_id)
    entry = reading.mine(draw, the_member()).entry
    if entry is None or entry.position is None:
        abort(404)
    return _download(ranking.canonical(proof_of(entry)), f"proof-{draw.public_id}.json")


@bp.post("/awards/<public_id>/accept")
@allow(Permission.TAKE_PART)
@posting_limit
def accept(public_id: str) -> Response:
    return _settle(public_id, lambda award: awarding.accept(award, clock.now()))


@bp.post("/awards/<public_id>/decline")
@allow(Permission.TAKE_PART)
@posting_limit
def decline(public_id: str) -> Response:
    return _settle(public_id, lambda award: awarding.decline(award, clock.now()))


@bp.post("/awards/<public_id>/address")
@allow(Permission.TAKE_PART)
@posting_limit
def address(public_id: str) -> Response:
    form = AddressForm()
    if not form.validate_on_submit():
        award = _award(public_id)
        return make_response(render_template("campaigns/draws/show.html", **page(award.draw, address=form)), 422)
    return _settle(public_id, lambda award: sending.give_address(award, form.address, clock.now()))


def page(draw: Draw, **more: Any) -> dict[str, Any]:
    """Everything that the page of a draw shows to whoever looks."""
    own = reading.mine(draw, current_member())
    awards = publishing.awards_of(draw) if draw.drawn_at else []
    standing = [award for award in awards if award.ended_at is None]
    shown: dict[str, Any] = {
        "draw": draw,
        "rules": promised(draw) if draw.launched_at else None,
        "count": reading.so_far(draw),
        "mine": own,
        "awards": awards,
        "last": ranking.number(draw.seed or "", standing[-1].entry.entry) if standing else None,
        "committed": committed(draw) if draw.frozen_at else None,
        "chain": QUICKNET if draw.source is Source.BEACON else None,
        "address": AddressForm(formdata=None, **((own.award.address if own.award else None) or {})),
        "signature": SignatureForm(formdata=None),
        "refusal": None,
        "words": wording,
        "now": clock.now(),
    }
    return shown | more


def _settle(public_id: str, act: Any) -> Response:
    """Let the winner act; back to the page of the draw, or the region as it really stands with the reason above it."""
    award = _award(public_id)
    draw_id = award.draw.public_id
    try:
        act(award)
    except DomainError as refusal:
        db.session.rollback()
        shown = page(_visible(draw_id), refusal=refusal)
        return region("campaigns/draws/_mine.html", page="campaigns/draws/show.html", status=refusal.status, **shown)
    db.session.commit()
    back = url_for("draws.show", public_id=draw_id)
    return region("campaigns/draws/_mine.html", or_redirect=back, **page(_visible(draw_id)))


def _visible(public_id: str) -> Draw:
    return one_or_404(Draw.visible_to(current_user), public_id)


def _award(public_id: str) -> DrawAward:
    return one_or_404(DrawAward.visible_to(current_user), public_id)


def _download(content: Any, name: str, kind: str = "application/json") -> Response:
    return Response(content, headers={"Content-Disposition": f"attachment; filename={name}", "Content-Type": kind})
