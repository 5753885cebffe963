"""A fan's payments on screen: one's own, with what to do next."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from campaigns.payments import asking, refunding, sending, taking, terms
from campaigns.payments.models import Payment
from campaigns.payments.terms import Told
from commons.money import Money
from community.members.models import Member
from tests.campaigns.factories import a_lead, signed_in_fan
from tests.campaigns.payments.factories import TIME_TO_PAY, asked, charged, money, receipts
from tests.factories import make_fan, sign_in

EN = {"Accept-Language": "en"}


@pytest.fixture
def fan(client: FlaskClient, at: datetime) -> Member:
    return signed_in_fan(client)


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path, headers=EN)
    assert answer.status_code == status
    return answer.text


def page_of(client: FlaskClient, payment: Payment) -> str:
    return text(client, f"/payments/{payment.public_id}")


def test_without_payments_the_page_says_where_they_come_from(client: FlaskClient, fan: Member) -> None:
    assert "No payments yet" in text(client, "/payments")


def test_a_fan_sees_own_payments_with_state_and_nobody_elses(client: FlaskClient, fan: Member, at: datetime) -> None:
    mine, other = asked(at, fan), asked(at, make_fan("阿木", at))

    page = text(client, "/payments")

    assert f"Ticket {mine.purpose_id}" in page
    assert "To be paid" in page
    assert other.purpose_id not in page
    text(client, f"/payments/{other.public_id}", 404)


def test_who_is_not_signed_in_is_led_to_signing_in(client: FlaskClient, at: datetime) -> None:
    assert "/accounts/sign-in" in client.get("/payments").location


def test_a_payment_says_how_to_pay_by_hand_as_the_offer_or_the_brand_has_it(
    client: FlaskClient, fan: Member, at: datetime
) -> None:
    by = a_lead()
    terms.write("manual", "", Told("To account 6222."), by=by, at=at)
    payment = asked(at, fan, provider="manual")
    assert "To account 6222." in page_of(client, payment)
    assert payment.public_id in page_of(client, payment)

    terms.write("manual", "offer1", Told("In cash at the shop."), by=by, at=at)
    payment.offer = "offer1"

    assert "In cash at the shop." in page_of(client, payment)


def test_a_payment_in_a_shop_leads_there_with_its_reference(client: FlaskClient, fan: Member, at: datetime) -> None:
    terms.write("shop", "", Told("", "https://shop.example/order?note={reference}&sum={amount}"), by=a_lead(), at=at)
    payment = asked(at, fan, provider="shop")

    assert f"https://shop.example/order?note={payment.public_id}&amp;sum=128" in page_of(client, payment)


def test_what_became_of_a_payment_is_said_in_every_state(client: FlaskClient, fan: Member, at: datetime) -> None:
    paid, expired, cancelled = (asked(at, fan) for _time in range(3))
    charged(paid, at)
    asking.expire(expired.id, at + TIME_TO_PAY)
    asking.cancel(cancelled, at=at)

    assert "There is nothing more for you to do here." in page_of(client, paid)
    assert "nothing was taken" in page_of(client, expired)
    assert "Nothing is asked of you any more." in page_of(client, cancelled)
    taking.take(expired, money(), at=at + TIME_TO_PAY)
    assert "came after the time was over" in page_of(client, expired)


def test_a_forged_return_from_a_pay_page_pays_nothing(client: FlaskClient, fan: Member, at: datetime) -> None:
    """Only a provider's signed call and a person of the team say that money came; a browser that comes back says nothing."""
    mine = asked(at, fan)
    address = f"/payments/{mine.public_id}"

    page = text(client, f"{address}?status=paid&trade_status=TRADE_SUCCESS&amount=128.00&transaction=M-1&sign=00")
    claimed = client.post(address, data={"status": "paid"}, headers=EN)

    assert "To be paid" in page
    assert claimed.status_code == 405
    assert (mine.is_waiting, receipts(mine)) == (True, [])


def test_what_goes_back_is_shown_with_its_reason_until_it_is_there(
    client: FlaskClient, fan: Member, at: datetime
) -> None:
    receipt = charged(asked(at, fan), at)
    refund = refunding.refund(receipt, Money(2800), "The price fell", key="k", at=at)
    assert "on its way" in page_of(client, receipt.payment)

    sending.send_refund(refund.id)

    assert "The price fell" in page_of(client, receipt.payment)
    assert "Sent back" in page_of(client, receipt.payment)


def test_the_page_asks_anew_only_while_something_can_change(client: FlaskClient, fan: Member, at: datetime) -> None:
    payment = asked(at, fan)
    assert "every 5s" in page_of(client, payment)

    charged(payment, at)

    assert "every 5s" not in page_of(client, payment)
    part = client.get(f"/payments/{payment.public_id}", headers={**EN, "HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="payment-mine"')


def test_staff_have_no_payments_of_their_own(client: FlaskClient, at: datetime) -> None:
    sign_in(client, a_lead())

    assert client.get("/payments").status_code == 404
