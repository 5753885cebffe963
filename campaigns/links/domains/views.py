"""Domains on screen, and the proof that the outside asks for."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from wtforms import StringField
from wtforms.validators import Length

from campaigns.links import reading as of_links
from campaigns.links.domains import proving, reading
from campaigns.links.domains.models import LinkDomain
from campaigns.links.door import the_door
from commons import clock
from commons.db import db
from commons.errors import Conflict, Invalid
from commons.forms import Form, required
from commons.permissions import Permission
from commons.security import calling_limit
from commons.web import allow, go, one_or_404, public

bp = Blueprint("link_domains", __name__)


class DomainForm(Form):
    host = StringField(_l("Domain"), validators=[required(), Length(max=253)])


@bp.get("/.well-known/quanzi-links/<token>")
@public
def proof(token: str) -> Response:
    """The proof of the domain by whose name we were asked; 404 under every other name."""
    host = request.host.partition(":")[0].lower()
    query = select(LinkDomain.token).where(LinkDomain.token == token, LinkDomain.host == host)
    if not token.isalnum() or db.session.scalar(query) is None:
        abort(404)
    return make_response(token, {"Content-Type": "text/plain; charset=ascii", "Cache-Control": "no-store"})


@bp.get("/links/domains")
@allow(Permission.LINK_READ)
def index() -> Response:
    return _page(DomainForm(formdata=None))


@bp.post("/links/domains")
@allow(Permission.LINK_WRITE)
def add() -> Response:
    form = DomainForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    try:
        proving.add(form.host.data or "", by=current_user, at=clock.now())
    except (Invalid, Conflict) as refusal:
        form.host.errors = [refusal.in_full]
        return _page(form, refusal.status)
    db.session.commit()
    return go(url_for("link_domains.index"))


@bp.post("/links/domains/<public_id>/check")
@allow(Permission.LINK_WRITE)
@calling_limit
def check(public_id: str) -> Response:
    """Ask the domain for its proof. No transaction is open while the answer is awaited."""
    asked = _domain(public_id)
    host, token = asked.host, asked.token
    db.session.commit()
    trouble = proving.look(host, token)
    domain = _domain(public_id)
    proving.note(domain, trouble, by=current_user, at=clock.now())
    db.session.commit()
    the_door(current_app).forget()
    flash(trouble or _("%(host)s leads here.", host=domain.shown_host), "bad" if trouble else "good")
    return go(url_for("link_domains.index"))


@bp.post("/links/domains/default")
@allow(Permission.LINK_WRITE)
def choose() -> Response:
    """Make a domain the usual one; none named is the house's own."""
    public_id = request.form.get("domain", "")
    proving.make_default(_domain(public_id) if public_id else None, by=current_user, at=clock.now())
    db.session.commit()
    return go(url_for("link_domains.index"))


@bp.post("/links/domains/<public_id>/remove")
@allow(Permission.LINK_WRITE)
def remove(public_id: str) -> Response:
    proving.remove(_domain(public_id), by=current_user, at=clock.now())
    db.session.commit()
    the_door(current_app).forget()
    return go(url_for("link_domains.index"))


def _domain(public_id: str) -> LinkDomain:
    return one_or_404(LinkDomain.visible_to(current_user), public_id)


def _page(form: DomainForm, status: int = 200) -> Response:
    context = {
        "form": form,
        "domains": reading.listed(),
        "default": reading.default(),
        "counts": of_links.links_by_domain(),
        "house": urlsplit(current_app.config["BASE_URL"]).netloc,
        "path_of": proving.path_of,
    }
    return make_response(render_template("campaigns/links/domains/index.html", **context), status)
