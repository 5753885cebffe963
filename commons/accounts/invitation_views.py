"""What an invited colleague sees first."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _

from commons import clock, i18n, security
from commons.accounts import inviting, signing_in
from commons.accounts.forms import AcceptForm
from commons.accounts.views import bp, browser, home_of
from commons.db import db
from commons.web import public


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
@security.guessing_limit
def invitation(token: str) -> Response:
    at = clock.now()
    found = inviting.look(token, at)
    form = AcceptForm()
    if not form.validate_on_submit():
        page = render_template("commons/accounts/invitation.html", form=form, invitation=found)
        return make_response(page, 422 if request.method == "POST" else 200)
    user = inviting.accept(token, form.name.data or "", form.password.data or "", at, i18n.language())
    signing_in.enter(user, at, browser())
    db.session.commit()
    flash(_("Welcome to the team, %(name)s.", name=user.name), "good")
    return make_response(redirect(home_of(user), 303))
