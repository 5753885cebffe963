"""A fan takes what the sign-in provider told into the profile, or does not."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _

from commons import clock
from commons.db import db
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import allow
from community.members.current import the_member
from community.members.profiles import guardians, offering
from community.members.profiles.views import bp


@bp.post("/offer/take")
@allow(Permission.TAKE_PART)
@posting_limit
def take_offer() -> Response:
    member, at = the_member(), clock.now()
    offer = offering.offer_to(member, at)
    if offer is None:
        flash(_("Nothing waits here any more."), "info")
    elif offering.take(member, offer, at):
        flash(_("It stands in your profile now. You can change or clear it."), "good")
    elif guardians.is_awaited(member.id):
        flash(_("A guardian has to agree first. Nothing was kept."), "warn")
    db.session.commit()
    return _back()


@bp.post("/offer/drop")
@allow(Permission.TAKE_PART)
def drop_offer() -> Response:
    offering.forget()
    flash(_("Nothing of it is kept."), "info")
    return _back()


def _back() -> Response:
    return redirect(url_for("profiles.index"), 303)  # type: ignore[return-value]
