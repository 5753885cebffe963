"""What waits for a person: money that does not fit, and refunds that do not go through by themselves."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.payments import reading, refunding, sending, settling, wording
from campaigns.payments.desk_views import provider_words
from campaigns.payments.forms import CloseForm, DoneForm, PlaceForm
from campaigns.payments.models import Mismatch, Refund
from campaigns.payments.slots import words_of
from commons import clock
from commons.accounts.current import the_user
from commons.db import db
from commons.errors import DomainError
from commons.forms import Form
from commons.paging import asked_page, page_of
from commons.permissions import Permission
from commons.web import allow, go, one_or_404

bp = Blueprint("payment_cases", __name__, url_prefix="/payments")


@bp.get("/mismatches")
@allow(Permission.PAYMENT_READ)
def mismatches() -> str:
    """Money that could not be counted by itself; with `settled`, what was done about it."""
    settled = request.args.get("settled") == "1"
    return render_template(
        "campaigns/payments/cases/mismatches.html",
        page=page_of(reading.mismatches(settled), asked_page(), reading.PAGE),
        settled=settled,
        words=wording,
        provider_words=provider_words(),
        place_form=PlaceForm(formdata=None),
        close_form=CloseForm(formdata=None),
        may_change=current_user.can(Permission.PAYMENT_WRITE),
    )


@bp.post("/mismatches/<public_id>/place")
@allow(Permission.PAYMENT_WRITE)
def place(public_id: str) -> Response:
    """It is for the payment of this reference."""
    mismatch, form = _mismatch(public_id), PlaceForm()

    def verb() -> str:
        receipt = settling.name_payment(mismatch, form.reference.data or "", by=the_user(), at=clock.now())
        if receipt is not None:
            return str(_("Counted."))
        return str(_("It is noted for that payment, whose sum is another one. Count it all the same, or send it back."))

    return _done(form, verb, url_for("payment_cases.mismatches"))


@bp.post("/mismatches/<public_id>/count")
@allow(Permission.PAYMENT_WRITE)
def count_anyway(public_id: str) -> Response:
    mismatch = _mismatch(public_id)

    def verb() -> str:
        settling.count_anyway(mismatch, by=the_user(), at=clock.now())
        return str(_("Counted as paid."))

    return _done(None, verb, url_for("payment_cases.mismatches"))


@bp.post("/mismatches/<public_id>/send-back")
@allow(Permission.PAYMENT_WRITE)
def send_back(public_id: str) -> Response:
    mismatch = _mismatch(public_id)

    def verb() -> str:
        settling.send_back(mismatch, by=the_user(), at=clock.now())
        return str(_("It goes back now."))

    return _done(None, verb, url_for("payment_cases.mismatches"))


@bp.post("/mismatches/<public_id>/close")
@allow(Permission.PAYMENT_WRITE)
def close(public_id: str) -> Response:
    mismatch, form = _mismatch(public_id), CloseForm()

    def verb() -> str:
        settling.close(mismatch, (form.note.data or "").strip(), by=the_user(), at=clock.now())
        return str(_("Closed, with your note."))

    return _done(form, verb, url_for("payment_cases.mismatches"))


@bp.get("/refunds")
@allow(Permission.PAYMENT_READ)
def refunds() -> str:
    """Refunds that wait for a person; with `all`, every other one."""
    waiting = request.args.get("all") != "1"
    return render_template(
        "campaigns/payments/cases/refunds.html",
        page=page_of(reading.refunds(waiting), asked_page(), reading.PAGE),
        waiting=waiting,
        words=wording,
        words_of=words_of,
        provider_words=provider_words(),
        reason_words=refunding.reason_words,
        form=DoneForm(formdata=None),
        may_change=current_user.can(Permission.PAYMENT_WRITE),
    )


@bp.post("/refunds/<public_id>/again")
@allow(Permission.PAYMENT_WRITE)
def again(public_id: str) -> Response:
    """Try a failed refund once more; the provider is asked first whether it went through after all."""
    refund = _refund(public_id)

    def verb() -> str:
        sending.try_again(refund, by=the_user(), at=clock.now())
        return str(_("It is tried again now."))

    return _done(None, verb, _payment_of(refund))


@bp.post("/refunds/<public_id>/done")
@allow(Permission.PAYMENT_WRITE)
def done(public_id: str) -> Response:
    """A person has sent it back."""
    refund, form = _refund(public_id), DoneForm()

    def verb() -> str:
        sending.done_by_hand(refund, (form.reference.data or "").strip(), by=the_user(), at=clock.now())
        return str(_("Noted as sent back."))

    return _done(form, verb, _payment_of(refund))


def _done(form: Form | None, verb: Callable[[], str], back: str) -> Response:
    """Do it and go back; a refusal, or a field that was left empty, is said there."""
    if form is not None and not form.validate_on_submit():
        words = " ".join(f"{item.label.text}: {' '.join(map(str, item.errors))}" for item in form if item.errors)
        flash(words, "bad")
        return go(back)
    try:
        said = verb()
    except DomainError as refusal:
        db.session.rollback()
        flash(refusal.in_full, "bad")
    else:
        db.session.commit()
        flash(said, "good")
    return go(back)


def _mismatch(public_id: str) -> Mismatch:
    return one_or_404(Mismatch.visible_to(current_user), public_id)


def _refund(public_id: str) -> Refund:
    return one_or_404(Refund.visible_to(current_user), public_id)


def _payment_of(refund: Refund) -> str:
    return url_for("payment_desk.show", public_id=refund.payment.public_id)
