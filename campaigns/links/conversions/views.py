"""Orders on screen, the keys of shops, and the call by which a shop tells an order."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, render_template, request
from flask_login import current_user
from werkzeug.datastructures import Headers

from campaigns.links.conversions import calling, reading
from campaigns.links.models import Link
from commons.calls.door import Told, answer_call, calls_limit
from commons.calls.pages import KeyPages
from commons.calls.signing import Call
from commons.extensions import csrf
from commons.paging import asked_page
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, one_or_404, public

bp = Blueprint("link_orders", __name__)

KeyPages(
    ring=calling.keys,
    permission=Permission.LINK_WRITE,
    template="campaigns/links/conversions/keys.html",
    door="link_orders.call",
).put_onto(bp, below="/links")


@bp.post("/api/link-orders")
@public
@csrf.exempt  # type: ignore[untyped-decorator]
@calls_limit("order calls")
def call() -> Response:
    """Take a signed call: 201 for a new order, 200 for one that is known, else a refusal with a name."""
    return answer_call(_take)


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


def _take(headers: Headers, body: bytes, at: datetime) -> Told:
    conversion, is_new = calling.take(Call.of(headers, body), at)
    told = {"order": conversion.order, "id": conversion.public_id, "link": conversion.link.slug, "new": is_new}
    return told, 201 if is_new else 200


def _asked_link() -> Link | None:
    public_id = request.args.get("link", "")
    return one_or_404(Link.visible_to(current_user), public_id) if public_id else None
