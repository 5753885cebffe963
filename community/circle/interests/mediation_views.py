"""Mediations: asking for one, leading it, the talk between the three, the outcome."""

from __future__ import annotations

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import or_, select

from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.permissions import Permission
from commons.web import allow, go, one_or_404, signed_in
from community.circle.interests import mediating, reading
from community.circle.interests.forms import DisputeForm, OutcomeForm, PostForm
from community.circle.interests.joining import membership_of, tends
from community.circle.interests.models import CirclePost, Mediation
from community.circle.interests.posting import known_handle
from community.circle.interests.views import bp, own_handle
from community.members.current import the_member
from community.members.models import Handle


@bp.get("/mediations")
@allow(Permission.TAKE_PART)
def mediations() -> str:
    """The member's own mediations, those under way first."""
    mine = select(Handle.id).where(Handle.member_id == the_member().id)
    query = select(Mediation).where(
        or_(Mediation.asker_id.in_(mine), Mediation.other_id.in_(mine), Mediation.mediator_id.in_(mine))
    )
    found = db.session.scalars(query.order_by(Mediation.closed_at.is_not(None), Mediation.asked_at.desc())).all()
    return render_template("community/circle/interests/mediations.html", mediations=found)


@bp.route("/posts/<public_id>/dispute", methods=["GET", "POST"])
@allow(Permission.TAKE_PART)
def dispute(public_id: str) -> Response:
    """Ask for a mediation with who wrote this."""
    post: CirclePost = one_or_404(reading.standing(current_user), public_id)
    member = the_member()
    if membership_of(post.circle, member) is None or post.author.member_id in (None, member.id):
        abort(404)
    form = DisputeForm()
    if form.validate_on_submit():
        try:
            asked = mediating.ask(
                post.circle,
                own_handle(),
                post.author,
                form.matter.data or "",
                clock.now(),
                key=form.key.data or "",
                post=post,
            )
        except DomainError as refusal:
            db.session.rollback()
            form.matter.errors = [refusal.message]
        else:
            db.session.commit()
            return go(url_for("interests.mediation", public_id=asked.public_id))
    page = render_template("community/circle/interests/dispute.html", post=post, form=form)
    return make_response(page, 422 if request.method == "POST" else 200)


@bp.get("/mediations/<public_id>")
@signed_in
def mediation(public_id: str) -> str:
    """The dispute as those read it who take part, and staff in charge."""
    return _page(_found(public_id))


@bp.post("/mediations/<public_id>/take")
@signed_in
def take(public_id: str) -> Response:
    """Be the mediator: a host of the circle, or staff."""
    found, by = _found(public_id), own_handle()
    if not tends(current_user, found.circle):
        abort(404)
    mediating.take(found, by, clock.now())
    db.session.commit()
    return go(url_for("interests.mediation", public_id=public_id))


@bp.post("/mediations/<public_id>/give-back")
@signed_in
def give_back(public_id: str) -> Response:
    """The mediator cannot go on; somebody else may."""
    mediating.step_back(_found(public_id), own_handle(), clock.now())
    db.session.commit()
    flash(_("Both sides are told that somebody else will mediate."))
    return go(url_for("interests.mediations") if not current_user.is_staff else url_for("interest_setup.index"))


@bp.post("/mediations/<public_id>/words")
@signed_in
def speak(public_id: str) -> Response:
    found, form = _found(public_id), PostForm()
    try:
        if not form.validate_on_submit():
            return make_response(_page(found, form=form), 422)
        mediating.speak(found, own_handle(), form.text.data or "", clock.now(), key=form.key.data or "")
    except DomainError as refusal:
        db.session.rollback()
        form.text.errors = [refusal.message]
        return make_response(_page(found, form=form), refusal.status)
    db.session.commit()
    return go(url_for("interests.mediation", public_id=public_id))


@bp.post("/mediations/<public_id>/outcome")
@signed_in
def end(public_id: str) -> Response:
    """The mediator writes how it ended."""
    found, form = _found(public_id), OutcomeForm()
    if not form.validate_on_submit():
        return make_response(_page(found, outcome=form), 422)
    mediating.close(found, form.outcome.data, form.words.data or "", own_handle(), clock.now())
    db.session.commit()
    flash(_("Both sides are told how it ended."), "good")
    return go(url_for("interests.mediation", public_id=public_id))


@bp.post("/mediations/<public_id>/back")
@allow(Permission.TAKE_PART)
def take_back(public_id: str) -> Response:
    """Who asked for it needs it no longer."""
    mediating.take_back(_found(public_id), own_handle(), clock.now())
    db.session.commit()
    return go(url_for("interests.mediation", public_id=public_id))


def _found(public_id: str) -> Mediation:
    return one_or_404(Mediation.visible_to(current_user), public_id)


def _page(found: Mediation, form: PostForm | None = None, outcome: OutcomeForm | None = None) -> str:
    by = known_handle(current_user)
    return render_template(
        "community/circle/interests/mediation.html",
        mediation=found,
        leads=by is not None and mediating.leads(found, by),
        asked=by is not None and by.is_same_person(found.asker),
        takes_part=mediating.takes_part(found, by),
        may_take=found.mediator_id is None
        and tends(current_user, found.circle)
        and not mediating.takes_part(found, by),
        outcomes=mediating.OUTCOMES,
        form=form or PostForm(formdata=None),
        outcome_form=outcome or OutcomeForm(formdata=None),
    )
