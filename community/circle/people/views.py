"""Public profiles: looking at one, one's own switches, and reporting."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from commons import clock
from commons.db import db
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import absolute_url, allow, go, one_or_404, public
from community.circle.interests.forms import ReportForm
from community.circle.interests.models import Reason
from community.circle.people import profiles, reporting, showing
from community.circle.people.forms import ProfileForm
from community.circle.people.models import PublicProfile
from community.members.current import current_member, the_member
from community.members.models import Handle, Member
from community.members.roster import CIRCLE

bp = Blueprint("people", __name__)

NO_STORE = {"Cache-Control": "no-store"}


@bp.get("/circle/people/<public_id>")
@public
def person(public_id: str) -> Response:
    """What a member shows of himself, or who it is that speaks for the brand. Nothing here for everybody else."""
    staff = _staff_handle(public_id)
    if staff is not None:
        posts = showing.words_of(staff)
        return make_response(render_template("community/circle/people/persona.html", posts=posts), NO_STORE)
    member = one_or_404(profiles.public_profiles(), public_id)
    me = current_member()
    page = render_template(
        "community/circle/people/person.html",
        member=member,
        shown=showing.shown(_profile(member), clock.now()),
        me=me,
        reported=me is not None and reporting.has_reported(_profile(member), me),
        address=absolute_url("people.person", public_id=member.public_id),
        picture_address=absolute_url("circle.card_png", public_id=member.public_id),
    )
    return make_response(page, NO_STORE)


@bp.get("/circle/me/profile")
@allow(Permission.TAKE_PART)
def mine() -> str:
    """The switches of one's own profile."""
    return _mine(ProfileForm.of(profiles.profile_of(the_member())))


@bp.post("/circle/me/profile")
@allow(Permission.TAKE_PART)
def change_mine() -> Response:
    """Show what was ticked from now on, and nothing else."""
    form = ProfileForm()
    if not form.validate_on_submit():
        return make_response(_mine(form), 422)
    at = clock.now()
    profiles.change(the_member(), on=form.on.data, parts=form.chosen, findable=form.findable.data, at=at)
    db.session.commit()
    flash(
        _("Saved. Everybody sees your profile like that now.")
        if form.on.data
        else _("Saved. Nobody sees a profile of you."),
        "good",
    )
    return go(url_for("people.mine"))


@bp.post("/circle/me/profile/again")
@allow(Permission.TAKE_PART)
def ask_again() -> Response:
    """Another look at a profile that was taken away."""
    profile = profiles.profile_of(the_member())
    if profile is not None:
        profiles.ask_again(profile, clock.now())
        db.session.commit()
    flash(_("Asked. You are told what comes of it."), "good")
    return go(url_for("people.mine"))


@bp.route("/circle/people/<public_id>/report", methods=["GET", "POST"])
@allow(Permission.TAKE_PART)
@posting_limit
def report(public_id: str) -> Response:
    """Tell staff that a profile breaks a rule."""
    member, form = one_or_404(profiles.public_profiles(), public_id), ReportForm()
    if form.validate_on_submit():
        reason, note = Reason(form.reason.data), form.note.data or ""
        reporting.report(_profile(member), the_member(), reason, clock.now(), note)
        db.session.commit()
        flash(_("Thank you. Staff will look at it."), "good")
        return go(url_for("people.person", public_id=public_id))
    page = render_template("community/circle/people/report.html", member=member, form=form)
    return make_response(page, 422 if request.method == "POST" else 200)


def _mine(form: ProfileForm) -> str:
    member = the_member()
    return render_template(
        "community/circle/people/mine.html",
        form=form,
        member=member,
        profile=profiles.profile_of(member),
        address=absolute_url("people.person", public_id=member.public_id),
    )


def _profile(member: Member) -> PublicProfile:
    return profiles.profile_of(member) or abort(404)


def _staff_handle(public_id: str) -> Handle | None:
    query = select(Handle).where(Handle.public_id == public_id, Handle.channel == CIRCLE, Handle.user_id.is_not(None))
    return db.session.scalars(query).one_or_none()
