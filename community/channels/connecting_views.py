"""Connecting an account: choose the kind, fill in what it asks for or agree on its pages, and be back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Response, abort, flash, make_response, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import absolute_url, allow, go, one_or_404
from community.channels import connecting
from community.channels.forms import ConnectForm, connect_form
from community.channels.models import ChannelAccount
from community.channels.protocol import Authorizing, Channel, Connection, channel_named
from community.channels.views import bp

STATE = "channel_consent"


@bp.get("/new")
@allow(Permission.CHANNEL_MANAGE)
def new() -> str:
    return render_template("community/channels/new.html", channels=connecting.connectable(), consents=_consents)


@bp.get("/new/<name>")
@allow(Permission.CHANNEL_MANAGE)
def begin(name: str) -> str:
    channel = _channel(name)
    return _form_page(channel, connect_form(channel, {}), None)


@bp.post("/new/<name>")
@allow(Permission.CHANNEL_MANAGE)
@posting_limit
def connect(name: str) -> Response:
    return _connect(_channel(name), None)


@bp.get("/<public_id>/reconnect")
@allow(Permission.CHANNEL_MANAGE)
def begin_again(public_id: str) -> str:
    account = one_or_404(ChannelAccount.visible_to(current_user), public_id)
    channel = _channel(account.channel)
    return _form_page(channel, connect_form(channel, account.typed), account)


@bp.post("/<public_id>/reconnect")
@allow(Permission.CHANNEL_MANAGE)
@posting_limit
def connect_again(public_id: str) -> Response:
    account = one_or_404(ChannelAccount.visible_to(current_user), public_id)
    return _connect(_channel(account.channel), account)


@bp.get("/callback")
@allow(Permission.CHANNEL_MANAGE)
def callback() -> Response:
    """Where a network sends people back to: with a code, or with a refusal."""
    state, code, at = request.args.get("state", ""), request.args.get("code", ""), clock.now()
    if not state or session.pop(STATE, "") != state:
        return _back(_("This consent was not begun in this browser. Begin again."))
    try:
        consent = connecting.take_consent(state, by=current_user, at=at)
        if not code:
            return _back(_("The network says that you did not agree. Nothing was changed."))
        connection = connecting.exchange(consent, code, _redirect_uri(), clock.now())
        return _keep(connection, consent.channel, consent.typed, consent.account_id)
    except DomainError as refusal:
        return _back(refusal.in_full)


def _connect(channel: Channel, account: ChannelAccount | None) -> Response:
    form = connect_form(channel, account.typed if account else {})
    if not form.validate_on_submit():
        return make_response(_form_page(channel, form, account), 422)
    values, wanted_id = form.values, account.id if account else None
    try:
        if isinstance(channel, Authorizing) and not values.get("token"):
            return _send_away(channel, channel.name, values, account)
        connection = connecting.ask(channel.name, values, clock.now())
        return _keep(connection, channel.name, connecting.without_secrets(channel.name, values), wanted_id)
    except DomainError as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.in_full)
        return make_response(_form_page(channel, form, account), refusal.status)


def _send_away(channel: Authorizing, name: str, values: Mapping[str, str], account: ChannelAccount | None) -> Response:
    """A page with the way there: browsers do not let a form of ours end on another website."""
    begun = connecting.begin_consent(channel, name, values, _redirect_uri(), account, by=current_user, at=clock.now())
    db.session.commit()
    session[STATE] = begun.state
    host = urlsplit(begun.address).hostname or ""
    return make_response(
        render_template(
            "community/channels/away.html", channel=_channel(name), address=begun.address, host=host, account=account
        )
    )


def _keep(connection: Connection, name: str, typed: Mapping[str, Any], wanted_id: int | None) -> Response:
    account = connecting.keep(connection, name, typed, wanted_id, by=current_user, at=clock.now())
    db.session.commit()
    if connection.reveal:
        page = render_template("community/channels/connected.html", account=account, secret=connection.reveal)
        return make_response(page, 200, {"Cache-Control": "no-store"})
    flash(_("%(account)s is connected.", account=account.name), "good")
    return go(url_for("channels.show", public_id=account.public_id))


def _form_page(channel: Channel, form: ConnectForm, account: ChannelAccount | None) -> str:
    return render_template(
        "community/channels/connect.html",
        channel=channel,
        form=form,
        account=account,
        by_consent=isinstance(channel, Authorizing),
        callback=_redirect_uri(),
    )


def _channel(name: str) -> Channel:
    """The kind that accounts can be connected of; 404 for any other."""
    try:
        channel = channel_named(name)
    except LookupError:
        abort(404)
    if channel.facts.transactional:
        abort(404)
    return channel


def _consents(channel: Channel) -> bool:
    return isinstance(channel, Authorizing)


def _back(words: str) -> Response:
    flash(words, "bad")
    return go(url_for("channels.index"))


def _redirect_uri() -> str:
    return absolute_url("channels.callback")
