from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons import clock
from commons.accounts import sessions, tokens
from commons.accounts.models import SignIn, User
from commons.accounts.passwords import password_fits
from commons.db import db
from commons.events import Event
from commons.permissions import Role
from tests.factories import PASSWORD, make_fan, make_staff, make_user, sign_in


def enter(client: FlaskClient, email: str, password: str = PASSWORD, query: str = "") -> int:
    """Fill in the sign-in form; the status of the answer."""
    return client.post(f"/accounts/sign-in{query}", data={"email": email, "password": password}).status_code


def plain(page: str) -> str:
    """A page without what differs from one to the next anyway: the address that was typed, the form's token."""
    return re.sub(r"(?i)example\.\w+|csrf.*?>", "", page)


def landing(client: FlaskClient, user: User, wanted: str) -> str:
    data = {"email": user.email, "password": PASSWORD, "next": wanted}
    return client.post("/accounts/sign-in", data=data).location


def test_a_fan_signs_in_and_lands_in_the_circle(app: Flask, client: FlaskClient, at: datetime) -> None:
    user = make_fan().user
    assert user is not None

    assert landing(client, user, "") == "/"
    assert client.get("/accounts").status_code == 200


def test_staff_land_on_the_staff_side(app: Flask, client: FlaskClient, at: datetime) -> None:
    assert landing(client, make_staff(), "") == "/staff"
    assert client.get("/staff").status_code == 200


def test_the_address_may_be_typed_in_capitals_and_with_spaces(app: Flask, client: FlaskClient, at: datetime) -> None:
    make_user(Role.FAN, "小满", email="xiaoman@example.org")

    assert enter(client, " XiaoMan@Example.org ") == 303


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    app: Flask, client: FlaskClient, at: datetime
) -> None:
    make_user(Role.FAN, "小满", email="xiaoman@example.org")

    wrong = client.post("/accounts/sign-in", data={"email": "xiaoman@example.org", "password": "not this one"})
    unknown = client.post("/accounts/sign-in", data={"email": "xiaoman@example.net", "password": "not this one"})

    assert wrong.status_code == unknown.status_code == 422
    assert plain(wrong.text) == plain(unknown.text)


def test_an_unconfirmed_account_is_told_so_only_with_the_right_password(
    app: Flask, client: FlaskClient, at: datetime
) -> None:
    make_user(Role.FAN, "小满", email="xiaoman@example.org", confirmed_at=None)

    right = client.post("/accounts/sign-in", data={"email": "xiaoman@example.org", "password": PASSWORD})
    wrong = client.post("/accounts/sign-in", data={"email": "xiaoman@example.org", "password": "not this one"})

    assert "/accounts/check-mail" in right.text
    assert "/accounts/check-mail" not in wrong.text
    assert client.get("/accounts").status_code == 303


def test_who_has_no_access_any_more_cannot_sign_in(app: Flask, client: FlaskClient, at: datetime) -> None:
    user = make_staff(ended_at=at)

    assert enter(client, user.email or "") == 422


def test_signing_in_begins_a_fresh_session(app: Flask, client: FlaskClient, at: datetime) -> None:
    user = make_staff()
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
        session["sign_in"] = "a token somebody else knows"
        session["csrf_token"] = "known"

    enter(client, user.email or "")

    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["sign_in"] != "a token somebody else knows"
        assert session.get("csrf_token") != "known"


def test_signing_in_anew_ends_the_former_sign_in_of_this_browser(app: Flask, client: FlaskClient, at: datetime) -> None:
    first, second = make_staff(), make_fan().user
    assert second is not None
    sign_in(client, first)
    with client.session_transaction() as session:
        former = session["sign_in"]
    client.post("/accounts/sign-out")
    enter(client, second.email or "")

    row = db.session.scalars(select(SignIn).where(SignIn.token_hash == tokens.hash_of(former))).one()
    assert row.ended_at == at


def test_a_stolen_cookie_is_worth_nothing_after_sign_out(app: Flask, client: FlaskClient, at: datetime) -> None:
    user = make_fan().user
    assert user is not None
    sign_in(client, user)
    with client.session_transaction() as session:
        stolen = dict(session)
    assert client.post("/accounts/sign-out").status_code == 303

    thief = app.test_client()
    with thief.session_transaction() as session:
        session.update(stolen)
    assert thief.get("/accounts").status_code == 303


def test_the_token_is_kept_only_as_a_hash(app: Flask, at: datetime) -> None:
    token = sessions.open_sign_in(make_staff(), at, "Firefox")

    row = db.session.scalars(select(SignIn)).one()
    assert token not in (row.token_hash, row.public_id, row.browser)
    assert row.token_hash == tokens.hash_of(token)


@pytest.mark.parametrize("token", ["", "x", None, 7, ["list"], "x" * 100_000, "圈子", "\x00"])
def test_a_cookie_with_nonsense_in_it_is_a_stranger(app: Flask, client: FlaskClient, token: object) -> None:
    with client.session_transaction() as session:
        session["sign_in"] = token

    assert client.get("/accounts").status_code == 303


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        "javascript:alert(1)",
        "///evil.example",
        "http:evil.example",
        "/ok\r\nSet-Cookie: a=b",
    ],
)
def test_next_leads_nowhere_but_home(app: Flask, client: FlaskClient, wanted: str, at: datetime) -> None:
    user = make_fan().user
    assert user is not None

    location = landing(client, user, wanted)

    assert location == "/"


def test_next_brings_one_back_to_where_one_wanted_to_go(app: Flask, client: FlaskClient, at: datetime) -> None:
    user = make_staff()
    asked = client.get("/accounts?a=1")
    assert asked.location == "/accounts/sign-in?next=/accounts?a%3D1"

    answer = client.post(asked.location, data={"email": user.email, "password": PASSWORD})

    assert answer.location == "/accounts?a=1"


def test_after_ten_wrong_passwords_an_account_is_closed_for_a_while_from_everywhere(
    app: Flask, client: FlaskClient, at: datetime
) -> None:
    make_user(Role.FAN, "小满", email="xiaoman@example.org")
    for number in range(10):
        other = app.test_client()
        data = {"email": "xiaoman@example.org", "password": f"guess number {number}"}
        answer = other.post("/accounts/sign-in", data=data, environ_overrides={"REMOTE_ADDR": f"192.0.2.{number}"})
        assert answer.status_code == 422

    assert enter(client, "XIAOMAN@example.org") == 429
    assert enter(client, "somebody@example.org") == 422


@pytest.mark.slow
def test_one_address_may_not_guess_at_many_accounts(app: Flask, client: FlaskClient, at: datetime) -> None:
    answers = [enter(client, f"person{number}@example.net", "a common passphrase") for number in range(31)]

    assert answers[:30] == [422] * 30
    assert answers[30] == 429


@pytest.mark.slow
def test_signing_in_rightly_is_never_counted(app: Flask, client: FlaskClient, at: datetime) -> None:
    user = make_staff()

    for _turn in range(35):
        assert enter(app.test_client(), user.email or "") == 303


def test_a_session_ends_when_it_is_idle_for_long(app: Flask, client: FlaskClient, at: datetime) -> None:
    fan, staff = make_fan().user, make_staff()
    assert fan is not None
    fans, staffs = client, app.test_client()
    sign_in(fans, fan)
    sign_in(staffs, staff)

    clock.advance(days=8)
    assert fans.get("/accounts").status_code == 200
    assert staffs.get("/accounts").status_code == 303

    clock.advance(days=61)
    assert fans.get("/accounts").status_code == 303


def test_being_seen_is_written_down_now_and_then(committed_app: Flask, at: datetime) -> None:
    client = committed_app.test_client()
    sign_in(client, make_staff())
    row = db.session.scalars(select(SignIn)).one()

    clock.advance(minutes=5)
    client.get("/accounts")
    db.session.refresh(row)
    assert row.seen_at == at

    later = clock.advance(minutes=6)
    client.get("/accounts")
    db.session.refresh(row)
    assert row.seen_at == later


def test_a_hash_with_old_parameters_is_renewed_at_sign_in(app: Flask, client: FlaskClient, at: datetime) -> None:
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    user = make_staff(password_hash=old)

    assert enter(client, user.email or "") == 303

    db.session.refresh(user)
    assert user.password_hash != old
    assert password_fits(user, PASSWORD)


def test_a_sign_in_of_staff_is_in_the_audit_log_and_one_of_fans_is_not(
    app: Flask, client: FlaskClient, at: datetime
) -> None:
    staff, fan = make_staff(), make_fan().user
    assert fan is not None
    enter(client, staff.email or "")
    enter(app.test_client(), fan.email or "")

    facts = db.session.scalars(select(Event).where(Event.kind == "staff.signed_in")).all()
    assert [fact.actor_id for fact in facts] == [staff.id]


def test_the_demo_shows_its_sign_in_names_and_nobody_else_does(app: Flask, client: FlaskClient, at: datetime) -> None:
    from dataclasses import replace

    from commons.accounts import slots
    from commons.accounts.slots import DemoName

    settings = app.extensions["settings"]
    slots.demo_names.plug(names := lambda: [DemoName("alan@demo.example", "demo demo demo", "阿岚")])
    try:
        assert "alan@demo.example" not in client.get("/accounts/sign-in").text
        app.extensions["settings"] = replace(settings, demo=True)
        assert "alan@demo.example" in client.get("/accounts/sign-in").text
    finally:
        app.extensions["settings"] = settings
        slots.demo_names._plugs.remove(names)


def test_an_answer_that_changes_nothing_leaves_the_cookie_alone(app: Flask, client: FlaskClient, at: datetime) -> None:
    sign_in(client, make_staff())
    client.get("/staff")  # the first page of a session writes its form token

    assert "Set-Cookie" not in client.get("/staff").headers


def test_the_cookie_lives_on_while_the_browser_is_in_use(app: Flask, client: FlaskClient, at: datetime) -> None:
    sign_in(client, make_staff())
    client.get("/staff")
    clock.advance(days=1)

    assert "Set-Cookie" in client.get("/staff").headers


def test_where_staff_were_last_seen_is_known_and_of_fans_it_is_not(committed_app: Flask, at: datetime) -> None:
    staff, fan = make_staff(), make_fan().user
    assert fan is not None
    for user in (staff, fan):
        data = {"email": user.email, "password": PASSWORD}
        at_home = committed_app.test_client()
        at_home.post("/accounts/sign-in", data=data, environ_base={"REMOTE_ADDR": "9.9.9.9"})
    assert (sessions.last_address(staff.id), sessions.last_address(fan.id)) == ("9.9.9.9", "")

    abroad = committed_app.test_client()
    sign_in(abroad, staff)
    clock.advance(hours=1)
    abroad.get("/accounts", environ_base={"REMOTE_ADDR": "8.8.4.4"})
    assert sessions.last_address(staff.id) == "8.8.4.4"
