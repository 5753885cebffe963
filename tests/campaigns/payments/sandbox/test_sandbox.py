"""The sandbox: no money, calls like those of a real provider, and only where the settings allow it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.payments import slots
from campaigns.payments.models import Payment, PaymentState, ReceiptKind
from campaigns.payments.sandbox import site
from campaigns.payments.sandbox.models import Manner, SandboxCharge
from campaigns.payments.sandbox.site import Trial
from commons import clock, jobs
from commons.calls.signing import Call
from commons.config import Settings
from commons.db import db
from commons.errors import Invalid
from commons.setting_error import SettingError
from tests.campaigns.factories import signed_in_fan
from tests.campaigns.payments.factories import PRICE, asked, mismatches, receipts


@pytest.fixture
def closed(app: Flask) -> Iterator[None]:
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, payment_sandbox=False)
    yield
    app.extensions["settings"] = before


def test_a_payment_in_the_sandbox_is_told_by_a_signed_call(app: Flask, at: datetime) -> None:
    payment = asked(at)
    site.pay(payment, Trial.PAY, Manner.WORKS, at)
    jobs.drain(at)

    assert (payment.state, receipts(payment)[0].amount) == (PaymentState.PAID, PRICE)
    assert db.session.scalars(select(SandboxCharge.told_at)).one() == at


@pytest.mark.parametrize(
    ("trial", "kinds", "misfits"),
    [(Trial.FAIL, [], 0), (Trial.TWICE, [ReceiptKind.IN_TIME, ReceiptKind.DOUBLE], 0), (Trial.LESS, [], 1)],
)
def test_it_fails_pays_twice_or_another_sum_when_it_is_told_to(
    app: Flask, at: datetime, trial: Trial, kinds: list[ReceiptKind], misfits: int
) -> None:
    payment = asked(at)
    site.pay(payment, trial, Manner.WORKS, at)
    jobs.drain(at)

    assert ([one.kind for one in receipts(payment)], len(mismatches())) == (kinds, misfits)


def test_it_tells_late_when_it_is_told_to(app: Flask, at: datetime) -> None:
    payment = asked(at)
    site.pay(payment, Trial.LATE, Manner.WORKS, at)
    jobs.drain(payment.expires_at)
    assert (payment.state, receipts(payment)) == (PaymentState.EXPIRED, [])

    jobs.drain(payment.expires_at + timedelta(minutes=1))

    assert [one.kind for one in receipts(payment)] == [ReceiptKind.LATE]


def test_its_calls_come_in_by_the_same_door_and_need_its_secret(client: FlaskClient, at: datetime) -> None:
    payment = asked(at)
    site.pay(payment, Trial.PAY, Manner.WORKS, at)
    charge = db.session.scalars(select(SandboxCharge)).one()
    right = site.call_about(charge, at)
    forged = Call.sign("a guess", site.NAME, "x", right.body, at)

    refused = client.post("/api/payments/sandbox/calls", data=forged.body, headers=site.headers_of(forged))
    taken = client.post("/api/payments/sandbox/calls", data=right.body, headers=site.headers_of(right))

    assert (refused.status_code, refused.get_json()["error"]["name"]) == (401, "wrong_signature")
    assert (taken.status_code, json.loads(right.body)["reference"]) == (200, payment.public_id)
    assert payment.state is PaymentState.PAID


@pytest.mark.usefixtures("closed")
def test_where_the_settings_say_nothing_of_it_there_is_no_sandbox(client: FlaskClient, at: datetime) -> None:
    assert site.NAME not in {provider.name for provider in slots.open_providers()}
    with pytest.raises(Invalid):
        asked(at)


def test_its_page_and_its_door_are_closed_when_it_is(client: FlaskClient, at: datetime, app: Flask) -> None:
    fan = signed_in_fan(client)
    payment = asked(at, fan)
    site.pay(payment, Trial.PAY, Manner.WORKS, at)
    call = site.call_about(db.session.scalars(select(SandboxCharge)).one(), at)
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, payment_sandbox=False)
    try:
        page = client.get(f"/payments/{payment.public_id}/sandbox")
        answer = client.post("/api/payments/sandbox/calls", data=call.body, headers=site.headers_of(call))
    finally:
        app.extensions["settings"] = before

    assert (page.status_code, answer.status_code, receipts(payment)) == (404, 401, [])


def test_the_demo_has_it_and_production_only_if_it_is_said(tmp_path: object) -> None:
    usual = {"QUANZI_VAR": str(tmp_path), "SECRET_KEY": "x" * 32}

    assert not Settings.from_environ({**usual, "QUANZI_PRODUCTION": "1"}).payment_sandbox
    assert Settings.from_environ({**usual, "PAYMENT_SANDBOX": "1"}).payment_sandbox
    assert Settings.from_environ({**usual, "QUANZI_DEMO": "1"}).payment_sandbox
    with pytest.raises(SettingError):
        Settings.from_environ({**usual, "PAYMENT_SANDBOX": "perhaps"})


def test_a_fan_pays_on_its_page_and_reads_that_no_money_moves(client: FlaskClient, at: datetime) -> None:
    payment = asked(at, signed_in_fan(client))
    page = client.get(f"/payments/{payment.public_id}/sandbox", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "No real money" in page.text

    answer = client.post(f"/payments/{payment.public_id}/sandbox", data={"trial": "pay", "manner": "works"})
    jobs.drain(clock.now())

    assert answer.location == f"/payments/{payment.public_id}"
    assert db.session.get_one(Payment, payment.id).state is PaymentState.PAID
    assert client.post(f"/payments/{payment.public_id}/sandbox", data={"trial": "fly"}).status_code == 422
