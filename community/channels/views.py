"""The brand's accounts on channels: how each stands, what it can do, its zone, asking again, disconnecting."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock
from commons.db import db
from commons.permissions import Permission
from commons.web import allow, go, one_or_404
from community.channels import connecting, handovers, slots
from community.channels.abilities import abilities_of
from community.channels.forms import ZoneForm
from community.channels.listing import Entry, entry_of, listed
from community.channels.models import ChannelAccount

bp = Blueprint("channels", __name__, url_prefix="/channels")


@bp.get("")
@allow(Permission.POST_READ)
def index() -> str:
    at = clock.now()
    entries = listed(current_user, at)
    return render_template(
        "community/channels/index.html",
        connected=[entry for entry in entries if entry.account.disconnected_at is None],
        disconnected=[entry for entry in entries if entry.account.disconnected_at is not None],
        waiting=len(waiting_handovers()),
    )


@bp.get("/<public_id>")
@allow(Permission.POST_READ)
def show(public_id: str) -> str:
    account = one_or_404(ChannelAccount.visible_to(current_user), public_id)
    return _page(entry_of(account, clock.now()), ZoneForm(zone=account.zone))


@bp.post("/<public_id>/zone")
@allow(Permission.CHANNEL_MANAGE)
def zone(public_id: str) -> Response:
    account = one_or_404(ChannelAccount.visible_to(current_user), public_id)
    form = ZoneForm()
    if not form.validate_on_submit():
        return make_response(_page(entry_of(account, clock.now()), form), 422)
    connecting.set_zone(account, form.zone.data, by=current_user, at=clock.now())
    db.session.commit()
    flash(_("The time zone is %(zone)s now.", zone=account.zone), "good")
    return go(url_for("channels.show", public_id=public_id))


@bp.post("/<public_id>/check")
@allow(Permission.CHANNEL_MANAGE)
def check(public_id: str) -> Response:
    """Ask the network how the account stands."""
    account = one_or_404(ChannelAccount.visible_to(current_user), public_id)
    _only_networks(account)
    wrong = connecting.check(account, clock.now())
    flash(wrong or _("It answers, and the sign-in holds."), "bad" if wrong else "good")
    return go(url_for("channels.show", public_id=public_id))


@bp.post("/<public_id>/disconnect")
@allow(Permission.CHANNEL_MANAGE)
def disconnect(public_id: str) -> Response:
    account = one_or_404(ChannelAccount.visible_to(current_user), public_id)
    _only_networks(account)
    connecting.disconnect(account, by=current_user, at=clock.now())
    db.session.commit()
    flash(_("Disconnected. What was planned on it is kept."), "good")
    return go(url_for("channels.show", public_id=public_id))


def waiting_handovers() -> list[handovers.HandOver]:
    """What lies with a person and is still waited for."""
    given = handovers.unanswered()
    keys = {one.key for one in given}
    wanted = {key for ask in slots.waiting for key in ask(keys)} if slots.waiting else keys
    return [one for one in given if one.key in wanted]


def _page(entry: Entry, form: ZoneForm) -> str:
    account = entry.account
    return render_template(
        "community/channels/show.html",
        entry=entry,
        account=account,
        form=form,
        abilities=abilities_of(account) if entry.channel else [],
        planned_until=slots.last_planned(account),
    )


def _only_networks(account: ChannelAccount) -> None:
    """The circle is our own: there is nobody to ask and nothing to disconnect."""
    channel = entry_of(account, clock.now()).channel
    if channel is None:  # its module is gone: there is nobody to ask either
        abort(404)
    if channel.facts.transactional:
        raise connecting.NotConnected(_("The circle is our own; it is always connected."))
