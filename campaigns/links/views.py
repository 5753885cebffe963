"""Making links and reading their visits. What everybody may open is in `open_views`, what changes a link in `changing_views`."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.links import reading, slots, statistics
from campaigns.links.conversions import reading as orders
from campaigns.links.domains import reading as domains
from campaigns.links.forms import DEVICE_WORDS, HOUSE, LinkForm, TargetForm, language_words, region_words
from campaigns.links.making import BadSlug, SlugTaken, address_of, make_link
from campaigns.links.models import Link
from campaigns.planning.models import Campaign
from commons import clock
from commons.db import db
from commons.errors import DomainError, Invalid
from commons.paging import row_id
from commons.permissions import Permission
from commons.tables import table_answer
from commons.web import allow, go, one_or_404

bp = Blueprint("links", __name__)


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
    return render_template("campaigns/links/show.html", link=link, **_about(link), **_counted(link))


@bp.get("/links/<public_id>/curve.json")
@allow(Permission.LINK_READ)
def curve(public_id: str) -> dict[str, object]:
    link = one_or_404(Link.visible_to(current_user), public_id)
    return reading.curve(link, clock.now())


@bp.get("/links/<public_id>/visits.<any(csv, xlsx):kind>")
@allow(Permission.LINK_READ)
def export(public_id: str, kind: str) -> Response:
    """All visits as CSV; as a workbook the newest ones, since it is put together before it is sent."""
    link = one_or_404(Link.visible_to(current_user), public_id)
    rows = reading.visit_rows(link, newest=reading.MOST_IN_A_WORKBOOK if kind == "xlsx" else None)
    return table_answer(kind, [(_("Visits"), rows)], f"visits-{link.public_id}")


@bp.post("/links/<public_id>/end")
@allow(Permission.LINK_WRITE)
def end(public_id: str) -> Response:
    link = one_or_404(Link.visible_to(current_user), public_id)
    link.end(by=current_user, at=clock.now())
    db.session.commit()
    return go(url_for("links.show", public_id=link.public_id))


def the_campaign(form: TargetForm) -> Campaign | None:
    """The campaign that a form names."""
    if not form.campaign.data:
        return None
    return one_or_404(Campaign.visible_to(current_user, clock.now()), form.campaign.data)


def _about(link: Link) -> dict[str, Any]:
    return {
        "address": address_of(link),
        "shown_address": unquote(address_of(link)) if link.domain is None else f"{link.domain.shown_host}/{link.slug}",
        "is_over": link.expires_at is not None and link.expires_at <= clock.now(),
        "history": reading.history(link),
        "device_words": DEVICE_WORDS,
        "language_words": language_words,
        "region_words": region_words,
    }


def _counted(link: Link) -> dict[str, Any]:
    before = row_id(request.args.get("before"))
    return {
        "count": reading.count(link),
        "most_in_a_workbook": reading.MOST_IN_A_WORKBOOK,
        "uniques": statistics.uniques(link),
        "orders": orders.sum_of(link),
        "outcomes": [outcome(link) for outcome in slots.outcomes],
        "ways": statistics.outcomes(link),
        "breakdowns": statistics.breakdowns(link),
        "visits": reading.visits(link, before),
        "before": before,
    }


def _refuse(form: LinkForm, refusal: DomainError) -> Response:
    """The form as it was, with the reason at the field that it is about."""
    field = form.slug if isinstance(refusal, SlugTaken | BadSlug) else form.target
    field.errors = [refusal.in_full]
    return make_response(render_template("campaigns/links/new.html", form=form), refusal.status)


def _make(form: LinkForm) -> Link:
    chosen = form.domain.data
    return make_link(
        form.target.data or "",
        by=current_user,
        at=clock.now(),
        campaign=the_campaign(form),
        title=form.title.data or "",
        slug=form.slug.data or "",
        domain=next((one for one in domains.usable() if chosen != HOUSE and one.public_id == chosen), None),
        utm_source=form.utm_source.data or "",
        utm_medium=form.utm_medium.data or "",
        utm_campaign=form.utm_campaign.data or "",
    )
