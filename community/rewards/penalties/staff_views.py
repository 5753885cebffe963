"""Penalties for the team: giving them, and deciding about appeals."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock
from commons.db import db, random_id
from commons.errors import DomainError
from commons.permissions import Permission
from commons.web import allow, go, one_or_404
from community.members.models import Member
from community.rewards.penalties import appealing, giving, reading
from community.rewards.penalties.forms import DecisionForm, PenaltyForm
from community.rewards.penalties.models import Penalty
from community.rewards.penalties.reading import Part
from community.rewards.penalties.wording import MEASURES

bp = Blueprint("penalties", __name__, url_prefix="/penalties")


@bp.get("")
@allow(Permission.REWARD_WRITE)
def index() -> str:
    chosen, number = request.args.get("part", ""), min(max(1, request.args.get("page", 1, type=int)), 100_000)
    part = Part(chosen) if chosen in list(Part) else Part.APPEALED
    penalties, has_more = reading.page_of(reading.listing(current_user, part, clock.now()), number)
    return render_template(
        "community/rewards/penalties/index.html",
        penalties=penalties, has_more=has_more, number=number, part=part, Part=Part, measures=MEASURES, at=clock.now(),
    )  # fmt: skip


@bp.get("/new/<public_id>")
@allow(Permission.REWARD_WRITE)
def new(public_id: str) -> Response:
    """The form of a penalty for the member `public_id`."""
    form = PenaltyForm(formdata=None, token=random_id(), days=7, about=request.args.get("about", "")[:300])
    return _form_page(one_or_404(Member.visible_to(current_user), public_id), form)


@bp.post("/new/<public_id>")
@allow(Permission.REWARD_WRITE)
def create(public_id: str) -> Response:
    member, form = one_or_404(Member.visible_to(current_user), public_id), PenaltyForm()
    if not form.validate_on_submit():
        return _form_page(member, form, 422)
    try:
        penalty = giving.give(member, form.wanted, token=form.token.data or "", by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        form.form_errors.append(str(refusal.message))
        return _form_page(one_or_404(Member.visible_to(current_user), public_id), form, refusal.status)
    db.session.commit()
    flash(_("Given. The fan has been told why, and how to appeal."), "good")
    return go(url_for("penalties.show", public_id=penalty.public_id))


@bp.get("/<public_id>")
@allow(Permission.REWARD_WRITE)
def show(public_id: str) -> Response:
    return _page(_penalty(public_id), DecisionForm(formdata=None))


@bp.post("/<public_id>/decide")
@allow(Permission.REWARD_WRITE)
def decide(public_id: str) -> Response:
    penalty, form = _penalty(public_id), DecisionForm()
    if not form.validate_on_submit():
        return _page(penalty, form, 422)
    answer, upheld = form.answer.data or "", form.upheld.data == "yes"
    try:
        appealing.decide(penalty, upheld=upheld, answer=answer, by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        form.form_errors.append(str(refusal.message))
        return _page(_penalty(public_id), form, refusal.status)
    db.session.commit()
    flash(
        _("Lifted: everything is as before, and the fan has been told.") if upheld else _("The fan has been told."),
        "good",
    )
    return go(url_for("penalties.show", public_id=public_id))


def _penalty(public_id: str) -> Penalty:
    return one_or_404(Penalty.visible_to(current_user), public_id)


def _form_page(member: Member, form: PenaltyForm, status: int = 200) -> Response:
    return make_response(render_template("community/rewards/penalties/new.html", member=member, form=form), status)


def _page(penalty: Penalty, form: DecisionForm, status: int = 200) -> Response:
    page = render_template(
        "community/rewards/penalties/show.html",
        penalty=penalty,
        form=form,
        measures=MEASURES,
        at=clock.now(),
        may_decide=appealing.may_decide(penalty, current_user),
    )
    return make_response(page, status)
