"""The nightly proof: it finds nothing where all is well, and every way in which money could be lost or doubled."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, update

from campaigns.payments import refunding, sending
from campaigns.payments.books import reconciling
from campaigns.payments.models import Payment, PaymentState, Receipt, Refund
from commons import clock, events, jobs
from commons.admin import health
from commons.db import changed, db
from commons.events import Event
from commons.money import Money
from tests.campaigns.payments.factories import PRICE, asked, paid


@pytest.fixture
def receipt(app: Flask, at: datetime) -> Receipt:
    """Paid, and a part of it went back."""
    receipt = paid(at)
    refund = refunding.refund(receipt, Money(2800), "The price fell", key="k", at=at)
    sending.send_refund(refund.id)
    return receipt


def found(at: datetime) -> list[tuple[str, int, int]]:
    db.session.expire_all()
    return [(one.what, one.expected, one.found) for one in reconciling.reconcile(at)]


def test_what_came_in_less_what_went_back_is_held(receipt: Receipt, at: datetime) -> None:
    asked(at)
    refunding.refund(receipt, Money(1000), "More", key="m", at=at)

    (total,) = reconciling.totals()

    assert (total.received, total.sent_back, total.promised, total.held) == (12800, 2800, 1000, 10000)
    assert found(at) == []


def test_a_promise_without_a_refund_is_found(receipt: Receipt, at: datetime) -> None:
    changed(update(Receipt).values(refunded_minor=5000))

    assert found(at) == [("promised", 5000, 2800)]


def test_money_without_a_fact_is_found(receipt: Receipt, at: datetime) -> None:
    changed(delete(Event).where(Event.kind == "payment.received"))

    assert found(at) == [("held", 10000, -2800)]


def test_a_refund_that_was_sent_twice_is_found(receipt: Receipt, at: datetime) -> None:
    fact = events.of_subject(receipt.payment)[-1]
    payload = {**fact.payload, "minor": 2800}
    events.track("payment.refunded", key="twice", at=at, subject=receipt.payment, payload=payload)

    assert found(at) == [("held", 10000, 7200)]


def test_a_payment_that_is_paid_without_money_is_found(app: Flask, at: datetime) -> None:
    payment = asked(at)
    changed(update(Payment).where(Payment.id == payment.id).values(state=PaymentState.PAID))

    assert found(at) == [("paid", 1, 0)]


def test_a_refund_that_nobody_sends_is_found_after_a_day(app: Flask, at: datetime) -> None:
    refunding.refund(paid(at), PRICE, "Why", key="k", at=at)

    assert found(at + timedelta(hours=23)) == []
    assert found(at + timedelta(hours=25)) == [("stuck", 0, 1)]


def test_a_refund_that_waits_for_a_person_is_not_lost(app: Flask, at: datetime) -> None:
    refund = refunding.refund(paid(at, provider="manual"), PRICE, "Why", key="k", at=at)
    sending.send_refund(refund.id)

    assert found(at + timedelta(days=3)) == []


def test_it_is_proven_once_a_night_and_a_difference_shows_on_the_health_page(receipt: Receipt, at: datetime) -> None:
    jobs.drain(at)
    jobs.drain(at + timedelta(hours=2))
    assert [proof.differences for proof in reconciling.nights()] == [[]]
    assert reconciling.complaint(at) is None

    changed(update(Refund).values(amount_minor=1))
    clock.set_to(at + timedelta(days=1))
    jobs.drain(clock.now())

    assert len(reconciling.nights()) == 2
    assert reconciling.nights()[0].differences
    assert any("2" in words for words in health.look(clock.now()).amiss)
