"""Who takes the own data along has the payments in it; who is erased leaves sums and no proofs."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from campaigns.payments import leaving, manual, refunding
from campaigns.payments.books.reconciling import reconcile
from commons.money import Money
from tests.campaigns.factories import a_lead
from tests.campaigns.payments.factories import PRICE, asked, receipts
from tests.factories import make_fan


def test_payments_receipts_and_refunds_are_exported(app: Flask, at: datetime) -> None:
    fan = make_fan("小满", at)
    assert fan.user is not None
    payment = asked(at, fan, provider="manual")
    receipt = manual.mark_paid(payment, "B-77", PRICE, at, picture=None, by=a_lead(), at=at)
    assert receipt is not None
    refunding.refund(receipt, Money(100), "Why", key="k", at=at)

    (one,) = leaving.export(fan.user)["payments"]

    assert (one["amount"], one["paid"][0]["number"], one["sent_back"][0]["amount"]) == ("128.00", "B-77", "1.00")


def test_who_is_erased_leaves_sums_that_balance_and_no_proof(app: Flask, at: datetime) -> None:
    fan = make_fan("小满", at)
    assert fan.user is not None
    payment = asked(at, fan, provider="manual")
    manual.mark_paid(payment, "B-77", PRICE, at, picture=None, by=a_lead(), at=at)

    leaving.erase(fan.user, at)

    (receipt,) = receipts(payment)
    assert (receipt.proof, receipt.amount, reconcile(at)) == ({}, PRICE, [])
