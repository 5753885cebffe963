"""Money that comes in: each once, whenever it comes and however often it is told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from campaigns.payments import asking, refunding, taking
from campaigns.payments.models import Misfit, PaymentState, ReceiptKind
from campaigns.payments.taking import Contradiction
from commons import events
from commons.errors import Invalid
from commons.money import Money
from tests.campaigns.payments.factories import (
    PRICE,
    TIME_TO_PAY,
    asked,
    mismatches,
    money,
    receipts,
    refunds,
    told_about,
)


def test_money_in_time_pays_the_payment_and_its_purpose_is_told(app: Flask, at: datetime) -> None:
    payment = asked(at)

    receipt = taking.take(payment, money("M-1"), at=at)

    assert receipt is not None
    assert (receipt.kind, receipt.amount, receipt.left) == (ReceiptKind.IN_TIME, PRICE, PRICE)
    assert (payment.state, payment.paid_at, told_about(payment)) == (PaymentState.PAID, at, ["paid"])
    assert [fact.kind for fact in events.of_subject(payment)] == ["payment.received"]


def test_the_same_money_told_twice_counts_once(app: Flask, at: datetime) -> None:
    payment, told = asked(at), money("M-1")

    assert taking.take(payment, told, at=at) is not None
    assert taking.take(payment, told, at=at) is None
    assert (len(receipts(payment)), told_about(payment), refunds(payment)) == (1, ["paid"], [])


@pytest.mark.parametrize("end", ["expired", "cancelled"])
def test_money_after_the_end_is_kept_and_told_as_late(app: Flask, at: datetime, end: str) -> None:
    payment, later = asked(at), at + TIME_TO_PAY
    if end == "expired":
        asking.expire(payment.id, later)
    else:
        asking.cancel(payment, at=later)

    receipt = taking.take(payment, money(), at=later)

    assert receipt is not None
    assert (receipt.kind, payment.state.value) == (ReceiptKind.LATE, end)
    assert told_about(payment)[-1] == "paid late"


def test_money_is_in_time_as_long_as_nobody_has_let_go_of_the_payment(app: Flask, at: datetime) -> None:
    payment = asked(at)

    receipt = taking.take(payment, money(), at=at + TIME_TO_PAY + timedelta(minutes=1))

    assert receipt is not None
    assert receipt.kind is ReceiptKind.IN_TIME


@pytest.mark.parametrize("first", ["in time", "late"])
def test_money_beyond_what_was_asked_goes_back_by_itself_and_is_not_told(app: Flask, at: datetime, first: str) -> None:
    payment = asked(at)
    if first == "late":
        asking.cancel(payment, at=at)
    taking.take(payment, money("M-1"), at=at)
    before = told_about(payment)

    second = taking.take(payment, money("M-2"), at=at)

    assert second is not None
    assert (second.kind, second.left.minor, told_about(payment)) == (ReceiptKind.DOUBLE, 0, before)
    assert [(refund.receipt_id, refund.amount, refund.reason) for refund in refunds(payment)] == [
        (second.id, PRICE, refunding.PAID_TWICE)
    ]


@pytest.mark.parametrize(
    ("amount", "why"), [(Money(12799), Misfit.WRONG_AMOUNT), (Money(12800, "USD"), Misfit.WRONG_CURRENCY)]
)
def test_another_sum_than_was_asked_is_kept_for_a_person_once(
    app: Flask, at: datetime, amount: Money, why: Misfit
) -> None:
    payment = asked(at)

    for _time in range(2):
        assert taking.take(payment, money("M-1", amount), at=at) is None

    (kept,) = mismatches()
    assert (kept.payment, kept.amount, kept.reason, kept.settled_at) == (payment, amount, why, None)
    assert (payment.state, told_about(payment), receipts(payment)) == (PaymentState.WAITING, [], [])


def test_the_same_name_for_other_money_is_refused_and_what_was_told_first_stays(app: Flask, at: datetime) -> None:
    payment, other = asked(at), asked(at)
    taking.take(payment, money("M-1"), at=at)

    with pytest.raises(Contradiction):
        taking.take(other, money("M-1"), at=at)
    with pytest.raises(Contradiction):
        taking.take(payment, money("M-1", Money(1)), at=at)
    assert (len(receipts(payment)), receipts(other), other.state) == (1, [], PaymentState.WAITING)


def test_money_that_did_not_fit_and_then_fits_is_counted_and_its_case_is_closed(app: Flask, at: datetime) -> None:
    payment = asked(at)
    taking.take(payment, money("M-1", Money(1)), at=at)

    assert taking.take(payment, money("M-1"), at=at) is not None
    assert mismatches()[0].settled_at == at


@pytest.mark.parametrize("name", ["", " ", " M-1", "M\n1", "M" * 81])
def test_money_needs_a_name_that_can_be_kept(app: Flask, at: datetime, name: str) -> None:
    with pytest.raises(Invalid):
        taking.take(asked(at), taking.Incoming(name, PRICE, at), at=at)


def test_a_clock_that_runs_ahead_does_not_date_money_into_the_future(app: Flask, at: datetime) -> None:
    receipt = taking.take(asked(at), money(at=at + timedelta(minutes=4)), at=at)

    assert receipt is not None
    assert receipt.paid_at == at
