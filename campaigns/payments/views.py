"""A fan's payments: what is to be paid and how, what was paid, what went back. And the sandbox's own page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.payments import reading, refunding, timeline, wording
from campaigns.payments.forms import SandboxForm
from campaigns.payments.models import Payment, Receipt
from campaigns.payments.sandbox import site
from campaigns.payments.sandbox.models import Manner
from campaigns.payments.sandbox.provider import Sandbox
from campaigns.payments.sandbox.site import Trial
from campaigns.payments.slots import provider_named, words_of
from commons import clock
from commons.db import db
from commons.media.serving import to_one_person
from commons.paging import asked_page, page_of
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import allow, go, one_or_404, region
from community.members.current import the_member

bp = Blueprint("payments", __name__, url_prefix="/payments")


@bp.get("")
@allow(Permission.TAKE_PART)
def index() -> str:
    """Everything that was ever asked of the fan, the newest first."""
    page = page_of(reading.of_member(the_member()), asked_page(), reading.PAGE)
    money = reading.money_of([one.id for one in page.rows])
    return render_template(
        "campaigns/payments/index.html", page=page, words_of=words_of, states=wording.STATES, money=money
    )


@bp.get("/<public_id>")
@allow(Permission.TAKE_PART)
def pay(public_id: str) -> Response:
    """One payment: how to pay it while it waits, and what became of it afterwards."""
    payment = _mine(public_id)
    title, url = words_of(payment)
    context: dict[str, Any] = {
        "payment": payment,
        "title": title,
        "url": url,
        "start": provider_named(payment.provider).start(payment) if payment.is_waiting else None,
        "receipts": reading.receipts_of(payment),
        "refunds": reading.refunds_of(payment),
        "lines": timeline.of_payment(payment),
        "words": wording,
        "reason_words": refunding.reason_words,
    }
    return region("campaigns/payments/_mine.html", page="campaigns/payments/pay.html", **context)


@bp.get("/receipts/<public_id>/slip")
@allow(Permission.TAKE_PART)
def slip(public_id: str) -> Response:
    """The picture that proves what the fan paid."""
    receipt = one_or_404(Receipt.of_member(the_member()), public_id)
    return to_one_person(receipt.proof_picture or abort(404))


@bp.get("/<public_id>/sandbox")
@allow(Permission.TAKE_PART)
def sandbox(public_id: str) -> Response:
    """The sandbox's pay page: it stands for the page of a real provider."""
    return _sandbox_page(_in_sandbox(public_id), SandboxForm(formdata=None))


@bp.post("/<public_id>/sandbox")
@allow(Permission.TAKE_PART)
@posting_limit
def pay_in_sandbox(public_id: str) -> Response:
    payment, form = _in_sandbox(public_id), SandboxForm()
    if not form.validate_on_submit():
        return _sandbox_page(payment, form, 422)
    charges = site.pay(payment, Trial(form.trial.data), Manner(form.manner.data), clock.now())
    db.session.commit()
    if charges:
        flash(_("The sandbox was paid. It tells us in a moment."), "good")
    else:
        flash(_("The sandbox says that the payment failed. Nothing was taken; try again."), "bad")
    return go(url_for("payments.pay", public_id=public_id))


def _mine(public_id: str) -> Payment:
    return one_or_404(Payment.of_member(the_member()), public_id)


def _in_sandbox(public_id: str) -> Payment:
    payment = _mine(public_id)
    if payment.provider != site.NAME or not Sandbox().is_open():
        abort(404)
    return payment


def _sandbox_page(payment: Payment, form: SandboxForm, status: int = 200) -> Response:
    title, _url = words_of(payment)
    page = render_template(
        "campaigns/payments/sandbox/pay.html", payment=payment, title=title, form=form, name=current_user.name
    )
    return make_response(page, status)
