"""The call by which a shop tells an order: signed, fresh, taken once."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaigns.links.conversions.calling import calls, keys
from campaigns.links.conversions.models import Conversion, SpentSignature
from campaigns.links.counting import write_visits
from campaigns.links.models import Link
from commons import clock, events
from commons.calls import signing
from commons.calls.signing import signed
from commons.db import db
from commons.money import Money
from tests.campaigns.factories import a_lead, a_link, personal_link_of, visit
from tests.commons.calls.shops import Shop, refusal
from tests.factories import make_fan


@pytest.fixture
def shop(client: FlaskClient, at: datetime) -> Shop:
    return Shop(client, keys, "/api/link-orders", at)


def order(of: Link, **changes: Any) -> dict[str, Any]:
    usual = {
        "order": "A-1001",
        "link": of.slug,
        "amount": "128.00",
        "currency": "CNY",
        "ordered_at": "2026-03-01T11:59:00Z",
    }
    return {**usual, **changes}


def kept() -> list[Conversion]:
    return list(db.session.scalars(select(Conversion).order_by(Conversion.id)))


def test_an_order_is_kept_with_all_that_it_says(shop: Shop) -> None:
    link = a_link(slug="spring")
    answer = shop.tell(order(link))
    assert (answer.status_code, answer.json["link"], answer.json["new"]) == (201, "spring", True)  # type: ignore[index]
    (one,) = kept()
    assert (one.order, one.link, one.amount, one.source.value) == ("A-1001", link, Money(12800), "call")
    assert shop.key.used_at is not None
    assert "link.ordered" in {fact.kind for fact in events.of_subject(link)}


def test_the_same_call_signed_anew_is_the_same_order(shop: Shop) -> None:
    link = a_link()
    first = shop.tell(order(link))
    clock.advance(seconds=1)
    second = shop.tell(order(link))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json["id"] == second.json["id"]  # type: ignore[index]
    assert len(kept()) == 1


def test_a_call_that_is_sent_a_second_time_as_it_is_is_refused(shop: Shop) -> None:
    link = a_link()
    shop.tell(order(link))
    assert refusal(shop.tell(order(link))) == (409, "replayed")
    assert len(kept()) == 1


def test_a_key_of_one_order_cannot_tell_another(shop: Shop) -> None:
    link = a_link()
    shop.tell(order(link))
    assert refusal(shop.tell(order(link, order="A-1002"))) == (409, "key_reused")
    assert [one.order for one in kept()] == ["A-1001"]


def test_an_order_counts_once_under_whatever_keys(shop: Shop) -> None:
    link = a_link()
    assert [shop.tell(order(link), name=key).status_code for key in "abc"] == [201, 200, 200]
    assert len(kept()) == 1


@pytest.mark.parametrize(
    ("changes", "status", "name"),
    [
        ({signing.SIGNATURE: "v1,bm90aGluZw=="}, 401, "wrong_signature"),
        ({signing.SIGNATURE: "é"}, 401, "wrong_signature"),
        ({signing.KEY: "nosuchkey123"}, 401, "unknown_key"),
        ({signing.IDEMPOTENCY: "other"}, 401, "wrong_signature"),
        ({signing.IDEMPOTENCY: ""}, 400, "missing_header"),
        ({signing.IDEMPOTENCY: "x" * 81}, 400, "missing_header"),
        ({signing.SIGNATURE: ""}, 400, "missing_header"),
        ({"timestamp": "yesterday"}, 401, "stale"),
        ({"timestamp": "9" * 30}, 401, "stale"),
    ],
)
def test_what_is_not_signed_as_it_should_is_refused(
    shop: Shop, changes: dict[str, str], status: int, name: str
) -> None:
    assert refusal(shop.tell(order(a_link()), **changes)) == (status, name)
    assert kept() == []


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_call_of_another_time_is_stale(shop: Shop, at: datetime, minutes: int) -> None:
    moment = str(int((at + timedelta(minutes=minutes)).timestamp()))
    assert refusal(shop.tell(order(a_link()), timestamp=moment)) == (401, "stale")


def test_a_body_that_was_changed_on_the_way_is_refused(shop: Shop) -> None:
    link = a_link()
    content = json.dumps(order(link)).encode()
    moment = str(int(clock.now().timestamp()))
    signature = signed(shop.secret, shop.key.public_id, moment, "a", content)
    answer = shop.tell(content.replace(b"128.00", b"999.00"), **{signing.SIGNATURE: signature})
    assert refusal(answer) == (401, "wrong_signature")


def test_nothing_is_taken_under_an_ended_key(shop: Shop, at: datetime) -> None:
    link = a_link()
    keys.end(shop.key, by=a_lead(), at=at)
    assert refusal(shop.tell(order(link))) == (401, "unknown_key")


@pytest.mark.parametrize(
    ("changes", "status", "name"),
    [
        ({"link": "no-such-link"}, 422, "unknown_link"),
        ({"link": ""}, 422, "unknown_link"),
        ({"order": ""}, 422, "invalid"),
        ({"order": "x" * 81}, 422, "invalid"),
        ({"order": {"a": 1}}, 201, ""),
        ({"amount": "much"}, 422, "invalid"),
        ({"amount": "-1"}, 422, "invalid"),
        ({"amount": "99999999999"}, 422, "invalid"),
        ({"currency": "¥¥¥"}, 422, "invalid"),
        ({"ordered_at": "soon"}, 422, "invalid"),
        ({"ordered_at": "2026-03-01T12:00:00"}, 422, "invalid"),
        ({"ordered_at": "2026-03-02T12:00:00Z"}, 422, "invalid"),
    ],
)
def test_what_is_no_order_is_named(shop: Shop, changes: dict[str, Any], status: int, name: str) -> None:
    answer = shop.tell(order(a_link(), **changes))
    assert answer.status_code == status
    assert (answer.json or {}).get("error", {"name": ""})["name"] == name


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'"text"', b"[" * 5000])
def test_a_body_that_is_no_json_object_is_named(shop: Shop, body: bytes) -> None:
    assert refusal(shop.tell(body)) == (400, "not_json")


def test_a_refused_call_may_be_mended_under_the_same_key(shop: Shop) -> None:
    link = a_link()
    assert shop.tell(order(link, amount="much")).status_code == 422
    assert shop.tell(order(link)).status_code == 201


@pytest.mark.parametrize("named", ["slug", "address", "public_id", "path"])
def test_a_link_is_known_by_all_its_names(shop: Shop, app: Flask, named: str) -> None:
    link = a_link(slug="春茶")
    words = {
        "slug": "春茶",
        "address": f"{app.config['BASE_URL']}/l/春茶",
        "public_id": link.public_id,
        "path": "/l/春茶",
    }
    assert shop.tell(order(link, link=words[named])).status_code == 201


def test_an_order_that_names_the_click_needs_no_link(shop: Shop) -> None:
    link = a_link()
    write_visits([{**visit(link), "uid": "abc123"}])
    assert shop.tell(order(link, link="", click="abc123")).status_code == 201
    assert (kept()[0].link, kept()[0].hit_uid) == (link, "abc123")


def test_the_fan_whose_link_it_was_is_told(shop: Shop, at: datetime) -> None:
    fan = make_fan()
    link = personal_link_of(fan, at)
    shop.tell(order(link))
    (told,) = [fact for fact in events.of_subject(link) if fact.kind == "link.ordered"]
    assert told.member_id == fan.id


def test_old_signatures_are_let_go_and_their_calls_are_stale_by_then(shop: Shop, at: datetime) -> None:
    shop.tell(order(a_link()))
    calls.forget_old(at + timedelta(minutes=14))
    assert db.session.scalar(select(func.count()).select_from(SpentSignature)) == 1
    calls.forget_old(at + timedelta(minutes=16))
    assert db.session.scalar(select(func.count()).select_from(SpentSignature)) == 0
