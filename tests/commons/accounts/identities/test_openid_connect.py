"""Signing in with OpenID Connect, against the real npm `oidc-provider`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons import clock
from commons.accounts import signing_up
from commons.accounts.identities.linking import identities_of
from commons.accounts.identities.models import Identity, IdentityRequest
from commons.accounts.models import User
from commons.accounts.passwords import password_fits
from commons.db import db
from community.members.roster import member_of
from tests.commons.accounts.identities.conftest import BASE_URL, english
from tests.commons.accounts.identities.going import XIAOMAN, account, come_in, count, way_back, way_there
from tests.factories import PASSWORD, make_fan
from tests.servers.openid import CLIENT_SECRET, OpenIdServer, decline
from tests.servers.smtp import Smtp

pytestmark = pytest.mark.usefixtures("openid")


def test_the_first_time_makes_a_fan_with_a_proven_address(client: FlaskClient, app: Flask) -> None:
    answer = come_in(client, "xiaoman")

    assert (answer.status_code, answer.location) == (303, "/")
    user = account()
    assert (user.name, user.is_active, user.password_hash) == ("小满", True, None)
    assert member_of(user) is not None
    assert client.get("/accounts").status_code == 200


def test_the_second_time_signs_the_same_fan_in(client: FlaskClient, app: Flask) -> None:
    come_in(client, "xiaoman")
    other = english(app)

    answer = come_in(other, "xiaoman", next="/groupbuys")

    assert answer.location == "/groupbuys"
    assert other.get("/accounts").status_code == 200
    assert count(User) == count(Identity) == 1


def test_signing_in_gives_the_browser_a_fresh_session(client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["left"] = "by somebody earlier"

    come_in(client, "xiaoman")

    with client.session_transaction() as session:
        assert "left" not in session
        assert session["sign_in"]


def test_the_way_there_asks_with_pkce_state_and_nonce(client: FlaskClient) -> None:
    query = parse_qs(urlsplit(way_there(client)).query)

    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == [f"{BASE_URL}/accounts/with/house/back"]
    assert len(query["state"][0]) > 30
    assert len(query["nonce"][0]) > 20
    assert "client_secret" not in query


def test_whoever_has_no_address_lives_without(client: FlaskClient) -> None:
    come_in(client, "nameless")

    user = db.session.scalars(select(User)).one()
    assert (user.email, user.name, user.is_active) == (None, "New fan", True)
    page = client.get("/accounts").text
    assert "Add an email address" in page
    assert "This is the only way into your account." in page


def test_an_address_that_is_not_verified_takes_nothing_over(client: FlaskClient) -> None:
    owner = make_fan("小满", email=XIAOMAN).user

    come_in(client, "unsure")

    newcomer = db.session.scalars(select(User).where(User.name == "Unsure")).one()
    assert newcomer.email is None
    assert owner is not None
    assert identities_of(owner) == []


def test_a_sign_up_that_was_never_confirmed_gives_way(client: FlaskClient) -> None:
    signing_up.sign_up("Eve", XIAOMAN, PASSWORD, "en", "UTC", clock.now())
    db.session.commit()

    come_in(client, "xiaoman")

    assert account().name == "小满"
    assert not password_fits(account(), PASSWORD)


def test_an_account_whose_access_was_ended_stays_shut(client: FlaskClient, app: Flask) -> None:
    come_in(client, "xiaoman")
    account().ended_at = clock.now()

    answer = come_in(english(app), "xiaoman")

    assert answer.status_code == 422
    assert "The access of this account was ended." in answer.text


def test_a_refusal_says_so_and_leads_on(client: FlaskClient) -> None:
    back = decline(way_there(client), BASE_URL).removeprefix(BASE_URL)

    answer = client.get(back)

    assert "House says that you did not agree." in answer.text
    assert 'href="/accounts/with/house"' in answer.text
    assert count(User) == 0


def test_an_answer_works_once(client: FlaskClient) -> None:
    back = way_back(client, "xiaoman")
    client.get(back)
    client.post("/accounts/sign-out")

    again = client.get(back)

    assert again.status_code == 410
    assert "This way of signing in is over." in again.text
    assert client.get("/accounts").status_code == 303


def test_an_answer_works_only_in_the_browser_that_asked(client: FlaskClient, app: Flask) -> None:
    back = way_back(client, "xiaoman")

    assert english(app).get(back).status_code == 410
    assert client.get(back).status_code == 303


def test_an_answer_comes_too_late_after_a_quarter_of_an_hour(client: FlaskClient) -> None:
    back = way_back(client, "xiaoman")
    clock.set_to(datetime.now(UTC) + timedelta(minutes=16))

    assert client.get(back).status_code == 410
    assert count(User) == 0


def test_a_code_that_was_used_is_not_taken_again(client: FlaskClient, app: Flask) -> None:
    used = parse_qs(urlsplit(way_back(client, "xiaoman")).query)
    fresh = parse_qs(urlsplit(way_there(client)).query)

    answer = client.get(f"/accounts/with/house/back?code={used['code'][0]}&state={fresh['state'][0]}")

    assert "House did not accept the answer that you brought back." in answer.text
    assert count(User) == 0


def test_a_token_made_for_another_sign_in_is_refused(client: FlaskClient) -> None:
    back = way_back(client, "xiaoman")
    begun = db.session.scalars(select(IdentityRequest)).one()
    begun.kept = {**begun.kept, "nonce": "of another sign-in"}

    answer = client.get(back)

    assert "The answer of House was not made for this sign-in." in answer.text
    assert count(User) == 0


def test_an_answer_of_another_issuer_is_refused(client: FlaskClient) -> None:
    back = way_back(client, "xiaoman")

    answer = client.get(re.sub(r"iss=[^&]+", "iss=https%3A%2F%2Fevil.example", back))

    assert "The answer of House was not made for this sign-in." in answer.text


@pytest.mark.parametrize("hours", [-2, 2])
def test_clocks_that_differ_are_named(client: FlaskClient, hours: int) -> None:
    real = datetime.now(UTC)
    clock.set_to(real + timedelta(hours=hours))
    back = way_back(client, "xiaoman")

    answer = client.get(back)

    assert "The clocks of House and of this house differ too much." in answer.text
    assert count(User) == 0


def test_a_provider_that_does_not_answer_is_named(
    client: FlaskClient, openid: OpenIdServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commons.accounts.identities.session.SECONDS", 0.5)
    monkeypatch.setattr("commons.accounts.identities.openid.SECONDS", 0.5)
    back = way_back(client, "xiaoman")
    openid.pause()
    try:
        going = client.post("/accounts/with/house")
        coming = client.get(back)
    finally:
        openid.go_on()

    assert going.status_code == coming.status_code == 502
    assert "House cannot be asked at the moment." in going.text
    assert "House cannot be asked at the moment." in coming.text
    assert count(User) == 0


def test_nonsense_in_the_answer_is_refused_in_words(client: FlaskClient) -> None:
    for query in ("", "?state=x", "?code=x", "?state=%F0%9F%8D%B5&code=x", "?error=access_denied"):
        assert client.get(f"/accounts/with/house/back{query}").status_code == 410
    assert client.get("/accounts/with/nobody").status_code == 404
    assert client.get("/accounts/with/nobody/back").status_code == 404


def test_whoever_has_no_password_sets_one_when_just_signed_in(client: FlaskClient, smtp: Smtp) -> None:
    come_in(client, "xiaoman")

    assert client.post("/accounts/password", data={"password-password": PASSWORD}).status_code == 303
    assert password_fits(account(), PASSWORD)


def test_without_a_password_an_old_session_changes_nothing(client: FlaskClient) -> None:
    come_in(client, "xiaoman")
    clock.set_to(datetime.now(UTC) + timedelta(minutes=20))

    answer = client.post("/accounts/password", data={"password-password": PASSWORD})

    assert answer.status_code == 422
    assert "for this you must have signed in just now" in answer.text
    assert account().password_hash is None


def test_the_secret_stands_neither_in_the_database_nor_in_the_log(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    back = way_back(client, "xiaoman")
    kept = db.session.connection().exec_driver_sql("SELECT kept FROM identity_request").scalar()
    client.get(back)

    assert "token_endpoint" not in str(kept)
    assert CLIENT_SECRET not in caplog.text
    assert parse_qs(urlsplit(back).query)["code"][0] not in caplog.text


def test_going_forth_and_back_counts_in_the_rate_limits(client: FlaskClient) -> None:
    answers = [client.get("/accounts/with/house/back?state=x&code=y").status_code for _try in range(61)]

    assert set(answers[:60]) == {410}
    assert answers[60] == 429
