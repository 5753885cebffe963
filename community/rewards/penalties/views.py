"""Penalties for the fan: what, why, until when, and the appeal."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import allow, go, one_or_404
from community.members.appeals import AppealForm
from community.members.current import the_member
from community.rewards.penalties import appealing, reading
from community.rewards.penalties.models import Penalty
from community.rewards.penalties.wording import MEASURES

bp = Blueprint("my_penalties", __name__, url_prefix="/me/penalties")


@bp.get("")
@allow(Permission.TAKE_PART)
def index() -> str:
    penalties = reading.of_member(the_member())
    return render_template(
        "community/rewards/penalties/mine.html", penalties=penalties, measures=MEASURES, at=clock.now()
    )


@bp.get("/<public_id>")
@allow(Permission.TAKE_PART)
def show(public_id: str) -> Response:
    return _page(_mine(public_id), AppealForm(formdata=None))


@bp.post("/<public_id>/appeal")
@allow(Permission.TAKE_PART)
@posting_limit
def appeal(public_id: str) -> Response:
    penalty, form = _mine(public_id), AppealForm()
    if not form.validate_on_submit():
        return _page(penalty, form, 422)
    try:
        appealing.appeal(penalty, form.text.data or "", at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        form.text.errors = [refusal.message]
        return _page(_mine(public_id), form, refusal.status)
    db.session.commit()
    flash(_("Your appeal is with the team. Somebody else than before decides."), "good")
    return go(url_for("my_penalties.show", public_id=public_id))


def _mine(public_id: str) -> Penalty:
    return one_or_404(Penalty.visible_to(current_user), public_id)


def _page(penalty: Penalty, form: AppealForm, status: int = 200) -> Response:
    at = clock.now()
    page = render_template(
        "community/rewards/penalties/mine_one.html",
        penalty=penalty,
        form=form,
        measures=MEASURES,
        at=at,
        open_until=appealing.open_until(penalty),
        may_appeal=penalty.appeal is None and penalty.lifted_at is None and at <= appealing.open_until(penalty),
    )
    return make_response(page, status)
