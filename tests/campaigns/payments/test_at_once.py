"""Calls and people in the same moment: nothing is lost and nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaigns.payments import asking, refunding, sending, taking
from campaigns.payments.books.reconciling import reconcile
from campaigns.payments.models import Payment, PaymentState, Receipt, ReceiptKind, Refund
from campaigns.payments.refunding import TooMuch
from commons import clock
from commons.db import db
from commons.money import Money
from community.members.models import Member
from tests.at_once import at_once
from tests.campaigns.payments.factories import PRICE, TIME_TO_PAY, Tickets, asked, money, paid, sent_back, told_about
from tests.factories import NOON, make_fan

pytestmark = pytest.mark.slow
MANY = 8


def committed_payment() -> int:
    clock.set_to(NOON)
    payment_id = asked(NOON).id
    db.session.commit()
    return payment_id


def committed_receipt() -> int:
    clock.set_to(NOON)
    receipt_id = paid(NOON).id
    db.session.commit()
    return receipt_id


def taking_in(payment_id: int, name: str) -> Callable[[], object]:
    return lambda: taking.take(db.session.get_one(Payment, payment_id), money(name), at=NOON)


def test_the_same_call_many_times_at_once_counts_once(committed_app: Flask) -> None:
    payment_id = committed_payment()

    failed = at_once(committed_app, *(taking_in(payment_id, "M-1") for _time in range(MANY)))

    payment = db.session.get_one(Payment, payment_id, populate_existing=True)
    assert failed == []
    assert (payment.state, db.session.scalar(select(func.count()).select_from(Receipt))) == (PaymentState.PAID, 1)
    assert told_about(payment) == ["paid"]
    assert reconcile(NOON) == []


def test_of_many_sums_at_once_one_pays_and_all_others_go_back(committed_app: Flask) -> None:
    payment_id = committed_payment()

    failed = at_once(committed_app, *(taking_in(payment_id, f"M-{number}") for number in range(MANY)))

    kinds = list(db.session.scalars(select(Receipt.kind).order_by(Receipt.id)))
    assert failed == []
    assert kinds == [ReceiptKind.IN_TIME] + [ReceiptKind.DOUBLE] * (MANY - 1)
    assert db.session.scalar(select(func.count()).select_from(Refund)) == MANY - 1
    assert reconcile(NOON) == []


def test_paying_and_running_out_of_time_in_the_same_moment_have_one_end(committed_app: Flask) -> None:
    payment_id, over = committed_payment(), NOON + TIME_TO_PAY

    failed = at_once(committed_app, taking_in(payment_id, "M-1"), lambda: asking.expire(payment_id, over))

    payment = db.session.get_one(Payment, payment_id, populate_existing=True)
    told = told_about(payment)
    assert failed == []
    assert (payment.state, told) in [(PaymentState.PAID, ["paid"]), (PaymentState.EXPIRED, ["expired", "paid late"])]
    assert reconcile(NOON) == []


def test_asked_many_times_at_once_there_is_one_payment(committed_app: Flask) -> None:
    clock.set_to(NOON)
    fan_id = make_fan("小满", NOON).id
    db.session.commit()

    def ask() -> object:
        fan = db.session.get_one(Member, fan_id)
        return asking.ask(Tickets.name, "t", fan, PRICE, "sandbox", NOON + TIME_TO_PAY, at=NOON)

    failed = at_once(committed_app, *(ask for _time in range(MANY)))

    assert (failed, db.session.scalar(select(func.count()).select_from(Payment))) == ([], 1)


def test_refunds_at_once_never_come_to_more_than_came_in(committed_app: Flask) -> None:
    receipt_id = committed_receipt()

    def send_back(number: int) -> Callable[[], object]:
        def act() -> object:
            receipt = db.session.get_one(Receipt, receipt_id)
            return refunding.refund(receipt, Money(5000), "Why", key=f"k{number}", at=NOON)

        return act

    failed = at_once(committed_app, *(send_back(number) for number in range(MANY)))

    receipt = db.session.get_one(Receipt, receipt_id, populate_existing=True)
    assert [type(error) for error in failed] == [TooMuch] * (MANY - 2)
    assert (receipt.refunded_minor, db.session.scalar(select(func.count()).select_from(Refund))) == (10000, 2)
    assert reconcile(NOON) == []


def test_workers_at_once_send_a_refund_once(committed_app: Flask) -> None:
    receipt_id = committed_receipt()
    receipt = db.session.get_one(Receipt, receipt_id)
    refund_id = refunding.refund(receipt, PRICE, "Why", key="k", at=NOON).id
    db.session.commit()

    failed = at_once(committed_app, *(lambda: sending.send_refund(refund_id) for _time in range(4)))

    receipt = db.session.get_one(Receipt, receipt_id, populate_existing=True)
    assert (failed, sent_back(receipt)) == ([], [PRICE.minor])
    assert told_about(receipt.payment) == ["paid", "refunded"]
    assert reconcile(NOON + timedelta(days=2)) == []
