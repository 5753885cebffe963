"""Setting circles up, naming hosts, and everything that waits in them, for staff."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock
from commons.db import db
from commons.errors import Invalid
from commons.permissions import Permission
from commons.web import allow, go, one_or_404
from community.circle.interests import circles, measures, mediating, reporting
from community.circle.interests.forms import CircleForm
from community.circle.interests.models import InterestCircle
from community.circle.interests.views import is_mine
from community.circle.interests.waiting import in_circles
from community.members.models import Member

bp = Blueprint("interest_setup", __name__, url_prefix="/interests")


@bp.get("")
@allow(Permission.CIRCLE_MANAGE)
def index() -> str:
    """All circles, and what waits in them."""
    query = InterestCircle.visible_to(current_user).order_by(InterestCircle.closed_at.is_not(None), InterestCircle.id)
    return render_template(
        "community/circle/interests/staff.html",
        lines=circles.lines(db.session.scalars(query).all(), clock.now(), waits=True),
        reports=reporting.open_reports(),
        appeals=measures.appeals(),
        disputes=mediating.open_ones(current_user),
        is_mine=is_mine,
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(Permission.CIRCLE_MANAGE)
def new() -> Response:
    """A new circle."""
    form = CircleForm()
    if form.validate_on_submit():
        try:
            opened = circles.open_circle(form.look, by=current_user, at=clock.now())
        except Invalid as refusal:
            _refused(form, refusal)
        else:
            db.session.commit()
            flash(_("The circle is open."), "good")
            return go(url_for("interest_setup.setup", public_id=opened.public_id))
    page = render_template("community/circle/interests/new.html", form=form)
    return make_response(page, 422 if request.method == "POST" else 200)


@bp.route("/<public_id>", methods=["GET", "POST"])
@allow(Permission.CIRCLE_MANAGE)
def setup(public_id: str) -> Response:
    """A circle's words, hosts and standing."""
    circle = _circle(public_id)
    form = CircleForm.of(circle)
    if form.validate_on_submit():
        try:
            circles.change(circle, form.look, by=current_user, at=clock.now())
        except Invalid as refusal:
            _refused(form, refusal)
        else:
            db.session.commit()
            flash(_("The circle is changed."), "good")
            return go(url_for("interest_setup.setup", public_id=public_id))
    page = render_template(
        "community/circle/interests/setup.html",
        circle=circle,
        form=form,
        line=circles.lines([circle], clock.now())[0],
        hosts=circles.hosts_of(circle),
        candidates=circles.candidates(circle),
    )
    return make_response(page, 422 if request.method == "POST" else 200)


@bp.post("/<public_id>/hosts")
@allow(Permission.CIRCLE_MANAGE)
def host(public_id: str) -> Response:
    """Name a host (`on` = 1) or release one (0)."""
    circle = _circle(public_id)
    member = one_or_404(Member.visible_to(current_user), request.form.get("member", ""))
    act = circles.name_host if request.form.get("on") == "1" else circles.release_host
    act(circle, member, by=current_user, at=clock.now())
    db.session.commit()
    return go(url_for("interest_setup.setup", public_id=public_id))


@bp.post("/<public_id>/standing")
@allow(Permission.CIRCLE_MANAGE)
def stand(public_id: str) -> Response:
    """Close the circle (`open` = 0) or open it again (1)."""
    circle = _circle(public_id)
    (circles.reopen if request.form.get("open") == "1" else circles.close)(circle, by=current_user, at=clock.now())
    db.session.commit()
    return go(url_for("interest_setup.setup", public_id=public_id))


def waiting(_user: Any) -> int:
    """How much waits in all circles, for the navigation."""
    return in_circles().total()


def _refused(form: CircleForm, refusal: Invalid) -> None:
    db.session.rollback()
    form.rules_zh.errors = [refusal.in_full]


def _circle(public_id: str) -> InterestCircle:
    return one_or_404(InterestCircle.visible_to(current_user), public_id)
