"""Signing in and out, and the choices that every visitor has."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock, i18n, security, zones
from commons.accounts import addresses, sessions, signing_in, slots
from commons.accounts.forms import SignInForm
from commons.accounts.identities import providers
from commons.accounts.models import User
from commons.db import db
from commons.web import public, safe_next

THEMES = ("auto", "light", "dark")
ONE_YEAR = 365 * 24 * 3600

bp = Blueprint("accounts", __name__, url_prefix="/accounts")


def home_of(user: User) -> str:
    """Where somebody starts: staff on the staff side, fans in the circle."""
    return url_for("staff.home") if user.is_staff else "/"


def browser() -> str:
    """What this browser calls itself."""
    return request.user_agent.string


def _typed_account() -> str:
    return addresses.normal(request.form.get("email", "")) or security.visitor_address()


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@security.guessing_limit
@security.guessing_limit_of(_typed_account)
def sign_in() -> Response:
    if current_user.is_authenticated:
        return make_response(redirect(safe_next(home_of(current_user)), 303))
    form = SignInForm()
    unconfirmed = ""
    if form.validate_on_submit():
        try:
            user = signing_in.sign_in(form.email.data or "", form.password.data or "", clock.now(), browser())
        except signing_in.NotConfirmed as refusal:
            form.form_errors.append(refusal.message)
            unconfirmed = form.email.data or ""
        except signing_in.WrongPair as refusal:
            form.form_errors.append(refusal.message)
        else:
            db.session.commit()
            return make_response(redirect(safe_next(home_of(user)), 303))
    demo = [name for names in slots.demo_names for name in names()] if current_app.extensions["settings"].demo else []
    page = render_template(
        "commons/accounts/sign_in.html",
        form=form,
        unconfirmed=unconfirmed,
        demo=demo,
        next=safe_next(""),
        others=providers.known(),
    )
    return make_response(page, 422 if form.is_submitted() else 200)


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    sessions.leave(clock.now())
    db.session.commit()
    flash(_("You are signed out."), "info")
    return make_response(redirect("/", 303))


@bp.post("/preferences")
@public
def preferences() -> Response:
    """Language, zone and appearance, each kept as soon as it is chosen: in this browser and, if there is one, the account."""
    answer = make_response(redirect(safe_next("/"), 303))
    _choose_language(request.form.get("language", ""))
    _choose_zone(request.form.get("zone", ""))
    theme = request.form.get("theme", "")
    if theme in THEMES:
        answer.set_cookie("theme", theme, max_age=ONE_YEAR, samesite="Lax", secure=request.is_secure, httponly=True)
    db.session.commit()
    return answer


def _choose_language(language: str) -> None:
    if language not in i18n.LANGUAGES:
        return
    session["language"] = language
    if current_user.is_authenticated:
        current_user.language = language


def _choose_zone(zone: str) -> None:
    if current_user.is_authenticated and zone in zones.names():
        current_user.zone = zone
