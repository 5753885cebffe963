"""What a person does about money that did not fit: once, and nothing of it is lost."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from campaigns.payments import matching, settling, taking
from campaigns.payments.matching import Placed
from campaigns.payments.models import Misfit, Mismatch, PaymentState, ReceiptKind, Settlement
from commons.accounts.models import User
from commons.errors import Conflict, Invalid
from commons.money import Money
from tests.campaigns.factories import a_lead
from tests.campaigns.payments.factories import PRICE, asked, mismatches, money, receipts, refunds, told_about


@pytest.fixture
def by(app: Flask, at: datetime) -> User:
    return a_lead()


def of_nobody(at: datetime, amount: Money = PRICE) -> Mismatch:
    """Money whose reference names nothing."""
    placing = matching.place("who knows", money("M-1", amount, provider="shop"), at=at)
    assert placing.placed is Placed.KEPT
    assert placing.mismatch is not None
    return placing.mismatch


def test_money_of_an_unknown_reference_is_kept_once(app: Flask, at: datetime) -> None:
    of_nobody(at)
    of_nobody(at)

    assert [(one.reference, one.reason) for one in mismatches()] == [("who knows", Misfit.UNKNOWN_PAYMENT)]


def test_a_person_names_the_payment_and_it_counts_however_the_reference_is_written(by: User, at: datetime) -> None:
    payment, mismatch = asked(at, provider="shop"), of_nobody(at)

    receipt = settling.name_payment(mismatch, f" {payment.public_id[:6].upper()} {payment.public_id[6:]}", by=by, at=at)

    assert receipt is not None
    assert (receipt.kind, payment.state, mismatch.settled_as) == (
        ReceiptKind.IN_TIME,
        PaymentState.PAID,
        Settlement.COUNTED,
    )
    assert matching.place("who knows", money("M-1", provider="shop"), at=at).placed is Placed.KNOWN


def test_money_named_for_a_payment_of_another_sum_stays_with_what_does_not_fit(by: User, at: datetime) -> None:
    payment, mismatch = asked(at, provider="shop"), of_nobody(at, Money(100))

    assert settling.name_payment(mismatch, payment.public_id, by=by, at=at) is None
    assert (mismatch.payment, mismatch.reason, mismatch.settled_at) == (payment, Misfit.WRONG_AMOUNT, None)


def test_a_reference_that_names_nothing_is_refused(by: User, at: datetime) -> None:
    with pytest.raises(Invalid):
        settling.name_payment(of_nobody(at), "still nobody", by=by, at=at)


def test_another_sum_can_be_counted_all_the_same_and_only_once(by: User, at: datetime) -> None:
    payment = asked(at)
    taking.take(payment, money("M-1", Money(12700)), at=at)
    (mismatch,) = mismatches()

    receipt = settling.count_anyway(mismatch, by=by, at=at)

    assert (receipt.amount, payment.state, told_about(payment)) == (Money(12700), PaymentState.PAID, ["paid"])
    for verb in (settling.count_anyway, settling.send_back):
        with pytest.raises(Conflict):
            verb(mismatch, by=by, at=at)


def test_what_is_sent_back_is_whole_and_the_payment_waits_on_for_the_right_sum(by: User, at: datetime) -> None:
    payment = asked(at)
    taking.take(payment, money("M-1", Money(100, "USD")), at=at)
    (mismatch,) = mismatches()

    settling.send_back(mismatch, by=by, at=at)

    assert [one.amount for one in refunds(payment)] == [Money(100, "USD")]
    assert (payment.state, told_about(payment)) == (PaymentState.WAITING, [])
    right = taking.take(payment, money("M-2"), at=at)
    assert right is not None
    assert right.kind is ReceiptKind.IN_TIME
    assert [one.kind for one in receipts(payment)] == [ReceiptKind.MISFIT, ReceiptKind.IN_TIME]


def test_another_currency_cannot_be_counted(by: User, at: datetime) -> None:
    taking.take(asked(at), money("M-1", Money(100, "USD")), at=at)

    with pytest.raises(Invalid):
        settling.count_anyway(mismatches()[0], by=by, at=at)


def test_money_of_nobody_cannot_be_sent_back_before_its_payment_is_named(by: User, at: datetime) -> None:
    with pytest.raises(Invalid):
        settling.send_back(of_nobody(at), by=by, at=at)


def test_a_case_is_closed_with_a_note_once(by: User, at: datetime) -> None:
    mismatch = of_nobody(at)

    settling.close(mismatch, "A test order of the shop", by=by, at=at)

    assert (mismatch.settled_as, mismatch.note, mismatch.settled_by_id) == (
        Settlement.CLOSED,
        "A test order of the shop",
        by.id,
    )
    with pytest.raises(Conflict):
        settling.close(mismatch, "Again", by=by, at=at)
