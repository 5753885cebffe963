"""Whether the page behind a post's link answers: asked for the composer, and never in anybody's way."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns.links.making import make_link
from commons.accounts.models import User
from commons.db import db, random_id
from commons.outbound import Answer, Policy
from tests.commons.outbound.far_end import far_end, says
from tests.factories import sign_in

HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(client: FlaskClient, author: User) -> FlaskClient:
    """阿岚's browser."""
    sign_in(client, author)
    return client


def form(**more: object) -> dict[str, object]:
    return {"text": "今天的茶", "revision": "0", "campaign": "", "zone": "Asia/Shanghai", **more}


def test_a_link_that_answers_is_said_to(app: Flask, client: FlaskClient, author: User, at: datetime) -> None:
    with far_end(says()) as server:
        before = app.extensions["outbound"]
        app.extensions["outbound"] = Policy(frozenset({("127.0.0.1", server.port)}))
        link = make_link(server.url("/tea"), by=author, at=at)
        answer = client.post(f"/posts/{random_id()}/link-check", data=form(link=link.public_id), headers=HTMX)
        app.extensions["outbound"] = before
    assert "is-good" in answer.text
    assert server.requests[0].startswith("GET /tea")


def test_no_transaction_waits_for_the_page_behind_a_link(
    client: FlaskClient, author: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_ones = []

    def asked(*_about: object, **_how: object) -> Answer:
        open_ones.append(db.session().in_transaction())
        return Answer(200, {}, b"", "https://example.org/tea")

    monkeypatch.setattr("commons.outbound.fetch", asked)
    link = make_link("https://example.org/tea", by=author, at=at)
    answer = client.post(f"/posts/{random_id()}/link-check", data=form(link=link.public_id), headers=HTMX)
    assert (answer.status_code, open_ones) == (200, [False])


@pytest.mark.parametrize(
    ("target", "look"),
    [
        ("http://no-such-name.invalid/", "is-warn"),
        ("/no/such/page", "is-warn"),
        ("/circle", "is-good"),
        ("/groupbuys", "is-good"),
    ],
)
def test_a_link_that_does_not_answer_is_a_warning_and_no_block(
    client: FlaskClient, author: User, at: datetime, target: str, look: str
) -> None:
    link = make_link(target, by=author, at=at)
    answer = client.post(f"/posts/{random_id()}/link-check", data=form(link=link.public_id), headers=HTMX)
    assert answer.status_code == 200
    assert look in answer.text
    assert client.post(f"/publishing/{random_id()}/now", data=form(link=link.public_id)).status_code == 303
