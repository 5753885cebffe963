"""What a shop tells about payments by a signed call: only with a key, only once, and never for nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaigns.payments import asking, refunding, sending
from campaigns.payments.calls.models import PaymentSpentSignature
from campaigns.payments.calls.receiving import calls, keys
from campaigns.payments.models import Payment, PaymentState, ReceiptKind, RefundState
from commons import clock
from commons.calls.signing import IDEMPOTENCY, SIGNATURE, TIMESTAMP
from commons.db import db
from tests.campaigns.factories import a_lead
from tests.campaigns.payments.factories import PRICE, asked, mismatches, paid, receipts, refunds
from tests.commons.calls.shops import Shop, refusal

DOOR = "/api/payments/{}/calls"


@pytest.fixture
def shop(client: FlaskClient, at: datetime) -> Shop:
    return Shop(client, keys, DOOR.format("shop"), at)


@pytest.fixture
def payment(app: Flask, at: datetime) -> Payment:
    return asked(at, provider="shop")


def order(of: Payment, **changes: Any) -> dict[str, Any]:
    usual = {"event": "paid", "reference": of.public_id, "external_id": "A-1", "amount": "128.00", "currency": "CNY"}
    return {**usual, "paid_at": "2026-03-01T12:00:00Z", **changes}


def test_an_order_pays_its_payment(shop: Shop, payment: Payment) -> None:
    answer = shop.tell(order(payment))

    (receipt,) = receipts(payment)
    assert (answer.status_code, answer.get_json()) == (
        200,
        {"state": "counted", "receipt": receipt.public_id, "kind": "in_time"},
    )
    assert (payment.state, receipt.amount, receipt.provider) == (PaymentState.PAID, PRICE, "shop")


def test_the_same_call_signed_anew_is_answered_as_the_first_time(shop: Shop, payment: Payment) -> None:
    first = shop.tell(order(payment)).get_json()
    clock.advance(seconds=1)

    again = shop.tell(order(payment))

    assert (again.status_code, again.get_json()) == (200, {**first, "again": True})
    assert len(receipts(payment)) == 1


def test_the_same_order_under_another_idempotency_key_is_known(shop: Shop, payment: Payment) -> None:
    shop.tell(order(payment))

    assert shop.tell(order(payment), name="b").get_json()["state"] == "known"
    assert len(receipts(payment)) == 1


def test_a_replay_of_the_very_call_is_refused(shop: Shop, payment: Payment) -> None:
    shop.tell(order(payment))

    answer = shop.tell(order(payment))

    assert (refusal(answer), len(receipts(payment))) == ((409, "replayed"), 1)


@pytest.mark.parametrize(
    ("header", "value", "name"),
    [
        (SIGNATURE, "v1,AAAA", "wrong_signature"),
        (SIGNATURE, "", "missing_header"),
        (IDEMPOTENCY, "other", "wrong_signature"),
        (TIMESTAMP, "1", "wrong_signature"),
        ("Quanzi-Key", "nobody", "unknown_key"),
    ],
)
def test_a_call_that_is_not_signed_as_it_stands_is_refused(
    shop: Shop, payment: Payment, header: str, value: str, name: str
) -> None:
    answer = shop.tell(order(payment), **{header: value})

    assert (answer.status_code >= 400, refusal(answer)[1], receipts(payment)) == (True, name, [])


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_call_of_another_time_is_refused(shop: Shop, payment: Payment, at: datetime, minutes: int) -> None:
    moment = str(int((at + timedelta(minutes=minutes)).timestamp()))

    answer = shop.tell(order(payment), timestamp=moment)

    assert (refusal(answer), receipts(payment)) == ((401, "stale"), [])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount": "127.99"}, "wrong_amount"),
        ({"currency": "USD"}, "wrong_currency"),
        ({"reference": "nobody knows"}, "unknown_payment"),
        ({"reference": ""}, "unknown_payment"),
    ],
)
def test_what_does_not_fit_is_kept_for_a_person(
    shop: Shop, payment: Payment, changes: dict[str, str], reason: str
) -> None:
    answer = shop.tell(order(payment, **changes))

    assert (answer.status_code, answer.get_json()) == (200, {"state": "kept", "reason": reason})
    assert ([one.reason.value for one in mismatches()], receipts(payment)) == ([reason], [])


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "-1"},
        {"amount": "0"},
        {"amount": "much"},
        {"amount": "99999999999"},
        {"currency": "¥"},
        {"external_id": ""},
        {"external_id": "A" * 81},
        {"paid_at": "yesterday"},
        {"paid_at": "2026-03-01T12:00:00"},
        {"paid_at": "2027-01-01T00:00:00Z"},
    ],
)
def test_what_makes_no_sense_is_refused_by_name(shop: Shop, payment: Payment, changes: dict[str, str]) -> None:
    answer = shop.tell(order(payment, **changes))

    assert refusal(answer) == (422, "invalid")
    assert (receipts(payment), mismatches()) == ([], [])


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        (b"no json", 400, "not_json"),
        (b"[]", 400, "not_json"),
        (b'{"event": "stolen"}', 422, "unknown_event"),
        (b'{"event": "refunded", "refund": "none", "external_id": "R"}', 404, "unknown_refund"),
    ],
)
def test_a_body_that_says_nothing_is_refused_by_name(shop: Shop, body: bytes, status: int, name: str) -> None:
    answer = shop.tell(body)

    assert refusal(answer) == (status, name)


def test_an_order_that_is_told_for_another_payment_later_changes_nothing(
    shop: Shop, payment: Payment, at: datetime
) -> None:
    shop.tell(order(payment))
    other = asked(at, provider="shop")

    answer = shop.tell(order(other), name="b")

    assert (refusal(answer), other.state) == ((409, "told_otherwise"), PaymentState.WAITING)


def test_a_late_order_is_taken_and_told_as_late(shop: Shop, payment: Payment, at: datetime) -> None:
    asking.cancel(payment, at=at)

    assert shop.tell(order(payment)).get_json()["kind"] == ReceiptKind.LATE.value


def test_a_shop_tells_that_it_sent_money_back(shop: Shop, at: datetime) -> None:
    receipt = paid(at, provider="shop")
    refund = refunding.refund(receipt, PRICE, "Why", key="k", at=at)
    sending.send_refund(refund.id)
    body = {"event": "refunded", "refund": refund.public_id, "external_id": "R-1"}

    answers = [shop.tell(body, name=name).get_json()["state"] for name in ("r", "s")]

    (done,) = refunds(receipt.payment)
    assert (answers, done.state, done.external_id) == (["done", "known"], RefundState.DONE, "R-1")


def test_a_shop_cannot_speak_for_another_provider(shop: Shop, at: datetime) -> None:
    receipt = paid(at)
    refund = refunding.refund(receipt, PRICE, "Why", key="k", at=at)

    refused = shop.tell({"event": "refunded", "refund": refund.public_id, "external_id": "R-1"})

    assert refusal(refused)[1] == "unknown_refund"
    assert refusal(shop.tell(order(receipt.payment), door=DOOR.format("sandbox")))[1] == "unknown_key"
    assert refusal(shop.tell(order(receipt.payment), door=DOOR.format("manual")))[1] == "unknown_provider"


def test_a_key_that_has_ended_signs_nothing_any_more(shop: Shop, payment: Payment, at: datetime) -> None:
    keys.end(shop.key, by=a_lead(), at=at)

    assert refusal(shop.tell(order(payment)))[1] == "unknown_key"


def test_spent_signatures_are_kept_until_they_are_too_old_to_be_replayed(
    shop: Shop, payment: Payment, at: datetime
) -> None:
    shop.tell(order(payment))
    kept = select(func.count()).select_from(PaymentSpentSignature)
    calls.forget_old(at + timedelta(minutes=14))
    assert db.session.scalar(kept) == 1

    calls.forget_old(at + timedelta(minutes=16))

    assert db.session.scalar(kept) == 0
