"""Payments for the team: all of them, one with its timeline, marking as paid, and sending money back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.payments import manual, mismatching, reading, refunding, timeline, wording
from campaigns.payments.forms import DoneForm, MannerForm, PaidForm, RefundForm
from campaigns.payments.models import Payment, Receipt
from campaigns.payments.reading import Filter
from campaigns.payments.sandbox import site
from campaigns.payments.sandbox.models import Manner
from campaigns.payments.slots import providers, words_of
from commons import clock
from commons.accounts.current import the_user
from commons.db import db, random_id
from commons.errors import DomainError
from commons.media.keeping import keep
from commons.media.models import Picture
from commons.media.serving import to_one_person
from commons.money import Money
from commons.paging import asked_page, page_of
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404

bp = Blueprint("payment_desk", __name__, url_prefix="/payments/desk")


@bp.get("")
@allow(Permission.PAYMENT_READ)
def index() -> str:
    chosen = Filter.from_args(request.args)
    page = page_of(reading.query(chosen), asked_page(), reading.PAGE)
    return render_template(
        "campaigns/payments/desk/index.html",
        page=page,
        chosen=chosen,
        money=reading.money_of([one.id for one in page.rows]),
        states=wording.STATES,
        provider_words=provider_words(),
        words_of=words_of,
        mismatches=mismatching.open_count(),
        refunds=reading.waiting_refunds(),
    )


@bp.get("/payments.csv")
@allow(Permission.PAYMENT_READ)
def export() -> Response:
    return csv_answer(reading.rows(Filter.from_args(request.args)), f"payments-{clock.now():%Y-%m-%d}")


@bp.get("/<public_id>")
@allow(Permission.PAYMENT_READ)
def show(public_id: str) -> Response:
    payment = _visible(public_id)
    return _page(payment, _paid_form(payment))


@bp.post("/<public_id>/paid")
@allow(Permission.PAYMENT_WRITE)
def mark_paid(public_id: str) -> Response:
    """A person has seen the money. A sum that was not asked is kept among what does not fit."""
    payment, form = _visible(public_id), PaidForm()
    if not form.validate_on_submit():
        return _page(payment, form, 422)
    try:
        came_in = _mark(payment, form)
    except DomainError as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.in_full)
        return _page(_visible(public_id), form, refusal.status)
    db.session.commit()
    if came_in is None:
        flash(_("Nothing was counted: this number is known, or the sum does not fit. Look below."), "warn")
    else:
        flash(_("Marked as paid."), "good")
    return go(url_for("payment_desk.show", public_id=public_id))


@bp.get("/receipts/<public_id>/refund")
@allow(Permission.PAYMENT_WRITE)
def refund(public_id: str) -> Response:
    """How much of this money goes back, and why; asked once more before it goes."""
    receipt = _receipt(public_id)
    return _refund_page(receipt, RefundForm(formdata=None, amount=str(receipt.left.amount), token=random_id()))


@bp.post("/receipts/<public_id>/refund")
@allow(Permission.PAYMENT_WRITE)
def send_back(public_id: str) -> Response:
    receipt, form = _receipt(public_id), RefundForm()
    if not form.validate_on_submit():
        return _refund_page(receipt, form, 422)
    amount = Money(form.amount.money.minor, receipt.currency)
    key, reason = f"by_hand:{receipt.public_id}:{form.token.data}", (form.reason.data or "").strip()
    try:
        refunding.refund(receipt, amount, reason, key=key, at=clock.now(), by=the_user())
    except DomainError as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.in_full)
        return _refund_page(_receipt(public_id), form, refusal.status)
    db.session.commit()
    flash(_("It goes back now. How it stands is shown here."), "good")
    return go(url_for("payment_desk.show", public_id=receipt.payment.public_id))


@bp.get("/receipts/<public_id>/slip")
@allow(Permission.PAYMENT_READ)
def slip(public_id: str) -> Response:
    """The picture that proves a receipt."""
    return to_one_person(_receipt(public_id).proof_picture or abort(404))


@bp.post("/receipts/<public_id>/sandbox")
@allow(Permission.PAYMENT_WRITE)
def behave(public_id: str) -> Response:
    """How the sandbox is to answer when this money goes back."""
    receipt, form = _receipt(public_id), MannerForm()
    if receipt.provider != site.NAME or not form.validate_on_submit():
        abort(404)
    site.behave(receipt.external_id, Manner(form.manner.data))
    db.session.commit()
    return go(url_for("payment_desk.show", public_id=receipt.payment.public_id))


def provider_words() -> dict[str, Any]:
    """By name, how each way to pay is called."""
    return {provider.name: provider.words for provider in (make() for make in providers)}


def _mark(payment: Payment, form: PaidForm) -> Receipt | None:
    moment, at = form.moment(), clock.now()
    return manual.mark_paid(
        payment,
        (form.reference.data or "").strip(),
        Money(form.amount.money.minor, payment.currency),
        moment or at,
        picture=_kept(form),
        by=the_user(),
        at=at,
    )


def _kept(form: PaidForm) -> Picture | None:
    upload = form.picture.data
    return keep(upload.stream, upload.filename or "", current_user, clock.now(), private=True) if upload else None


def _paid_form(payment: Payment) -> PaidForm:
    return PaidForm(formdata=None, amount=str(payment.amount.amount))


def _page(payment: Payment, form: PaidForm, status: int = 200) -> Response:
    title, url = words_of(payment)
    page = render_template(
        "campaigns/payments/desk/show.html",
        payment=payment,
        title=title,
        url=url,
        form=form,
        done=DoneForm(formdata=None),
        manner=MannerForm(formdata=None),
        receipts=reading.receipts_of(payment),
        refunds=reading.refunds_of(payment),
        mismatches=[one for one in reading.mismatches_of(payment) if one.settled_at is None],
        lines=timeline.of_payment(payment),
        words=wording,
        provider_words=provider_words(),
        reason_words=refunding.reason_words,
        may_change=current_user.can(Permission.PAYMENT_WRITE),
    )
    return make_response(page, status)


def _refund_page(receipt: Receipt, form: RefundForm, status: int = 200) -> Response:
    title, _url = words_of(receipt.payment)
    page = render_template("campaigns/payments/desk/refund.html", receipt=receipt, form=form, title=title)
    return make_response(page, status)


def _visible(public_id: str) -> Payment:
    return one_or_404(Payment.visible_to(current_user), public_id)


def _receipt(public_id: str) -> Receipt:
    return one_or_404(Receipt.visible_to(current_user), public_id)
