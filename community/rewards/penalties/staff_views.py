"""Penalties for the team: giving them, and deciding about appeals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from commons import clock, i18n
from commons.db import db, random_id
from commons.errors import DomainError
from commons.paging import asked_page, page_of
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404
from commons.zones import to_local
from community.members.appeals import AnswerForm
from community.members.models import Member
from community.rewards.penalties import appealing, giving, reading
from community.rewards.penalties.forms import PenaltyForm
from community.rewards.penalties.models import Penalty
from community.rewards.penalties.reading import Part
from community.rewards.penalties.wording import MEASURES

bp = Blueprint("penalties", __name__, url_prefix="/penalties")


@bp.get("")
@allow(Permission.REWARD_WRITE)
def index() -> str:
    part, at = _asked_part(), clock.now()
    page = page_of(reading.listing(current_user, part, at), asked_page(), reading.PAGE)
    return render_template(
        "community/rewards/penalties/index.html", page=page, part=part, Part=Part, measures=MEASURES, at=at
    )


@bp.get("/table.csv")
@allow(Permission.REWARD_WRITE)
def export() -> Response:
    """The whole of one list."""
    answer = csv_answer(list(_rows(_asked_part())), f"penalties-{clock.now():%Y%m%d}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


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
    return _page(_penalty(public_id), _answer_form(formdata=None))


@bp.post("/<public_id>/decide")
@allow(Permission.REWARD_WRITE)
def decide(public_id: str) -> Response:
    penalty, form = _penalty(public_id), _answer_form()
    if not form.validate_on_submit():
        return _page(penalty, form, 422)
    answer, upheld = form.answer.data or "", form.is_upheld
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


def _asked_part() -> Part:
    chosen = request.args.get("part", "")
    return Part(chosen) if chosen in list(Part) else Part.APPEALED


def _rows(part: Part) -> Iterator[Sequence[object]]:
    yield (
        _("Fan"), _("Clause"), _("What follows"), _("Reason"), _("Given"), _("By"), _("Ends"), _("Points taken"),
        _("Growth points taken"), _("Lifted"),
    )  # fmt: skip
    for one in db.session.scalars(reading.listing(current_user, part, clock.now())):
        given, ends, lifted = (
            to_local(moment, i18n.zone()).strftime("%Y-%m-%d %H:%M") if moment else ""
            for moment in (one.given_at, one.ends_at, one.lifted_at)
        )
        what = f"{one.clause} {one.clause_title}", str(MEASURES[one.measure]), one.note
        yield one.member.name, *what, given, one.given_by.name, ends, one.points, one.growth, lifted


def _penalty(public_id: str) -> Penalty:
    return one_or_404(Penalty.visible_to(current_user), public_id)


def _answer_form(**given: Any) -> AnswerForm:
    return AnswerForm(upheld=_l("Uphold the appeal: everything is as before"), stands=_l("The penalty stands"), **given)


def _form_page(member: Member, form: PenaltyForm, status: int = 200) -> Response:
    return make_response(render_template("community/rewards/penalties/new.html", member=member, form=form), status)


def _page(penalty: Penalty, form: AnswerForm, status: int = 200) -> Response:
    page = render_template(
        "community/rewards/penalties/show.html",
        penalty=penalty,
        form=form,
        measures=MEASURES,
        at=clock.now(),
        may_decide=appealing.may_decide(penalty, current_user),
    )
    return make_response(page, status)
