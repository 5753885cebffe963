"""Signing in with OpenID Connect, against the real npm `oidc-provider`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons import clock
from commons.accounts import signing_up
from commons.accounts.identities.linking import identities_of
from commons.accounts.identities.models import Identity, IdentityRequest
from commons.accounts.models import User
from commons.accounts.passwords import password_fits
from commons.db import db
from commons.events import Event
from community.members.roster import member_of
from tests.commons.accounts.identities.conftest import BASE_URL, english
from tests.commons.accounts.identities.going import come_in, way_back, way_there
from tests.commons.accounts.letterbox import letters
from tests.factories import PASSWORD, make_fan, make_staff, sign_in
from tests.servers.openid import CLIENT_SECRET, OpenIdServer, decline
from tests.servers.smtp import Smtp

pytestmark = pytest.mark.usefixtures("openid")
XIAOMAN = "xiaoman@example.org"


def account() -> User:
    user = signing_up.account_of(XIAOMAN)
    assert user is not None
    return user


def count(model: type[User] | type[Identity] | type[IdentityRequest]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


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


def test_a_sign_in_of_staff_is_on_record(client: FlaskClient) -> None:
    staff = make_staff()
    sign_in(client, staff)
    come_in(client, "xiaoman", purpose="link")
    client.post("/accounts/sign-out")

    assert come_in(client, "xiaoman").location == "/staff"

    kinds = db.session.scalars(select(Event.kind).where(Event.actor_id == staff.id)).all()
    assert {"account.identity_linked", "staff.signed_in"} <= set(kinds)


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


def test_erasing_the_account_forgets_its_identities(client: FlaskClient) -> None:
    come_in(client, "xiaoman")

    assert client.post("/accounts/delete", data={"email": XIAOMAN}).location == "/accounts/gone"

    assert count(Identity) == count(IdentityRequest) == 0
