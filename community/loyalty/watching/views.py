"""What is held for a person: the list, one suspicion with its evidence, and the decision."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from commons import clock
from commons.db import db
from commons.forms import Form, required
from commons.paging import asked_page
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404, region
from community.loyalty.watching import appealing, finding, holding, register, showing, words
from community.loyalty.watching.models import Outcome, Sign, Suspicion
from community.members.appeals import AnswerForm
from community.members.facts import evidence_words, name_of, say

bp = Blueprint("suspicions", __name__, url_prefix="/loyalty/held")


class DecisionForm(Form):
    """Whether it passes or is refused, and why."""

    decision = RadioField(
        _l("Decision"),
        choices=lambda: {Outcome.PASSED.value: str(_l("Let it pass")), Outcome.REFUSED.value: str(_l("Refuse it"))},
        validators=[InputRequired(_l("Choose one of the two."))],
    )
    reason = TextAreaField(
        _l("Reason"),
        description=_l("The fan reads it, and it stands in the audit log."),
        validators=[required(), Length(max=300, message=_l("At most 300 characters."))],
    )


def answer_form(**given: Any) -> AnswerForm:
    return AnswerForm(
        upheld=_l("Uphold the appeal: what was refused is paid"), stands=_l("The refusal stands"), **given
    )


@bp.get("")
@allow(Permission.LOYALTY_READ)
def index() -> str:
    outcome = _outcome(request.args.get("outcome", ""))
    page = showing.listing(current_user, outcome, asked_page())
    return render_template(
        "community/loyalty/held/index.html",
        suspicions=page.rows,
        outcome=outcome,
        outcomes=words.OUTCOMES,
        signs=words.SIGNS,
        counts=showing.counts(),
        number=page.number,
        has_more=page.has_older,
        held=showing.held_in_all,
        name_of=name_of,
        last=finding.latest_round(),
        appeals=appealing.waiting(),
    )


@bp.get("/register.csv")
@allow(Permission.LOYALTY_READ)
def register_csv() -> Response:
    return csv_answer(register.rows(current_user), f"held-{clock.now():%Y-%m-%d}")


@bp.post("/look")
@allow(Permission.LOYALTY_WRITE)
def look() -> Response:
    """Look now instead of in a few minutes."""
    found = len(finding.look(clock.now()).found)
    db.session.commit()
    flash(_("Looked. New: %(number)s.", number=found), "good")
    return go(url_for("suspicions.index"))


@bp.get("/<public_id>")
@allow(Permission.LOYALTY_READ)
def suspicion(public_id: str) -> Response:
    found = one_or_404(Suspicion.visible_to(current_user), public_id)
    return _page(found, DecisionForm(formdata=None))


@bp.post("/<public_id>")
@allow(Permission.LOYALTY_WRITE)
def decide(public_id: str) -> Response:
    found = one_or_404(Suspicion.visible_to(current_user), public_id)
    form = DecisionForm()
    if not form.validate_on_submit():
        return _page(found, form, status=422)
    passes = form.decision.data == Outcome.PASSED.value
    (holding.let_pass if passes else holding.refuse)(
        found, (form.reason.data or "").strip(), by=current_user, at=clock.now()
    )
    db.session.commit()
    flash(_("It is let pass, and the fans are told.") if passes else _("It is refused, and the fans are told."), "good")
    return go(url_for("suspicions.suspicion", public_id=public_id))


@bp.post("/<public_id>/appeals/<member_id>")
@allow(Permission.LOYALTY_WRITE)
def answer(public_id: str, member_id: str) -> Response:
    """Decide about the appeal of one of those concerned."""
    found = one_or_404(Suspicion.visible_to(current_user), public_id)
    made = next((one for one in appealing.appeals_of(found) if one.member.public_id == member_id), None) or abort(404)
    form = answer_form()
    if not form.validate_on_submit():
        return _page(found, DecisionForm(formdata=None), form, status=422)
    appealing.decide(made, upheld=form.is_upheld, answer=form.answer.data or "", by=current_user, at=clock.now())
    db.session.commit()
    paid = _("What was refused is paid, and the fan has been told.")
    flash(paid if form.is_upheld else _("The fan has been told."), "good")
    return go(url_for("suspicions.suspicion", public_id=public_id))


def _page(found: Suspicion, form: DecisionForm, answering: AnswerForm | None = None, *, status: int = 200) -> Response:
    rows, total = showing.facts_of(found)
    return region(
        "community/loyalty/held/_suspicion.html",
        page="community/loyalty/held/suspicion.html",
        status=status,
        suspicion=found,
        sign_words=words.SIGNS[found.sign],
        caution=words.CAUTIONS[found.sign],
        outcome_words=words.OUTCOMES[found.outcome],
        seen=words.seen(found),
        rows=rows,
        total=total,
        ties=showing.ties_of(found) if found.sign is Sign.RING else [],
        places=showing.places_of(found) if found.sign is Sign.RING else [],
        dots=showing.dots_of(rows) if found.sign is not Sign.RING else [],
        held=showing.held_in_all(found),
        form=form,
        say=say,
        name_of=name_of,
        evidence_words=evidence_words,
        may_decide=found.is_open and current_user.can(Permission.LOYALTY_WRITE),
        appeals=appealing.appeals_of(found),
        answering=answering or answer_form(formdata=None),
        may_answer=current_user.can(Permission.LOYALTY_WRITE) and appealing.may_decide(found, current_user),
    )


def _outcome(word: str) -> Outcome:
    return next((outcome for outcome in Outcome if outcome.value == word), Outcome.OPEN)
