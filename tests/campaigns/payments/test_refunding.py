"""Money that goes back: once for each key, and never more than came in."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaigns.payments import refunding
from campaigns.payments.models import Refund
from campaigns.payments.refunding import TooMuch
from commons.db import db
from commons.errors import Conflict, Invalid
from commons.jobs.models import Job
from commons.money import Money
from tests.campaigns.payments.factories import PRICE, paid, refunds


def test_the_same_key_twice_is_one_refund_and_one_row_of_the_outbox(app: Flask, at: datetime) -> None:
    receipt = paid(at)

    first, second = (refunding.refund(receipt, PRICE, "Too late", key="k", at=at) for _time in range(2))

    sent = select(func.count()).select_from(Job).where(Job.name == refunding.JOB)
    assert (first.id, db.session.scalar(sent), receipt.left.minor) == (second.id, 1, 0)


def test_parts_go_back_until_nothing_is_left(app: Flask, at: datetime) -> None:
    receipt = paid(at)
    refunding.refund(receipt, Money(5000), "The price fell", key="a", at=at)
    refunding.refund(receipt, Money(7800), "It did not come about", key="b", at=at)

    with pytest.raises(TooMuch):
        refunding.refund(receipt, Money(1), "One more", key="c", at=at)
    assert [one.amount.minor for one in refunds(receipt.payment)] == [5000, 7800]
    assert receipt.left.minor == 0


def test_more_than_came_in_leaves_nothing_behind(app: Flask, at: datetime) -> None:
    receipt = paid(at)

    with pytest.raises(TooMuch):
        refunding.refund(receipt, Money(12801), "Too much", key="a", at=at)

    assert (refunds(receipt.payment), receipt.left) == ([], PRICE)
    assert refunding.refund(receipt, PRICE, "The right sum", key="a", at=at).amount == PRICE


def test_a_key_means_one_refund_for_ever(app: Flask, at: datetime) -> None:
    receipt, other = paid(at), paid(at)
    refunding.refund(receipt, Money(100), "Why", key="k", at=at)

    for where, amount in ((receipt, Money(200)), (other, Money(100))):
        with pytest.raises(Conflict):
            refunding.refund(where, amount, "Why", key="k", at=at)
    assert db.session.scalar(select(func.count()).select_from(Refund)) == 1


@pytest.mark.parametrize("amount", [Money(0), Money(-1), Money(100, "USD")])
def test_nothing_and_another_currency_do_not_go_back(app: Flask, at: datetime, amount: Money) -> None:
    with pytest.raises(Invalid):
        refunding.refund(paid(at), amount, "Why", key="k", at=at)
