"""`/l/<slug>` for everybody; making links and reading their visits for staff."""

from __future__ import annotations

from urllib.parse import unquote

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask_login import current_user

from campaigns.links import following, reading, slots
from campaigns.links.forms import LinkForm
from campaigns.links.making import BadSlug, SlugTaken, address_of, destination, make_link
from campaigns.links.models import Link
from campaigns.planning.models import Campaign
from commons import clock
from commons import qr as qr_codes
from commons.db import db
from commons.errors import DomainError, Invalid
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404, public

bp = Blueprint("links", __name__)


@bp.get("/l/<slug>")
@public
def follow(slug: str) -> Response:
    """302 to the link's destination, never stored by anybody on the way."""
    link = following.find(slug)
    if link is None:
        abort(404)
    following.record(link, request, clock.now())
    answer = make_response(redirect(destination(link), 302))
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer-when-downgrade"
    return answer


@bp.get("/links/<slug>.svg")
@public
def qr(slug: str) -> Response:
    """The QR code of a link's short address, as SVG."""
    link = following.find(slug)
    if link is None:
        abort(404)
    answer = make_response(qr_codes.svg(address_of(link)), {"Content-Type": "image/svg+xml"})
    answer.headers["Cache-Control"] = "public, max-age=86400"
    if "download" in request.args:
        answer.headers["Content-Disposition"] = f"attachment; filename={link.public_id}.svg"
    return answer


@bp.get("/links")
@allow(Permission.LINK_READ)
def index() -> str:
    chosen = reading.Filter.from_args(request.args)
    return render_template("campaigns/links/index.html", page=reading.page(chosen), chosen=chosen)


@bp.get("/links/new")
@allow(Permission.LINK_WRITE)
def new() -> str:
    form = LinkForm(target=request.args.get("target", ""), campaign=request.args.get("campaign", ""))
    return render_template("campaigns/links/new.html", form=form)


@bp.post("/links/new")
@allow(Permission.LINK_WRITE)
def create() -> Response:
    form = LinkForm()
    if not form.validate_on_submit():
        return make_response(render_template("campaigns/links/new.html", form=form), 422)
    try:
        link = _make(form)
    except (SlugTaken, Invalid) as refusal:
        return _refuse(form, refusal)
    db.session.commit()
    return go(url_for("links.show", public_id=link.public_id))


@bp.get("/links/<public_id>")
@allow(Permission.LINK_READ)
def show(public_id: str) -> str:
    link = one_or_404(Link.visible_to(current_user), public_id)
    return render_template(
        "campaigns/links/show.html",
        link=link,
        address=address_of(link),
        shown_address=unquote(address_of(link)),
        count=reading.count(link),
        outcomes=[outcome(link) for outcome in slots.outcomes],
        visits=reading.visits(link),
    )


@bp.get("/links/<public_id>/curve.json")
@allow(Permission.LINK_READ)
def curve(public_id: str) -> dict[str, object]:
    link = one_or_404(Link.visible_to(current_user), public_id)
    return reading.curve(link, clock.now())


@bp.get("/links/<public_id>/visits.csv")
@allow(Permission.LINK_READ)
def export(public_id: str) -> Response:
    link = one_or_404(Link.visible_to(current_user), public_id)
    return csv_answer(reading.visit_rows(link), f"visits-{link.public_id}")


@bp.post("/links/<public_id>/end")
@allow(Permission.LINK_WRITE)
def end(public_id: str) -> Response:
    link = one_or_404(Link.visible_to(current_user), public_id)
    link.end(by=current_user, at=clock.now())
    db.session.commit()
    return go(url_for("links.show", public_id=link.public_id))


def _refuse(form: LinkForm, refusal: DomainError) -> Response:
    """The form as it was, with the reason at the field that it is about."""
    field = form.slug if isinstance(refusal, SlugTaken | BadSlug) else form.target
    field.errors = [" ".join(filter(None, (refusal.message, refusal.advice)))]
    return make_response(render_template("campaigns/links/new.html", form=form), refusal.status)


def _make(form: LinkForm) -> Link:
    campaign = None
    if form.campaign.data:
        campaign = one_or_404(Campaign.visible_to(current_user, clock.now()), form.campaign.data)
    return make_link(
        form.target.data or "",
        by=current_user,
        at=clock.now(),
        campaign=campaign,
        title=form.title.data or "",
        slug=form.slug.data or "",
        utm_source=form.utm_source.data or "",
        utm_medium=form.utm_medium.data or "",
        utm_campaign=form.utm_campaign.data or "",
    )
