"""Orders on screen, the keys of shops, and the call by which a shop tells an order."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import StringField
from wtforms.validators import Length

from campaigns.links.conversions import calling, reading
from campaigns.links.conversions.calling import keys
from campaigns.links.conversions.models import SigningKey
from campaigns.links.models import Link
from commons import clock
from commons.calls.signing import HEADERS, Call, CallRefused
from commons.db import db
from commons.extensions import csrf, limiter
from commons.forms import Form, required
from commons.paging import asked_page
from commons.permissions import Permission
from commons.security import Limit, visitor_address
from commons.tables import csv_answer
from commons.web import absolute_url, allow, go, one_or_404, public

bp = Blueprint("link_orders", __name__)

MOST_BYTES = 64 * 1024

calls_limit: Limit = limiter.shared_limit("1200 per minute", scope="order calls", key_func=visitor_address)


class KeyForm(Form):
    name = StringField(_l("Which shop signs with it"), validators=[required(), Length(max=80)])


@bp.post("/api/link-orders")
@public
@csrf.exempt  # type: ignore[untyped-decorator]
@calls_limit
def call() -> Response:
    """Take a signed call: 201 for a new order, 200 for one that is known, else a refusal with a name."""
    try:
        request.max_content_length = MOST_BYTES
        conversion, is_new = calling.take(Call.of(request.headers, request.get_data(cache=False)), clock.now())
    except CallRefused as refusal:
        db.session.rollback()
        return make_response(jsonify(error={"name": refusal.name, "message": refusal.message}), refusal.status)
    db.session.commit()
    told = {"order": conversion.order, "id": conversion.public_id, "link": conversion.link.slug, "new": is_new}
    return make_response(jsonify(told), 201 if is_new else 200)


@bp.get("/links/orders")
@allow(Permission.LINK_READ)
def index() -> str:
    """Orders of all links, or of the one that `link` names."""
    link = _asked_link()
    page = reading.page(link, asked_page())
    return render_template("campaigns/links/conversions/index.html", page=page, sum=reading.sum_of(link), link=link)


@bp.get("/links/orders.csv")
@allow(Permission.LINK_READ)
def export() -> Response:
    return csv_answer(reading.rows(_asked_link()), "link-orders")


@bp.get("/links/keys")
@allow(Permission.LINK_WRITE)
def key_list() -> Response:
    return _keys_page(KeyForm(formdata=None))


@bp.post("/links/keys")
@allow(Permission.LINK_WRITE)
def make_key() -> Response:
    """Make a key and show its secret, in this one answer and never again."""
    form = KeyForm()
    if not form.validate_on_submit():
        return _keys_page(form, 422)
    key, secret = keys.make(form.name.data or "", by=current_user, at=clock.now())
    db.session.commit()
    answer = _keys_page(KeyForm(formdata=None), fresh=key, secret=secret)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/links/keys/<public_id>/end")
@allow(Permission.LINK_WRITE)
def end_key(public_id: str) -> Response:
    keys.end(one_or_404(SigningKey.visible_to(current_user), public_id), by=current_user, at=clock.now())
    db.session.commit()
    return go(url_for("link_orders.key_list"))


def _asked_link() -> Link | None:
    public_id = request.args.get("link", "")
    return one_or_404(Link.visible_to(current_user), public_id) if public_id else None


def _keys_page(form: KeyForm, status: int = 200, fresh: SigningKey | None = None, secret: str = "") -> Response:
    context = {
        "form": form,
        "keys": keys.listed(),
        "fresh": fresh,
        "secret": secret,
        "address": absolute_url("link_orders.call"),
        "headers": HEADERS,
    }
    return make_response(render_template("campaigns/links/conversions/keys.html", **context), status)
