"""Identities and the accounts that they open: linked, unlinked, and never somebody else's."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.accounts.identities.linking import identities_of
from commons.accounts.identities.models import Identity, IdentityRequest
from commons.db import db
from commons.events import Event
from tests.commons.accounts.identities.conftest import english
from tests.commons.accounts.identities.going import XIAOMAN, account, come_in, count, way_back
from tests.commons.accounts.letterbox import letters
from tests.factories import PASSWORD, make_fan, make_staff, sign_in
from tests.servers.smtp import Smtp

pytestmark = pytest.mark.usefixtures("openid")


def test_a_known_address_asks_for_its_password_once(client: FlaskClient, smtp: Smtp) -> None:
    owner = make_fan("小满", email=XIAOMAN).user
    assert owner is not None

    assert come_in(client, "xiaoman").location == "/accounts/with/known"
    assert "There is already an account with xiaoman@example.org." in client.get("/accounts/with/known").text
    assert client.post("/accounts/with/known", data={"password": "not the password"}).status_code == 422
    assert client.get("/accounts").status_code == 303

    assert client.post("/accounts/with/known", data={"password": PASSWORD}).location == "/"
    assert client.get("/accounts").status_code == 200
    assert [one.subject for one in identities_of(owner)] == ["xiaoman"]
    assert "House" in str(letters(smtp, XIAOMAN)[-1]["Subject"])
    assert come_in(english(client.application), "xiaoman").location == "/"


def test_another_browser_cannot_answer_for_the_one_that_waits(client: FlaskClient, app: Flask) -> None:
    make_fan("小满", email=XIAOMAN)
    come_in(client, "xiaoman")

    other = app.test_client()

    assert other.get("/accounts/with/known").location == "/accounts/sign-in"
    assert other.post("/accounts/with/known", data={"password": PASSWORD}).location == "/accounts/sign-in"


def test_opening_the_account_in_another_way_links_what_waits(client: FlaskClient) -> None:
    come_in(client, "xiaoman", "guild")
    client.post("/accounts/sign-out")
    assert come_in(client, "xiaoman", "house").location == "/accounts/with/known"

    come_in(client, "xiaoman", "guild")

    assert sorted(one.provider for one in identities_of(account())) == ["guild", "house"]


def test_one_more_way_is_linked_and_unlinked_on_the_account_page(client: FlaskClient, smtp: Smtp) -> None:
    fan = make_fan("小满", email=XIAOMAN).user
    assert fan is not None
    sign_in(client, fan)

    assert come_in(client, "nameless", purpose="link").location == "/accounts#identities"
    identity = identities_of(fan)[0]
    assert "nameless" in client.get("/accounts").text

    client.post(f"/accounts/with/{identity.public_id}/unlink")

    assert identities_of(fan) == []
    mine = (Event.subject_type == "user_account", Event.subject_id == fan.id)
    kinds = db.session.scalars(select(Event.kind).where(*mine).order_by(Event.id)).all()
    assert kinds == ["account.identity_linked", "account.identity_unlinked"]
    assert len(letters(smtp, XIAOMAN)) == 2


def test_the_last_way_in_cannot_be_unlinked(client: FlaskClient) -> None:
    come_in(client, "xiaoman")
    identity = identities_of(account())[0]

    assert client.post(f"/accounts/with/{identity.public_id}/unlink").status_code == 403
    assert identities_of(account()) == [identity]


def test_an_identity_opens_one_account_only(client: FlaskClient, app: Flask) -> None:
    come_in(client, "xiaoman")
    other = english(app)
    fan = make_fan("大满").user
    assert fan is not None
    sign_in(other, fan)

    answer = come_in(other, "xiaoman", purpose="link")

    assert answer.status_code == 409
    assert "already a way into another account here" in answer.text
    assert identities_of(fan) == []


def test_linking_ends_with_the_session_that_began_it(client: FlaskClient) -> None:
    fan = make_fan("小满").user
    assert fan is not None
    sign_in(client, fan)
    back = way_back(client, "xiaoman", purpose="link")
    client.post("/accounts/sign-out")

    assert client.get(back).status_code == 410
    assert count(Identity) == 0


def test_nobody_unlinks_for_another(client: FlaskClient, app: Flask) -> None:
    come_in(client, "xiaoman")
    identity = identities_of(account())[0]
    other = english(app)
    sign_in(other, make_staff())

    assert other.post(f"/accounts/with/{identity.public_id}/unlink").status_code == 404


def test_a_sign_in_of_staff_is_on_record(client: FlaskClient) -> None:
    staff = make_staff()
    sign_in(client, staff)
    come_in(client, "xiaoman", purpose="link")
    client.post("/accounts/sign-out")

    assert come_in(client, "xiaoman").location == "/staff"

    kinds = db.session.scalars(select(Event.kind).where(Event.actor_id == staff.id)).all()
    assert {"account.identity_linked", "staff.signed_in"} <= set(kinds)


def test_erasing_the_account_forgets_its_identities(client: FlaskClient) -> None:
    come_in(client, "xiaoman")

    assert client.post("/accounts/delete", data={"email": XIAOMAN}).location == "/accounts/gone"

    assert count(Identity) == count(IdentityRequest) == 0
