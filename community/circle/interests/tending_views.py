"""What hosts and staff do in a circle: pin, feature, answer reports, mute, remove, decide appeals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.permissions import Permission
from commons.web import allow, go, one_or_404, signed_in
from community.circle.interests import measures, mediating, meeting, reading, reporting, tending
from community.circle.interests.forms import AppealForm, DecisionForm, MeasureForm, MuteForm
from community.circle.interests.joining import tends
from community.circle.interests.models import CirclePost, InterestCircle, Measure
from community.circle.interests.posting import known_handle
from community.circle.interests.views import bp, own_handle
from community.members.models import Handle, Member

LIFTED: dict[str, Callable[[CirclePost, Handle, datetime], None]] = {
    "pin": tending.pin,
    "unpin": tending.unpin,
    "feature": tending.feature,
    "unfeature": tending.unfeature,
}


@bp.post("/posts/<public_id>/lift")
@signed_in
def lift_out(public_id: str) -> Response:
    """Pin or feature the post, or undo it, by the button that was pressed (`do`)."""
    post = _kept(public_id)
    act = LIFTED.get(request.form.get("do", ""))
    if act is None:
        abort(400)
    act(post, own_handle(), clock.now())
    db.session.commit()
    return go(url_for("interests.circle", public_id=post.circle.public_id))


@bp.get("/<public_id>/order")
@signed_in
def order(public_id: str) -> str:
    """What waits in the circle for who keeps order here, and what can be undone: mutes that hold, posts that were removed."""
    circle = _tended(public_id)
    return render_template(
        "community/circle/interests/order.html",
        circle=circle,
        reports=reporting.open_reports(circle),
        disputes=mediating.open_ones(current_user, circle),
        appeals=measures.appeals(circle) if current_user.can(Permission.CIRCLE_MANAGE) else None,
        mutes=measures.holding(circle, clock.now()),
        removals=measures.removals(circle),
    )


@bp.post("/posts/<public_id>/leave-it")
@signed_in
def settle(public_id: str) -> Response:
    """The post breaks no rule: its reports are answered, it stays."""
    post = _kept(public_id)
    reporting.leave(post, own_handle(), clock.now())
    db.session.commit()
    flash(_("The post stays, and who reported it is told so."))
    return go(url_for("interests.order", public_id=post.circle.public_id))


@bp.route("/posts/<public_id>/remove", methods=["GET", "POST"])
@signed_in
def take_down(public_id: str) -> Response:
    """Remove a post by a rule."""
    post = _kept(public_id)
    form = MeasureForm(post.circle)
    if form.validate_on_submit():
        try:
            measures.remove(post, rule=form.rule.data, reason=form.reason.data or "", by=own_handle(), at=clock.now())
        except measures.Criticism:
            return _handed_on(post)
        except DomainError as refusal:
            _refused(form, refusal)
        else:
            db.session.commit()
            flash(_("The post is removed, and its author is told why and can appeal."))
            return go(url_for("interests.circle", public_id=post.circle.public_id))
    status = 422 if request.method == "POST" else 200
    page = render_template("community/circle/interests/remove.html", circle=post.circle, post=post, form=form)
    return make_response(page, status)


@bp.route("/<public_id>/mute/<member_id>", methods=["GET", "POST"])
@signed_in
def mute(public_id: str, member_id: str) -> Response:
    """Mute a member who wrote here, by a rule and for a term."""
    circle = _tended(public_id)
    member: Member = one_or_404(meeting.who_wrote_in(circle), member_id)
    form = MuteForm(circle)
    if form.validate_on_submit():
        given = {"rule": form.rule.data, "reason": form.reason.data or "", "days": form.days.data or 0}
        try:
            measures.mute(circle, member, **given, by=own_handle(), at=clock.now())
        except DomainError as refusal:
            _refused(form, refusal)
        else:
            db.session.commit()
            flash(_("%(name)s is muted here, is told why and can appeal.", name=member.name))
            return go(url_for("interests.circle", public_id=public_id))
    status = 422 if request.method == "POST" else 200
    page = render_template("community/circle/interests/mute.html", circle=circle, member=member, form=form)
    return make_response(page, status)


@bp.get("/measures/<public_id>")
@signed_in
def measure(public_id: str) -> str:
    """What was done, by which rule and why; the member can appeal here, somebody else decides."""
    return _measure_page(one_or_404(Measure.visible_to(current_user), public_id))


@bp.post("/measures/<public_id>/appeal")
@allow(Permission.TAKE_PART)
def appeal(public_id: str) -> Response:
    found = one_or_404(Measure.visible_to(current_user), public_id)
    form = AppealForm()
    if not form.validate_on_submit():
        return make_response(_measure_page(found, appeal_form=form), 422)
    measures.appeal(found, form.text.data or "", clock.now())
    db.session.commit()
    flash(_("Somebody else than before looks at it, and you will be told."), "good")
    return go(url_for("interests.measure", public_id=public_id))


@bp.post("/measures/<public_id>/decide")
@allow(Permission.CIRCLE_MANAGE)
def decide(public_id: str) -> Response:
    """Answer an appeal: uphold it (`upheld` = 1), which restores everything, or leave the measure."""
    found = one_or_404(Measure.visible_to(current_user), public_id)
    form = DecisionForm()
    if not form.validate_on_submit():
        return make_response(_measure_page(found, decision_form=form), 422)
    upheld = request.form.get("upheld") == "1"
    measures.decide(found, upheld=upheld, answer=form.answer.data or "", by=own_handle(), at=clock.now())
    db.session.commit()
    return go(url_for("interests.measure", public_id=public_id))


@bp.post("/measures/<public_id>/lift")
@signed_in
def lift(public_id: str) -> Response:
    """Undo a measure before its time."""
    found = one_or_404(select(Measure), public_id)
    if not tends(current_user, found.circle):
        abort(404)
    measures.lift(found, own_handle(), clock.now())
    db.session.commit()
    flash(_("The measure is lifted, and the member is told so."))
    return go(url_for("interests.order", public_id=found.circle.public_id))


def _tended(public_id: str) -> InterestCircle:
    """A circle that the visitor keeps order in; 404 for everybody else."""
    circle = one_or_404(InterestCircle.visible_to(current_user), public_id)
    if not tends(current_user, circle):
        abort(404)
    return circle


def _kept(public_id: str) -> CirclePost:
    """A post or an answer in such a circle."""
    post = one_or_404(reading.standing(current_user), public_id)
    if not tends(current_user, post.circle):
        abort(404)
    return post


def _handed_on(post: CirclePost) -> Response:
    """What may be criticism goes to those who review content, and the visitor is told so."""
    db.session.rollback()
    measures.hand_on(post, clock.now())
    db.session.commit()
    flash(
        _(
            "This may be criticism of us, so nobody removes it alone. It stays, and is before the team that reviews"
            " content now: two of them have to agree."
        )
    )
    return go(url_for("interests.post", public_id=(post.parent or post).public_id))


def _refused(form: MeasureForm, refusal: DomainError) -> None:
    db.session.rollback()
    form.reason.errors = [refusal.message]


def _measure_page(
    found: Measure, appeal_form: AppealForm | None = None, decision_form: DecisionForm | None = None
) -> str:
    by = known_handle(current_user)
    return render_template(
        "community/circle/interests/measure.html",
        measure=found,
        concerns_me=by is not None and by.member_id == found.member_id,
        holds=found.holds(clock.now()),
        took_it=by is not None and by.id == found.by_id,
        appeal_form=appeal_form or AppealForm(formdata=None),
        decision_form=decision_form or DecisionForm(formdata=None),
    )
