"""The keys of shops on screen, the same in every room that takes signed calls."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from campaigns.links.conversions.calling import keys as of_links
from campaigns.payments.calls.receiving import keys as of_payments
from commons.calls.keys import KeyRing
from commons.db import db
from commons.permissions import Role
from tests.factories import make_staff, sign_in

ROOMS = [
    ("/links/keys", of_links, "/api/link-orders", "the orders stay"),
    ("/payments/keys", of_payments, "/api/payments/shop/calls", "what came by it stays"),
]
EVERY_ROOM = pytest.mark.parametrize(("page", "ring", "door", "ends"), ROOMS, ids=[room[0] for room in ROOMS])


@pytest.fixture
def lead(app: Flask, client: FlaskClient) -> FlaskClient:
    """The browser of somebody who may make keys in every room."""
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD, language="en"))
    return client


@EVERY_ROOM
def test_the_secret_is_shown_once_and_kept_encrypted(
    lead: FlaskClient, page: str, ring: KeyRing[Any], door: str, ends: str
) -> None:
    assert "No keys yet" in lead.get(page).text
    answer = lead.post(page, data={"name": " Tea shop "})
    key = db.session.scalars(select(ring.keys)).one()
    secret = key.secret["secret"]

    assert (key.name, len(secret) >= 43, secret in answer.text) == ("Tea shop", True, True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert secret not in lead.get(page).text
    assert secret not in str(db.session.scalar(text(f"SELECT secret FROM {ring.keys.__tablename__}")))


@EVERY_ROOM
def test_the_page_tells_a_shop_where_to_call_and_what_it_means_to_end_a_key(
    lead: FlaskClient, page: str, ring: KeyRing[Any], door: str, ends: str, at: datetime
) -> None:
    ring.make("Tea shop", by=make_staff(), at=at)

    words = lead.get(page).text

    assert f"{door}</code>" in words
    assert "Quanzi-Signature" in words
    assert ends in words


@EVERY_ROOM
def test_a_key_is_ended_on_its_page_and_only_by_those_who_may(
    client: FlaskClient, page: str, ring: KeyRing[Any], door: str, ends: str, at: datetime
) -> None:
    key, _secret = ring.make("Tea shop", by=make_staff(), at=at)
    sign_in(client, make_staff(Role.EXECUTIVE))
    assert client.get(page).status_code == 404
    assert client.post(page, data={"name": "Mine"}).status_code == 404
    assert client.post(f"{page}/{key.public_id}/end").status_code == 404

    sign_in(client, make_staff(Role.CAMPAIGN_LEAD))
    assert client.post(page, data={"name": ""}).status_code == 422
    assert client.post(f"{page}/{key.public_id}/end").location == page
    assert key.ended_at is not None
