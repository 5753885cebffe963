"""A fan's own profile: what is known, what is allowed, and the guardian where one is needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_babel import gettext as _

from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.forms import Form
from commons.permissions import Permission
from commons.security import mailing_limit, posting_limit
from commons.web import allow, is_htmx, region
from community.members.current import the_member
from community.members.profiles import allowing, answers, asking, choices, guardians, offering, reading, wording
from community.members.profiles.forms import AnswersForm, GuardianForm
from community.members.profiles.models import Field, Purpose, Way

bp = Blueprint("profiles", __name__, url_prefix="/me/profile")

Word = TypeVar("Word", Field, Purpose)


@bp.get("")
@allow(Permission.TAKE_PART)
def index() -> Response:
    return _page()


@bp.post("")
@allow(Permission.TAKE_PART)
@posting_limit
def save() -> Response:
    form = AnswersForm()
    if not form.validate_on_submit():
        return _page(form=form)
    member = the_member()
    return _do(lambda: answers.tell(member, form.wanted, clock.now()), _saved, form=form)


@bp.post("/clear/<field>")
@allow(Permission.TAKE_PART)
def clear(field: str) -> Response:
    """Take one answer out, whoever gave it."""
    which = _word(Field, field)
    words = _("Cleared: %(field)s", field=choices.FIELDS[which])
    return _do(lambda: answers.clear(the_member(), which, clock.now()), lambda: words)


@bp.post("/consents/<purpose>/give")
@allow(Permission.TAKE_PART)
@posting_limit
def give(purpose: str) -> Response:
    which = _word(Purpose, purpose)
    return _do(lambda: allowing.give(the_member().id, which, Way.PROFILE_PAGE, clock.now()), _allowed)


@bp.post("/consents/<purpose>/withdraw")
@allow(Permission.TAKE_PART)
def withdraw(purpose: str) -> Response:
    which = _word(Purpose, purpose)
    words = _("Withdrawn: %(purpose)s", purpose=wording.PURPOSES[which])
    return _do(lambda: allowing.withdraw(the_member().id, which, Way.PROFILE_PAGE, clock.now()), lambda: words)


@bp.post("/guardian")
@allow(Permission.TAKE_PART)
@mailing_limit
def name_guardian() -> Response:
    form = GuardianForm(prefix="guardian")
    if not form.validate_on_submit():
        return _page(guardian_form=form)
    email = form.email.data or ""
    return _do(lambda: asking.name(the_member(), email, clock.now()), _asked, guardian_form=form)


@bp.post("/guardian/remind")
@allow(Permission.TAKE_PART)
@mailing_limit
def remind_guardian() -> Response:
    return _do(lambda: asking.remind(the_member(), clock.now()), _asked)


def _do(act: Callable[[], object], words: Callable[[], str], **forms: Form) -> Response:
    """Do it and say so; what is refused is said on the page, with the forms as they were filled in."""
    try:
        act()
    except DomainError as refusal:
        db.session.rollback()
        return _page(refusal=refusal, **forms)
    db.session.commit()
    if not is_htmx():
        flash(words(), "good")
    return _page(done=words())


def _page(*, refusal: DomainError | None = None, done: str = "", **forms: Form) -> Response:
    """The whole profile; `forms` are those that came back with something to mend."""
    member = the_member()
    usual: dict[str, Any] = {
        "form": None if "form" in forms else AnswersForm.of(member),
        "guardian_form": None if "guardian_form" in forms else GuardianForm(formdata=None, prefix="guardian"),
    }
    status = refusal.status if refusal is not None else 422 if forms else 200
    return region(
        "community/members/profiles/_mine.html",
        page="community/members/profiles/mine.html",
        or_redirect=url_for("profiles.index") if request.method == "POST" else "",
        status=status,
        profile=reading.profile(member, clock.now()),
        offer=offering.offer_to(member, clock.now()),
        refusal=refusal,
        done=done,
        value_words=choices.words,
        source_words=wording.SOURCES,
        way_words=wording.WAYS,
        purpose_words=wording.PURPOSES,
        **(usual | forms),
    )


def _saved() -> str:
    if guardians.is_awaited(the_member().id):
        return str(_("A guardian has to agree first. Nothing was kept."))
    return str(_("Your profile is saved."))


def _allowed() -> str:
    if guardians.needed(the_member().id) is not None:
        return str(_("Your guardian is asked for this too."))
    return str(_("Thank you. You can withdraw it here at any time."))


def _asked() -> str:
    return str(_("A mail is on its way to your guardian."))


def _word(kind: type[Word], value: str) -> Word:
    """The field or the purpose that an address names; 404 for none of ours."""
    if value not in set(kind):
        abort(404)
    return kind(value)
