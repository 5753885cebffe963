"""One's own account: name, language, address, password, browsers, data."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock, security
from commons.accounts import browsers, changing, leaving, mailed, sessions
from commons.accounts.forms import ErasingForm, NameForm, NewAddressForm, PasswordForm, ReadingForm, reading_form
from commons.accounts.identities import linking, providers
from commons.accounts.mailed import Purpose
from commons.accounts.models import SignIn
from commons.accounts.views import bp
from commons.db import db
from commons.forms import Form
from commons.web import one_or_404, public, signed_in


@bp.get("")
@signed_in
def account() -> Response:
    return _page()


@bp.post("/name")
@signed_in
@security.posting_limit
def name() -> Response:
    form = NameForm(prefix="name")
    if not form.validate_on_submit():
        return _page(name_form=form)
    changing.rename(current_user, form.name.data or "", clock.now())
    return _saved(_("Your name is changed."))


@bp.post("/reading")
@signed_in
def reading() -> Response:
    form = ReadingForm(prefix="reading")
    if not form.validate_on_submit():
        return _page(reading_form=form)
    current_user.language, current_user.zone = form.language.data, form.zone.data
    session["language"] = form.language.data
    db.session.commit()
    return make_response(redirect(url_for("accounts.account"), 303))


@bp.post("/address")
@signed_in
@security.guessing_limit
@security.mailing_limit
def address() -> Response:
    form = NewAddressForm(prefix="address")
    if not form.validate_on_submit():
        return _page(address_form=form)
    changing.ask_new_address(current_user, form.email.data or "", clock.now())
    return _saved(_("Open the email we sent to the new address. Until you confirm it, the old one stays."))


@bp.get("/address/<token>")
@public
def new_address(token: str) -> Response:
    found = mailed.look(token, Purpose.ADDRESS, clock.now())
    return make_response(render_template("commons/accounts/new_address.html", form=Form(), email=found.email))


@bp.post("/address/<token>")
@public
@security.guessing_limit
def new_address_now(token: str) -> Response:
    changing.take_new_address(token, clock.now())
    db.session.commit()
    flash(_("From now on you sign in with your new address."), "good")
    return make_response(redirect(url_for("accounts.account"), 303))


@bp.post("/password")
@signed_in
@security.guessing_limit
def password() -> Response:
    form = PasswordForm(prefix="password")
    if not form.validate_on_submit():
        return _page(password_form=form)
    changing.change_password(current_user, form.password.data or "", clock.now(), keep=sessions.this_sign_in())
    return _saved(_("Your password is changed, and your other browsers are signed out."))


@bp.post("/browsers/<public_id>/end")
@signed_in
def end_browser(public_id: str) -> Response:
    sign_in = one_or_404(SignIn.visible_to(current_user), public_id)
    sessions.end(sign_in, clock.now())
    return _saved(_("That browser is signed out."))


@bp.post("/browsers/end")
@signed_in
def end_browsers() -> Response:
    sessions.end_all(current_user, clock.now(), but=sessions.this_sign_in())
    return _saved(_("You are signed out everywhere else."))


@bp.post("/browsers/end-all")
@signed_in
def end_all_browsers() -> Response:
    sessions.end_all(current_user, clock.now())
    sessions.leave(clock.now())
    db.session.commit()
    flash(_("You are signed out everywhere."), "info")
    return make_response(redirect(url_for("accounts.sign_in"), 303))


@bp.post("/export")
@signed_in
@security.mailing_limit
def export() -> Response:
    at = clock.now()
    text = json.dumps(leaving.export(current_user, at), ensure_ascii=False, indent=2, default=str)
    answer = make_response(text)
    answer.mimetype = "application/json"
    answer.headers["Content-Disposition"] = f'attachment; filename="my-data-{at:%Y-%m-%d}.json"'
    return answer


@bp.route("/delete", methods=["GET", "POST"])
@signed_in
@security.guessing_limit
def delete() -> Response:
    form = ErasingForm()
    if not form.validate_on_submit():
        page = render_template("commons/accounts/delete.html", form=form)
        return make_response(page, 422 if form.is_submitted() else 200)
    leaving.erase(current_user, clock.now())
    db.session.commit()
    sessions.leave(clock.now())
    return make_response(redirect(url_for("accounts.gone"), 303))


@bp.get("/gone")
@public
def gone() -> str:
    return render_template("commons/accounts/gone.html")


def _page(**forms: Form) -> Response:
    """The account page; `forms` are those that came back with something to mend."""
    usual: dict[str, Any] = {
        "name_form": NameForm(formdata=None, obj=current_user, prefix="name"),
        "reading_form": reading_form(current_user),
        "address_form": NewAddressForm(formdata=None, prefix="address"),
        "password_form": PasswordForm(formdata=None, prefix="password"),
    }
    found = sessions.open_of(current_user, clock.now())
    context = {"sign_ins": found, "this": sessions.this_sign_in(), "browser_words": browsers.short, **_identities()}
    context |= usual | forms
    return make_response(render_template("commons/accounts/account.html", **context), 422 if forms else 200)


def _identities() -> dict[str, Any]:
    return {
        "identities": linking.identities_of(current_user),
        "providers": providers.known(),
        "label_of": providers.label_of,
        "can_do_without": linking.can_do_without(current_user),
    }


def _saved(words: str) -> Response:
    db.session.commit()
    flash(words, "good")
    return make_response(redirect(url_for("accounts.account"), 303))
