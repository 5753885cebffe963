"""Signing in by way of a provider: there, back, and what then; linking and unlinking on the account page."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock, i18n, security
from commons.accounts import signing_in, tokens
from commons.accounts.identities import asking, entering, failures, linking, providers
from commons.accounts.identities.failures import NotIdentified
from commons.accounts.identities.forms import BeginForm, WhereForm
from commons.accounts.identities.models import Identity, IdentityRequest, Purpose
from commons.accounts.identities.providers import Proven, Provider
from commons.accounts.models import User
from commons.accounts.views import browser, home_of
from commons.db import db
from commons.forms import storable
from commons.web import absolute_url, one_or_404, public, safe_next, signed_in

BROWSER = "identity_browser"
REFUSALS = frozenset({"access_denied", "consent_required", "interaction_required", "login_required"})

bp = Blueprint("identities", __name__, url_prefix="/accounts/with")


@bp.get("/<name>")
@public
def begin(name: str) -> Response:
    provider = _provider(name)
    return _begin_page(provider, _form_of(provider), _purpose())


@bp.post("/<name>")
@public
@security.calling_limit
def depart(name: str) -> Response:
    """A page with the way there, which opens by itself: browsers do not let a form of ours end on another website."""
    provider, purpose = _provider(name), _purpose()
    form = _form_of(provider)
    if not form.validate_on_submit():
        return _begin_page(provider, form, purpose, 422)
    where = form.where.data or "" if isinstance(form, WhereForm) else ""
    user_id, at = current_user.id if purpose is Purpose.LINK else None, clock.now()
    session.setdefault(BROWSER, tokens.fresh())
    try:
        address = asking.begin(
            provider, where, purpose, _back_to(name), session[BROWSER],
            user_id=user_id, next_page=safe_next(""), at=at,
        )  # fmt: skip
    except NotIdentified as failure:
        db.session.rollback()
        form.form_errors.append(" ".join(filter(None, (failure.message, failure.advice))))
        return _begin_page(provider, form, purpose, failure.status)
    db.session.commit()
    page = render_template("commons/accounts/identities/away.html", provider=provider, address=address, purpose=purpose)
    return make_response(page, 200, {"Referrer-Policy": "same-origin", "Cache-Control": "no-store"})


@bp.get("/<name>/back")
@public
@security.calling_limit
def back(name: str) -> Response:
    """Where the provider sends people back to: with a code, or with a refusal."""
    provider = _provider(name)
    answer = {key: storable(value) for key, value in request.args.items()}
    purpose = Purpose.LINK if current_user.is_authenticated else Purpose.SIGN_IN
    try:
        begun = asking.take(answer.get("state", ""), session.get(BROWSER, ""), name, clock.now())
        purpose = begun.purpose
        _refuse_without_code(provider, answer)
        proven = provider.arrive(begun.kept, answer, _back_to(name), clock.now())
        return _linked(proven, begun) if purpose is Purpose.LINK else _let_in_by(proven, begun)
    except NotIdentified as failure:
        db.session.rollback()
        return _failed(provider, failure, purpose)


@bp.post("/<public_id>/unlink")
@signed_in
def unlink(public_id: str) -> Response:
    identity = one_or_404(Identity.visible_to(current_user), public_id)
    label = providers.label_of(identity.provider)
    linking.unlink(identity, clock.now())
    db.session.commit()
    flash(_("%(provider)s no longer opens your account.", provider=label), "good")
    return make_response(redirect(url_for("accounts.account", _anchor="identities"), 303))


def _let_in_by(proven: Proven, begun: IdentityRequest) -> Response:
    """The person is in, or finds that the address has an account already."""
    at = clock.now()
    asking.forget_old(at)  # a write, so that everything after it is read under the same lock
    try:
        opened = entering.open_account(proven, language=i18n.language(), zone=i18n.zone(), at=at)
    except entering.KnownAddress as known:
        asking.wait_for_owner(proven, known.owner, session[BROWSER], at, begun.next)
        db.session.commit()
        return make_response(redirect(url_for("identities.known"), 303))
    if opened.is_new:
        entering.welcome(opened.user, proven, at)
    let_in(opened.user)
    if opened.is_new:  # only now: signing in empties the session
        flash(_("Welcome, %(name)s. You are in.", name=opened.user.name), "good")
    db.session.commit()
    return make_response(redirect(begun.next or home_of(opened.user), 303))


def let_in(user: User) -> None:
    """Sign this browser in; an identity that waited in it for just this account is linked."""
    now, secret = clock.now(), session.get(BROWSER, "")
    waiting = asking.waiting(secret, now)
    signing_in.enter(user, now, browser())
    if waiting is not None and waiting.user_id == user.id:
        linking.link(user, asking.proven_of(waiting), now)
        asking.forget_waiting(secret)


def _linked(proven: Proven, begun: IdentityRequest) -> Response:
    """The identity opens the account of whoever is signed in, if that is still the one who asked."""
    at = clock.now()
    asking.forget_old(at)
    user = db.session.get(User, begun.user_id) if begun.user_id else None
    if user is None or not current_user.is_authenticated or current_user.id != user.id:
        raise failures.over()
    linking.link(user, proven, at)
    db.session.commit()
    flash(_("From now on you can sign in with %(provider)s too.", provider=providers.label_of(proven.provider)), "good")
    return make_response(redirect(begun.next or url_for("accounts.account", _anchor="identities"), 303))


def _failed(provider: Provider, failure: NotIdentified, purpose: Purpose) -> Response:
    page = render_template(
        "commons/accounts/identities/failed.html",
        provider=provider,
        failure=failure,
        linking=purpose is Purpose.LINK,
        others=[one for one in providers.known() if one.name != provider.name],
    )
    return make_response(page, failure.status, {"Cache-Control": "no-store"})


def _refuse_without_code(provider: Provider, answer: Mapping[str, str]) -> None:
    if answer.get("error", "") in REFUSALS:
        raise failures.declined(provider.label)
    if not answer.get("code"):
        raise failures.down(provider.label)


def _begin_page(provider: Provider, form: BeginForm, purpose: Purpose, status: int = 200) -> Response:
    page = render_template(
        "commons/accounts/identities/begin.html",
        provider=provider,
        form=form,
        linking=purpose is Purpose.LINK,
        next=safe_next(""),
    )
    return make_response(page, status)


def _form_of(provider: Provider) -> BeginForm:
    return WhereForm() if provider.asks_where else BeginForm()


def _purpose() -> Purpose:
    """Whether somebody who is signed in wants one more way in; for anybody else it is signing in."""
    wants_link = request.values.get("purpose") == Purpose.LINK.value
    return Purpose.LINK if wants_link and current_user.is_authenticated else Purpose.SIGN_IN


def _provider(name: str) -> Provider:
    provider = providers.named(name)
    if provider is None:
        abort(404)
    return provider


def _back_to(name: str) -> str:
    """The address that a provider knows as ours; one for each, so that no answer is mistaken for another's (RFC 9700)."""
    return absolute_url("identities.back", name=name)
