"""Asking for money: once while it waits, and never for nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from campaigns.payments import asking, taking
from campaigns.payments.models import PaymentState
from commons import clock, jobs
from commons.errors import Invalid
from commons.money import Money
from tests.campaigns.payments.factories import PRICE, TIME_TO_PAY, Tickets, asked, money, receipts, told_about
from tests.factories import make_fan


def test_who_is_asked_twice_for_the_same_thing_has_one_payment(app: Flask, at: datetime) -> None:
    fan = make_fan("小满", at)

    first, second = (
        asking.ask(Tickets.name, "t", fan, PRICE, "sandbox", at + TIME_TO_PAY, at=at) for _time in range(2)
    )

    assert first.id == second.id
    assert (first.state, first.amount, first.expires_at) == (PaymentState.WAITING, PRICE, at + TIME_TO_PAY)


def test_after_the_end_the_same_thing_may_be_asked_for_anew(app: Flask, at: datetime) -> None:
    fan = make_fan("小满", at)
    first = asking.ask(Tickets.name, "t", fan, PRICE, "sandbox", at + TIME_TO_PAY, at=at)
    asking.cancel(first, at=at)

    assert asking.ask(Tickets.name, "t", fan, PRICE, "sandbox", at + TIME_TO_PAY, at=at).id != first.id


@pytest.mark.parametrize("minor", [0, -1, 2**31])
def test_a_sum_that_is_none_is_not_asked_for(app: Flask, at: datetime, minor: int) -> None:
    with pytest.raises(Invalid):
        asked(at, amount=Money(minor))


def test_no_time_to_pay_is_no_payment(app: Flask, at: datetime) -> None:
    with pytest.raises(Invalid):
        asking.ask(Tickets.name, "t", make_fan("小满", at), PRICE, "sandbox", at, at=at)


def test_only_a_way_that_is_open_can_be_chosen(app: Flask, at: datetime) -> None:
    with pytest.raises(Invalid):
        asked(at, provider="carrier pigeon")


def test_what_nobody_paid_in_time_ends_by_itself_and_its_purpose_is_told_once(app: Flask, at: datetime) -> None:
    payment, later = asked(at), at + TIME_TO_PAY
    jobs.drain(later - timedelta(seconds=1))
    assert payment.state is PaymentState.WAITING

    jobs.drain(later)
    jobs.drain(later + timedelta(hours=1))

    assert (payment.state, payment.ended_at) == (PaymentState.EXPIRED, later)
    assert told_about(payment) == ["expired"]


def test_what_was_paid_never_expires(app: Flask, at: datetime) -> None:
    payment = asked(at)
    taking.take(payment, money(), at=at)

    jobs.drain(at + timedelta(days=1))

    assert (payment.state, told_about(payment)) == (PaymentState.PAID, ["paid"])


def test_a_clock_that_ran_ahead_and_came_back_ends_nothing_early(app: Flask, at: datetime) -> None:
    payment = asked(at)
    assert asking.claim(at + timedelta(hours=1), 10) == [payment.id]

    clock.set_to(at)
    asking.expire(payment.id, at)

    assert (payment.state, payment.due_at) == (PaymentState.WAITING, payment.expires_at)


def test_what_is_cancelled_stays_so_and_what_is_paid_is_not_cancelled(app: Flask, at: datetime) -> None:
    cancelled, done = asked(at), asked(at)
    taking.take(done, money(), at=at)
    for payment in (cancelled, cancelled, done):
        asking.cancel(payment, at=at)

    assert (cancelled.state, done.state) == (PaymentState.CANCELLED, PaymentState.PAID)
    assert told_about(cancelled) == []
    assert receipts(cancelled) == []
