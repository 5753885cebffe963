"""Payments for the team: found, marked as paid with a proof, sent back after a second look, and settled where they do not fit."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from campaigns.payments import matching, refunding, sending, taking, terms
from campaigns.payments.models import Payment, PaymentState, Receipt, RefundState
from campaigns.payments.sandbox.models import Manner
from commons.accounts.models import User
from commons.admin import audit
from commons.db import db, random_id
from commons.money import Money
from commons.permissions import Role
from tests.campaigns.payments.factories import asked, charged, mismatches, money, paid, receipts, refunds
from tests.commons.media.pictures import a_picture
from tests.factories import make_fan, make_staff, sign_in

EN = {"Accept-Language": "en"}


@pytest.fixture
def lead(client: FlaskClient, at: datetime) -> User:
    lead = make_staff(Role.CAMPAIGN_LEAD, "许桥", language="en")
    sign_in(client, lead)
    return lead


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=EN, buffered=True)
    assert answer.status_code == 200, path
    return answer.text


def post(client: FlaskClient, path: str, status: int = 303, **data: object) -> str:
    answer = client.post(path, data=data, headers=EN)
    assert answer.status_code == status, answer.text
    return answer.text


def desk(payment: Payment) -> str:
    return f"/payments/desk/{payment.public_id}"


def test_the_list_finds_by_state_way_reference_number_and_name(client: FlaskClient, lead: User, at: datetime) -> None:
    waiting = asked(at, make_fan("阿木", at), provider="manual")
    receipt = paid(at)

    for query, there, gone in (
        ("state=paid", receipt.payment, waiting),
        ("provider=manual", waiting, receipt.payment),
        (f"q={waiting.public_id.upper()}", waiting, receipt.payment),
        (f"q={receipt.external_id}", receipt.payment, waiting),
        ("q=阿木", waiting, receipt.payment),
    ):
        page = text(client, f"/payments/desk?{query}")
        assert there.public_id in page
        assert gone.public_id not in page
        table = text(client, f"/payments/desk/payments.csv?{query}")
        assert (there.public_id in table, gone.public_id in table) == (True, False)
    assert "Nothing matches" in text(client, "/payments/desk?q=nobody")


def test_a_payment_is_marked_as_paid_with_number_and_picture_and_the_log_says_by_whom(
    client: FlaskClient, lead: User, at: datetime
) -> None:
    payment = asked(at, provider="manual")
    picture = (BytesIO(a_picture()), "slip.png")

    post(client, f"{desk(payment)}/paid", reference="B-77", amount="128.00", zone="UTC", picture=picture)

    (receipt,) = receipts(payment)
    assert (receipt.external_id, receipt.taken_by, receipt.proof) == ("B-77", lead, {"reference": "B-77"})
    assert receipt.proof_picture is not None
    assert receipt.proof_picture.is_private
    assert payment.state is PaymentState.PAID
    acts = audit.acts(audit.Filter("UTC", actor=lead), 5)
    assert [act.kind for act in acts] == ["payment.received"]
    assert payment.public_id in acts[0].words
    assert "B-77" in text(client, desk(payment))


def test_the_same_number_marks_one_payment(client: FlaskClient, lead: User, at: datetime) -> None:
    first, second = (asked(at, provider="manual") for _time in range(2))
    post(client, f"{desk(first)}/paid", reference="B-77", amount="128.00", zone="UTC")

    answer = post(client, f"{desk(second)}/paid", 409, reference="B-77", amount="128.00", zone="UTC")

    assert "counted already" in answer
    assert second.state is PaymentState.WAITING


def test_another_sum_is_kept_and_not_counted(client: FlaskClient, lead: User, at: datetime) -> None:
    payment = asked(at, provider="manual")

    post(client, f"{desk(payment)}/paid", reference="B-77", amount="100", zone="UTC")

    assert (payment.state, len(mismatches())) == (PaymentState.WAITING, 1)
    assert "Money came that does not fit" in text(client, desk(payment))


@pytest.mark.parametrize(
    "wrong", [{"reference": ""}, {"amount": "0"}, {"amount": "much"}, {"paid_at": "2027-01-01T00:00"}]
)
def test_what_cannot_be_is_said_beside_its_field(
    client: FlaskClient, lead: User, at: datetime, wrong: dict[str, str]
) -> None:
    payment = asked(at, provider="manual")
    said = {"reference": "B-77", "amount": "128.00", "zone": "UTC", **wrong}

    assert "field-error" in post(client, f"{desk(payment)}/paid", 422, **said)
    assert payment.state is PaymentState.WAITING


def sending_back(receipt: Receipt, **changes: str) -> dict[str, Any]:
    return {"amount": str(receipt.left.amount), "reason": "A promise", "sure": "y", "token": random_id(), **changes}


def test_money_goes_back_only_after_a_second_look_and_once_for_a_doubled_click(
    client: FlaskClient, lead: User, at: datetime
) -> None:
    receipt = paid(at)
    path, said = f"/payments/desk/receipts/{receipt.public_id}/refund", sending_back(receipt)
    assert "cannot be undone" in text(client, path)

    post(client, path, 422, **{**said, "sure": ""})
    assert refunds(receipt.payment) == []
    post(client, path, **said)
    post(client, path, **said)

    (refund,) = refunds(receipt.payment)
    assert (refund.amount, refund.reason, refund.asked_by) == (receipt.amount, "A promise", lead)


def test_more_than_is_left_is_refused_in_words(client: FlaskClient, lead: User, at: datetime) -> None:
    receipt = paid(at)

    answer = post(
        client, f"/payments/desk/receipts/{receipt.public_id}/refund", 409, **sending_back(receipt, amount="128.01")
    )

    assert "More would go back than came in" in answer
    assert refunds(receipt.payment) == []


def test_a_failed_refund_is_tried_again_from_the_list(client: FlaskClient, lead: User, at: datetime) -> None:
    receipt = charged(asked(at), at, Manner.REFUSES)
    refund = refunding.refund(receipt, receipt.left, "Why", key="k", at=at)
    sending.send_refund(refund.id)
    assert "Try again" in text(client, "/payments/refunds")

    post(client, f"/payments/desk/receipts/{receipt.public_id}/sandbox", manner="works")
    post(client, f"/payments/refunds/{refund.public_id}/again")
    sending.send_refund(refund.id)

    assert refunds(receipt.payment)[0].state is RefundState.DONE
    assert "No refund waits for a person" in text(client, "/payments/refunds")
    assert refund.payment.public_id in text(client, "/payments/refunds?all=1")


def test_a_refund_by_hand_is_noted_with_its_number(client: FlaskClient, lead: User, at: datetime) -> None:
    receipt = paid(at, provider="manual")
    refund = refunding.refund(receipt, receipt.left, "Why", key="k", at=at)
    sending.send_refund(refund.id)

    post(client, f"/payments/refunds/{refund.public_id}/done", reference="")
    assert refunds(receipt.payment)[0].state is RefundState.WAITING
    post(client, f"/payments/refunds/{refund.public_id}/done", reference="B-99")

    assert refunds(receipt.payment)[0].external_id == "B-99"
    assert "B-99" in text(client, desk(receipt.payment))


def test_what_does_not_fit_is_placed_counted_sent_back_or_closed(client: FlaskClient, lead: User, at: datetime) -> None:
    payments = [asked(at, provider="shop") for _time in range(3)]
    matching.place("nobody", money("A-1", provider="shop"), at=at)
    taking.take(payments[1], money("A-2", Money(12700)), at=at)
    taking.take(payments[2], money("A-3", Money(1)), at=at)
    matching.place("a test", money("A-4", provider="shop"), at=at)
    unknown, less, far_less, test = mismatches()
    page = text(client, "/payments/mismatches")
    assert all(one.external_id in page for one in (unknown, less, far_less, test))

    post(client, f"/payments/mismatches/{unknown.public_id}/place", reference=payments[0].public_id)
    post(client, f"/payments/mismatches/{less.public_id}/count")
    post(client, f"/payments/mismatches/{far_less.public_id}/send-back")
    post(client, f"/payments/mismatches/{test.public_id}/close", note="A test order")

    assert [db.session.get_one(Payment, one.id).state.value for one in payments] == ["paid", "paid", "waiting"]
    assert len(refunds(payments[2])) == 1
    assert "Everything fits" in text(client, "/payments/mismatches")
    assert "A test order" in text(client, "/payments/mismatches?settled=1")
    post(client, f"/payments/mismatches/{less.public_id}/count")
    assert "settled meanwhile" in text(client, "/payments/mismatches")


def test_terms_are_kept_for_all_offers_and_for_one(client: FlaskClient, lead: User, at: datetime) -> None:
    post(client, "/payments/terms", manual="To account 6222.", shop_url="https://shop.example", shop="")
    post(client, "/payments/terms?offer=tea", manual="In cash.", shop_url="", shop="")

    assert (terms.entered("manual", "").instructions, terms.entered("manual", "tea").instructions) == (
        "To account 6222.",
        "In cash.",
    )
    assert "In cash." in text(client, "/payments/terms?offer=tea")
    assert "field-error" in post(client, "/payments/terms", 422, shop_url="javascript:alert(1)")


def test_the_books_show_what_is_held_and_can_be_compared_at_once(client: FlaskClient, lead: User, at: datetime) -> None:
    paid(at)
    post(client, "/payments/books/check")

    page = text(client, "/payments/books")

    assert "No difference" in page
    assert "128.00" in page
    assert "128" in text(client, "/payments/books/nights.csv")


def test_who_may_only_look_sees_no_buttons_and_can_change_nothing(client: FlaskClient, at: datetime) -> None:
    receipt = paid(at)
    sign_in(client, make_staff(Role.SERVICE_AGENT, language="en"))

    assert "Send back" not in text(client, desk(receipt.payment))
    for path in (f"{desk(receipt.payment)}/paid", f"/payments/desk/receipts/{receipt.public_id}/refund"):
        assert client.post(path).status_code == 404


def test_who_has_nothing_to_do_with_payments_finds_none(client: FlaskClient, at: datetime) -> None:
    receipt = paid(at)
    sign_in(client, make_staff(Role.SOCIAL_MANAGER, language="en"))

    for path in (
        "/payments/desk",
        desk(receipt.payment),
        "/payments/mismatches",
        "/payments/refunds",
        "/payments/books",
    ):
        assert client.get(path).status_code == 404
