"""What was held of a fan's earnings, for the fan: what and why, and the appeal against a refusal."""

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
from community.loyalty.watching import appealing, showing, words
from community.loyalty.watching.models import Suspicion
from community.members.appeals import AppealForm
from community.members.current import the_member
from community.members.facts import name_of

bp = Blueprint("my_held", __name__, url_prefix="/me/held")


@bp.get("")
@allow(Permission.TAKE_PART)
def index() -> str:
    found = showing.about(the_member())
    return render_template(
        "community/loyalty/held/mine.html", suspicions=found, outcomes=words.OUTCOMES, name_of=name_of
    )


@bp.get("/<public_id>")
@allow(Permission.TAKE_PART)
def show(public_id: str) -> Response:
    return _page(_mine(public_id), AppealForm(formdata=None))


@bp.post("/<public_id>/appeal")
@allow(Permission.TAKE_PART)
@posting_limit
def appeal(public_id: str) -> Response:
    suspicion, form = _mine(public_id), AppealForm()
    if not form.validate_on_submit():
        return _page(suspicion, form, 422)
    try:
        appealing.appeal(suspicion, the_member(), form.text.data or "", at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        form.text.errors = [refusal.message]
        return _page(_mine(public_id), form, refusal.status)
    db.session.commit()
    flash(_("Your appeal is with the team. Somebody else than before decides."), "good")
    return go(url_for("my_held.show", public_id=public_id))


def _mine(public_id: str) -> Suspicion:
    return one_or_404(Suspicion.visible_to(current_user), public_id)


def _page(suspicion: Suspicion, form: AppealForm, status: int = 200) -> Response:
    """What the fan may know: what it is about and what was decided, never who else it concerns or how it was seen."""
    member, until = the_member(), appealing.open_until(suspicion)
    page = render_template(
        "community/loyalty/held/mine_one.html",
        suspicion=suspicion,
        form=form,
        outcome_words=words.OUTCOMES[suspicion.outcome],
        fact=name_of(suspicion.event_kind),
        held=showing.held_of(suspicion, member),
        appeal=appealing.appeal_of(suspicion, member),
        open_until=until,
        may_appeal=until is not None and clock.now() <= until,
    )
    return make_response(page, status)
