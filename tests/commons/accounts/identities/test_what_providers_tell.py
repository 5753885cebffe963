"""What an OpenID Connect provider tells of a person beside who it is: asked for by the settings, offered, and not kept."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.accounts.identities.models import IdentityRequest
from commons.db import db
from tests.commons.accounts.identities.going import come_in, way_there
from tests.factories import make_fan

pytestmark = pytest.mark.usefixtures("openid")


def test_it_is_offered_to_a_new_fan_and_taken_with_one_click(client: FlaskClient) -> None:
    come_in(client, "open")
    page = client.get("/me/profile").text
    assert "House told us this about you" in page
    assert "Zhejiang" in page

    client.post("/me/profile/offer/take")

    record = client.get("/me/profile").text
    assert record.count("From the account used to sign in") == 2
    assert "House told us this about you" not in record


def test_a_provider_is_asked_for_no_more_than_the_settings_say(client: FlaskClient) -> None:
    scopes = [parse_qs(urlsplit(way_there(client, name)).query)["scope"] for name in ("house", "guild")]

    assert scopes == [["openid profile email address"], ["openid profile email"]]


def test_what_waits_for_the_owner_of_an_address_holds_nothing_of_it(client: FlaskClient) -> None:
    make_fan("Known", email="known@example.org", language="en")
    db.session.commit()
    come_in(client, "known")

    waiting = db.session.scalars(select(IdentityRequest)).one()

    assert waiting.kept["name"] == "Known"
    assert waiting.kept["told"] == {}
