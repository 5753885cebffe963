"""A forgotten password."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from commons import clock, security
from commons.accounts import mailed, recovering, signing_in
from commons.accounts.forms import AddressForm, ResetForm
from commons.accounts.mailed import Purpose
from commons.accounts.views import bp, browser, home_of
from commons.db import db
from commons.web import public


@bp.route("/forgot", methods=["GET", "POST"])
@public
@security.mailing_limit_on_post
def forgot() -> Response:
    form = AddressForm()
    if not form.validate_on_submit():
        page = render_template("commons/accounts/forgot.html", form=form)
        return make_response(page, 422 if form.is_submitted() else 200)
    recovering.ask(form.email.data or "", clock.now())
    db.session.commit()
    flash(_("If there is an account with that address, an email is on its way. Check the spam folder too."), "info")
    return make_response(redirect(url_for("accounts.sign_in"), 303))


@bp.get("/reset/<token>")
@public
def reset(token: str) -> Response:
    mailed.look(token, Purpose.RESET, clock.now())
    return make_response(render_template("commons/accounts/reset.html", form=ResetForm()))


@bp.post("/reset/<token>")
@public
@security.guessing_limit
def reset_now(token: str) -> Response:
    at = clock.now()
    form = ResetForm()
    mailed.look(token, Purpose.RESET, at)
    if not form.validate_on_submit():
        return make_response(render_template("commons/accounts/reset.html", form=form), 422)
    user = recovering.reset(token, form.password.data or "", at)
    signing_in.enter(user, at, browser())
    db.session.commit()
    flash(_("Your new password is set, and your other browsers are signed out."), "good")
    return make_response(redirect(home_of(user), 303))
