"""Reported profiles, for staff: look, leave it, take it away with a reason, or give it back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from commons import clock
from commons.db import db
from commons.permissions import Permission
from commons.web import allow, go, one_or_404
from community.circle.people import profiles, reporting, showing
from community.circle.people.forms import TakeAwayForm
from community.circle.people.models import PublicProfile
from community.members.models import Member

bp = Blueprint("people_desk", __name__, url_prefix="/people")


@bp.get("")
@allow(Permission.CONTENT_REVIEW)
def index() -> str:
    """What was reported, and who asks for another look."""
    return render_template(
        "community/circle/people/desk.html", reports=reporting.open_ones(), asked=reporting.asked_again()
    )


@bp.get("/<public_id>")
@allow(Permission.CONTENT_REVIEW)
def one(public_id: str) -> str:
    """The profile as everybody sees or saw it, and what can be done."""
    return _page(_profile(public_id), TakeAwayForm())


@bp.post("/<public_id>/leave-it")
@allow(Permission.CONTENT_REVIEW)
def leave_it(public_id: str) -> Response:
    """It breaks no rule; or, after another look, it stays away."""
    profile = _profile(public_id)
    reporting.settle(profile, clock.now())
    profiles.stay_away(profile, current_user, clock.now())
    return _done(_("It stays as it is."))


@bp.post("/<public_id>/take-away")
@allow(Permission.CONTENT_REVIEW)
def take_away(public_id: str) -> Response:
    """Nobody sees it any more; the reason goes to its owner."""
    profile, form = _profile(public_id), TakeAwayForm()
    if not form.validate_on_submit():
        return make_response(_page(profile, form), 422)
    reporting.settle(profile, clock.now())
    profiles.take_away(profile, str(form.reason.data), current_user, clock.now())
    return _done(_("The profile is gone; its owner was told why."))


@bp.post("/<public_id>/give-back")
@allow(Permission.CONTENT_REVIEW)
def give_back(public_id: str) -> Response:
    """It may be shown again."""
    profiles.give_back(_profile(public_id), current_user, clock.now())
    return _done(_("The profile is back; its owner was told."))


def waiting(_user: Any) -> int:
    """How many profiles wait for a look: the number in the navigation."""
    return reporting.waiting()


def _page(profile: PublicProfile, form: TakeAwayForm) -> str:
    reported = next((found for found in reporting.open_ones() if found.profile.id == profile.id), None)
    return render_template(
        "community/circle/people/one.html",
        profile=profile,
        shown=showing.shown(profile, clock.now()),
        reported=reported,
        form=form,
    )


def _profile(public_id: str) -> PublicProfile:
    member = one_or_404(select(Member).where(Member.erased_at.is_(None)), public_id)
    return profiles.profile_of(member) or abort(404)


def _done(words: str) -> Response:
    db.session.commit()
    flash(words, "good")
    return go(url_for("people_desk.index"))
