"""A guardian's page: no account, one member, as long as the link in the mail works."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _

from commons import clock
from commons.db import db
from commons.errors import Invalid
from commons.extensions import limiter
from commons.security import guessing_limit, visitor_address
from commons.web import public
from community.members.profiles import answers, asking, choices, consents, deciding, wording
from community.members.profiles.forms import DecisionForm
from community.members.profiles.models import Guardianship, Purpose

bp = Blueprint("guardians", __name__, url_prefix="/guardians")

looking_limit = limiter.shared_limit("60 per minute", scope="guardians", key_func=visitor_address)


@bp.get("/<token>")
@public
@looking_limit
def show(token: str) -> Response:
    """What is asked, what each of it means, and what is kept already."""
    return _page(asking.look(token, clock.now()))


@bp.post("/<token>")
@public
@guessing_limit
@looking_limit
def decide(token: str) -> Response:
    """Agree to what is ticked, or to nothing; again at any time."""
    at = clock.now()
    guardianship = asking.look(token, at)
    if request.form.get("act") != "agree":
        deciding.refuse(guardianship, at)
        db.session.commit()
        return _page(guardianship, done=_("You do not agree. Nothing is kept, and nothing is sent."))
    form = _form(guardianship)
    if not form.validate_on_submit():
        return _page(guardianship, form=form, status=422)
    try:
        deciding.agree(guardianship, form.chosen, at)
    except Invalid as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.message)
        return _page(asking.look(token, at), form=form, status=refusal.status)
    db.session.commit()
    return _page(guardianship, done=_("Thank you, you agree to what is ticked. You can change it here at any time."))


def _page(
    guardianship: Guardianship, *, form: DecisionForm | None = None, done: str = "", status: int = 200
) -> Response:
    page = render_template(
        "community/members/profiles/guardian.html",
        guardianship=guardianship,
        state=guardianship.state(clock.now()),
        offered=deciding.offered(guardianship),
        record=[line for line in answers.record(guardianship.member) if line.answers],
        form=form or _form(guardianship, fresh=True),
        done=done,
        purpose_words=wording.PURPOSES,
        meanings=wording.MEANINGS,
        value_words=choices.words,
    )
    answer = make_response(page, status)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"  # the address is the key
    return answer


def _form(guardianship: Guardianship, *, fresh: bool = False) -> DecisionForm:
    """Ticked is what the guardian has allowed; what was just sent goes before, unless `fresh`."""
    allowed = [purpose for purpose in Purpose if consents.given(guardianship.member_id, purpose)]
    return DecisionForm.about(deciding.offered(guardianship), allowed, fresh=fresh)
