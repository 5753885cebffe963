"""The address that a provider answers for has an account already: its owner opens it once, and the two are linked."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, session, url_for
from flask_babel import gettext as _

from commons import clock, security
from commons.accounts import signing_in
from commons.accounts.identities import asking, providers
from commons.accounts.identities.forms import KnownForm
from commons.accounts.identities.models import IdentityRequest
from commons.accounts.identities.views import BROWSER, bp, let_in
from commons.accounts.views import home_of
from commons.db import db
from commons.errors import DomainError
from commons.web import public


def _counted() -> str:
    """Whom to count wrong passwords against: the account, as the sign-in page does."""
    waiting = _waiting()
    return (waiting.user.email or "") if waiting is not None and waiting.user else security.visitor_address()


@bp.get("/known")
@public
def known() -> Response:
    waiting = _waiting()
    return _to_sign_in() if waiting is None else _page(waiting, KnownForm())


@bp.post("/known")
@public
@security.guessing_limit
@security.guessing_limit_of(_counted)
def open_known() -> Response:
    """The password opens the account, once; from then on the identity does too."""
    waiting, form = _waiting(), KnownForm()
    if waiting is None or waiting.user is None:
        return _to_sign_in()
    if not form.validate_on_submit():
        return _page(waiting, form)
    try:
        user = signing_in.check(waiting.user.email or "", form.password.data or "")
    except DomainError as refusal:
        form.form_errors.append(refusal.message)
        return _page(waiting, form)
    following, label = waiting.next or home_of(user), providers.label_of(waiting.provider)
    let_in(user)
    db.session.commit()
    flash(_("You are in, and from now on %(provider)s opens your account too.", provider=label), "good")
    return make_response(redirect(following, 303))


def _waiting() -> IdentityRequest | None:
    return asking.waiting(session.get(BROWSER, ""), clock.now())


def _page(waiting: IdentityRequest, form: KnownForm) -> Response:
    page = render_template(
        "commons/accounts/identities/known.html",
        form=form,
        label=providers.label_of(waiting.provider),
        email=waiting.user.email if waiting.user else "",
        others=[one for one in providers.known() if one.name != waiting.provider],
    )
    return make_response(page, 422 if form.is_submitted() else 200)


def _to_sign_in() -> Response:
    return make_response(redirect(url_for("accounts.sign_in"), 303))
