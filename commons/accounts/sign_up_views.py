"""Signing up: the form, the mail, the page with the button."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock, i18n, security
from commons.accounts import mailed, signing_in, signing_up, slots, tokens
from commons.accounts.forms import AddressForm, ConfirmForm, SignUpForm
from commons.accounts.identities import providers
from commons.accounts.mailed import Purpose
from commons.accounts.models import MailToken, User
from commons.accounts.views import bp, browser, home_of
from commons.db import db
from commons.web import public


@bp.route("/sign-up", methods=["GET", "POST"])
@public
@security.mailing_limit_on_post
def sign_up() -> Response:
    if current_user.is_authenticated:
        return make_response(redirect(home_of(current_user), 303))
    form = SignUpForm(code=session.get(slots.INVITED_WITH, ""))
    if not form.validate_on_submit():
        page = render_template("commons/accounts/sign_up.html", form=form, others=providers.known(), next="")
        return make_response(page, 422 if form.is_submitted() else 200)
    user = signing_up.sign_up(
        form.name.data or "", form.email.data or "", form.password.data or "", i18n.language(), i18n.zone(), clock.now()
    )
    session[slots.INVITED_WITH] = form.code.data or ""
    if user.confirmed_at is None:
        for signed_up in slots.signed_up:
            signed_up(user, clock.now())
    # A session can be read by whoever has it: for an address that is taken, one that looks like all others.
    session["signed_up"] = _mark(user) if user.confirmed_at is None else tokens.hash_of(tokens.fresh())
    session["mailed_to"] = form.email.data
    db.session.commit()
    return make_response(redirect(url_for("accounts.check_mail"), 303))


@bp.get("/check-mail")
@public
def check_mail() -> Response:
    form = AddressForm(formdata=None, data={"email": session.get("mailed_to", "")})
    return make_response(render_template("commons/accounts/check_mail.html", form=form))


@bp.post("/check-mail")
@public
@security.mailing_limit
def send_again() -> Response:
    form = AddressForm()
    if not form.validate_on_submit():
        return make_response(render_template("commons/accounts/check_mail.html", form=form), 422)
    signing_up.send_link_again(form.email.data or "", clock.now())
    session["mailed_to"] = form.email.data
    db.session.commit()
    flash(_("If that address is waiting to be confirmed, a new email is on its way."), "info")
    return make_response(redirect(url_for("accounts.check_mail"), 303))


@bp.get("/confirm/<token>")
@public
def confirm(token: str) -> Response:
    """Only a page with a button: a mail scanner that opens links confirms nothing."""
    found = _mailed(token)
    return make_response(_confirm_page(found, ConfirmForm(found.user)))


@bp.post("/confirm/<token>")
@public
@security.guessing_limit
def confirm_now(token: str) -> Response:
    """Sign in at once where the form was filled in; elsewhere a password is chosen first.

    Anybody can type an address and a password for it, before its owner does and after. So the password of the form counts
    only in the browser that sent it, and otherwise that of who reads the mail.
    """
    at, found = clock.now(), _mailed(token)
    if _sent_here(found.user):
        user = signing_up.confirm(token, at)
    elif found.used_at is None:
        form = ConfirmForm(found.user)
        if not form.validate_on_submit():
            return make_response(_confirm_page(found, form), 422)
        user = signing_up.confirm_anew(token, form.password.data or "", at)
    else:
        if not current_user.is_authenticated:
            flash(_("Your address is confirmed. Sign in with your password."), "good")
        return make_response(redirect(url_for("accounts.sign_in"), 303))
    signing_in.enter(user, at, browser())
    flash(_("Welcome, %(name)s. You are in.", name=user.name), "good")
    db.session.commit()
    return make_response(redirect(home_of(user), 303))


def _mailed(token: str) -> MailToken:
    """The secret that confirms, or has confirmed already. Raises `Gone`."""
    found = mailed.find(token, Purpose.CONFIRM)
    if found is None or not (found.used_at and found.user.is_active):
        found = mailed.look(token, Purpose.CONFIRM, clock.now())
    return found


def _confirm_page(found: MailToken, form: ConfirmForm) -> str:
    elsewhere = found.used_at is None and not _sent_here(found.user)
    return render_template("commons/accounts/confirm.html", form=form, user=found.user, elsewhere=elsewhere)


def _sent_here(user: User) -> bool:
    """Whether this browser filled in the sign-up that counts."""
    return session.get("signed_up") == _mark(user)


def _mark(user: User) -> str:
    """What a browser keeps of the sign-up it sent: another one with the same address has another hash."""
    return tokens.hash_of(user.password_hash or "")
