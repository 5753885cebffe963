"""The door for calls about payments, and the keys with which shops sign."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for
from flask_login import current_user

from campaigns.payments import shop
from campaigns.payments.calls.models import PaymentKey
from campaigns.payments.calls.receiving import Caller, keys
from campaigns.payments.forms import KeyForm
from campaigns.payments.slots import providers
from commons import clock
from commons.calls.signing import HEADERS, CallRefused
from commons.db import db
from commons.extensions import csrf, limiter
from commons.permissions import Permission
from commons.security import Limit, visitor_address
from commons.web import absolute_url, allow, go, one_or_404, public

bp = Blueprint("payment_calls", __name__)

MOST_BYTES = 64 * 1024

calls_limit: Limit = limiter.shared_limit("1200 per minute", scope="payment calls", key_func=visitor_address)


@bp.post("/api/payments/<provider>/calls")
@public
@csrf.exempt  # type: ignore[untyped-decorator]
@calls_limit
def call(provider: str) -> Response:
    """Take a signed call of a provider: 200 with what became of it, else a refusal with a name."""
    try:
        request.max_content_length = MOST_BYTES
        answer = _caller(provider).called(request.headers, request.get_data(cache=False), clock.now())
    except CallRefused as refusal:
        db.session.rollback()
        return make_response(jsonify(error={"name": refusal.name, "message": refusal.message}), refusal.status)
    db.session.commit()
    return make_response(jsonify(answer), 200)


@bp.get("/payments/keys")
@allow(Permission.PAYMENT_WRITE)
def key_list() -> Response:
    return _keys_page(KeyForm(formdata=None))


@bp.post("/payments/keys")
@allow(Permission.PAYMENT_WRITE)
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


@bp.post("/payments/keys/<public_id>/end")
@allow(Permission.PAYMENT_WRITE)
def end_key(public_id: str) -> Response:
    keys.end(one_or_404(PaymentKey.visible_to(current_user), public_id), by=current_user, at=clock.now())
    db.session.commit()
    return go(url_for("payment_calls.key_list"))


def _caller(name: str) -> Caller:
    """The provider of that name, if it calls. Raises `CallRefused`."""
    for make in providers:
        provider = make()
        if provider.name == name and isinstance(provider, Caller):
            return provider
    raise CallRefused("unknown_provider", 404, "There is no such provider here.")


def _keys_page(form: KeyForm, status: int = 200, fresh: PaymentKey | None = None, secret: str = "") -> Response:
    context = {
        "form": form,
        "keys": keys.listed(),
        "fresh": fresh,
        "secret": secret,
        "address": absolute_url("payment_calls.call", provider=shop.NAME),
        "headers": HEADERS,
    }
    return make_response(render_template("campaigns/payments/calls/keys.html", **context), status)
