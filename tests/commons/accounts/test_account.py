from __future__ import annotations

import json
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons import clock
from commons.accounts import changing, leaving, mailed, sessions, signing_up, slots
from commons.accounts.mailed import Purpose
from commons.accounts.models import MailToken, SignIn, User
from commons.accounts.passwords import password_fits
from commons.db import db
from commons.errors import Conflict, Gone, NotAllowed
from commons.permissions import Role
from tests.commons.accounts.letterbox import latest, letters, path_in
from tests.factories import PASSWORD, make_fan, make_staff, make_user, sign_in
from tests.servers.smtp import Smtp

NEW = "another long passphrase"
CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"


@pytest.fixture
def xiaoman(app: Flask, client: FlaskClient, at: datetime) -> User:
    user = make_fan("小满", email="xiaoman@example.org").user
    assert user is not None
    sign_in(client, user)
    return user


def second_browser(app: Flask, user: User) -> FlaskClient:
    client = app.test_client()
    data = {"email": user.email, "password": PASSWORD}
    client.post("/accounts/sign-in", data=data, headers={"User-Agent": CHROME})
    return client


def test_strangers_are_led_to_sign_in(app: Flask, client: FlaskClient) -> None:
    for path in ("/accounts", "/accounts/delete"):
        assert client.get(path).status_code == 303
    for path in ("name", "reading", "address", "password", "export", "delete", "browsers/end", "browsers/end-all"):
        assert client.post(f"/accounts/{path}").location.startswith("/accounts/sign-in")


def test_a_name_is_changed(client: FlaskClient, xiaoman: User) -> None:
    assert client.post("/accounts/name", data={"name-name": "  大满 "}).status_code == 303
    assert xiaoman.name == "大满"

    assert client.post("/accounts/name", data={"name-name": "大" * 61}).status_code == 422
    assert xiaoman.name == "大满"


def test_rooms_hear_of_a_new_name(app: Flask, xiaoman: User, at: datetime) -> None:
    heard: list[str] = []
    slots.renaming.plug(hear := lambda user, at: heard.append(user.name))
    try:
        changing.rename(xiaoman, "大满", at)
        changing.rename(xiaoman, "大满", at)
    finally:
        slots.renaming._plugs.remove(hear)

    assert heard == ["大满"]


def test_language_and_zone_are_kept_in_the_account(app: Flask, client: FlaskClient, xiaoman: User) -> None:
    client.post("/accounts/reading", data={"reading-language": "en", "reading-zone": "Europe/Berlin"})

    assert (xiaoman.language, xiaoman.zone) == ("en", "Europe/Berlin")
    assert '<html lang="en"' in client.get("/accounts").text
    assert '<html lang="en"' in second_browser(app, xiaoman).get("/accounts").text


@pytest.mark.parametrize(
    "data",
    [
        {"reading-language": "fr", "reading-zone": "Europe/Berlin"},
        {"reading-language": "en", "reading-zone": "../../etc/passwd"},
        {"reading-language": "en", "reading-zone": "Mars/Olympus"},
        {},
    ],
)
def test_a_language_or_zone_that_is_none_is_refused(client: FlaskClient, xiaoman: User, data: dict[str, str]) -> None:
    assert client.post("/accounts/reading", data=data).status_code == 422
    assert xiaoman.zone == "Asia/Shanghai"


def test_a_visitor_chooses_the_language_without_an_account(app: Flask, client: FlaskClient) -> None:
    english, chinese = {"Accept-Language": "en-GB,en"}, {"Accept-Language": "zh-CN"}
    assert '<html lang="en"' in client.get("/accounts/sign-in", headers=english).text
    assert '<html lang="zh-Hans"' in client.get("/accounts/sign-in", headers=chinese).text

    answer = client.post("/accounts/preferences", data={"language": "en", "next": "/accounts/sign-up"})

    assert answer.location == "/accounts/sign-up"
    assert '<html lang="en"' in client.get("/accounts/sign-in", headers=chinese).text


def test_the_appearance_is_a_cookie_that_only_the_server_reads(client: FlaskClient) -> None:
    answer = client.post("/accounts/preferences", data={"theme": "dark"})

    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert 'data-theme="dark"' in client.get("/accounts/sign-in").text


@pytest.mark.parametrize("theme", ['"><script>', "neon", ""])
def test_an_appearance_that_is_none_is_ignored(client: FlaskClient, theme: str) -> None:
    client.post("/accounts/preferences", data={"theme": theme})
    client.set_cookie("theme", 'dark" onload="x')

    assert 'data-theme="auto"' in client.get("/accounts/sign-in").text


def test_changing_the_password_signs_out_the_other_browsers(app: Flask, client: FlaskClient, xiaoman: User) -> None:
    other = second_browser(app, xiaoman)
    data = {"password-current": PASSWORD, "password-password": NEW}

    assert client.post("/accounts/password", data=data).status_code == 303

    assert password_fits(xiaoman, NEW)
    assert client.get("/accounts").status_code == 200
    assert other.get("/accounts").status_code == 303


def test_changing_the_password_needs_the_present_one(client: FlaskClient, xiaoman: User) -> None:
    answer = client.post("/accounts/password", data={"password-current": "wrong", "password-password": NEW})

    assert answer.status_code == 422
    assert password_fits(xiaoman, PASSWORD)


def test_a_password_change_voids_links_that_were_mailed_before(
    app: Flask, client: FlaskClient, smtp: Smtp, xiaoman: User
) -> None:
    client.post("/accounts/forgot", data={"email": xiaoman.email})
    link = path_in(latest(smtp, "xiaoman@example.org"), "reset")

    client.post("/accounts/password", data={"password-current": PASSWORD, "password-password": NEW})

    assert app.test_client().get(link).status_code == 410


def test_a_new_address_counts_once_it_is_confirmed(client: FlaskClient, smtp: Smtp, xiaoman: User) -> None:
    data = {"address-email": "New@example.org", "address-current": PASSWORD}
    assert client.post("/accounts/address", data=data).status_code == 303
    link = path_in(latest(smtp, "new@example.org"), "address")
    assert xiaoman.email == "xiaoman@example.org"

    assert client.get(link).status_code == 200
    assert xiaoman.email == "xiaoman@example.org"
    assert client.post(link).status_code == 303

    assert xiaoman.email == "new@example.org"
    assert letters(smtp, "xiaoman@example.org") != []
    assert client.post(link).status_code == 410


def test_a_new_address_that_is_taken_is_told_only_to_its_owner(client: FlaskClient, smtp: Smtp, xiaoman: User) -> None:
    make_user(Role.FAN, "Lena", email="lena@example.org")

    free = client.post("/accounts/address", data={"address-email": "free@example.org", "address-current": PASSWORD})
    taken = client.post("/accounts/address", data={"address-email": "lena@example.org", "address-current": PASSWORD})

    assert (free.status_code, free.location) == (taken.status_code, taken.location)
    assert "/accounts/address/" not in latest(smtp, "lena@example.org")


def test_an_address_that_somebody_took_meanwhile_is_a_conflict(app: Flask, xiaoman: User, at: datetime) -> None:
    token = mailed.issue(xiaoman, Purpose.ADDRESS, at, email="new@example.org")
    make_user(Role.FAN, "Lena", email="new@example.org")

    with pytest.raises(Conflict):
        changing.take_new_address(token, at)
    assert xiaoman.email == "xiaoman@example.org"


def test_a_squatter_who_never_confirmed_gives_way(app: Flask, smtp: Smtp, xiaoman: User, at: datetime) -> None:
    token = mailed.issue(xiaoman, Purpose.ADDRESS, at, email="new@example.org")
    mallory = make_user(Role.FAN, "Mallory", email="new@example.org", confirmed_at=None)
    late = mailed.issue(mallory, Purpose.CONFIRM, at)

    assert changing.take_new_address(token, at).email == "new@example.org"
    with pytest.raises(Gone):
        signing_up.confirm(late, at)


def test_every_browser_is_listed_and_can_be_ended_from_afar(app: Flask, client: FlaskClient, xiaoman: User) -> None:
    other = second_browser(app, xiaoman)
    page = client.get("/accounts").text
    assert "Chrome · Android" in page

    row = db.session.scalars(select(SignIn).where(SignIn.browser == CHROME)).one()
    assert client.post(f"/accounts/browsers/{row.public_id}/end").status_code == 303

    assert other.get("/accounts").status_code == 303
    assert client.get("/accounts").status_code == 200
    assert "Chrome · Android" not in client.get("/accounts").text


def test_nobody_ends_the_browsers_of_others(app: Flask, client: FlaskClient, xiaoman: User, at: datetime) -> None:
    other = make_staff(Role.ADMINISTRATOR)
    sessions.open_sign_in(other, at, "theirs")
    row = db.session.scalars(select(SignIn).where(SignIn.user_id == other.id)).one()

    assert client.post(f"/accounts/browsers/{row.public_id}/end").status_code == 404
    assert row.ended_at is None


def test_everywhere_else_leaves_this_browser_and_everywhere_leaves_none(
    app: Flask, client: FlaskClient, xiaoman: User
) -> None:
    other = second_browser(app, xiaoman)
    client.post("/accounts/browsers/end")
    assert (client.get("/accounts").status_code, other.get("/accounts").status_code) == (200, 303)

    client.post("/accounts/browsers/end-all")
    assert client.get("/accounts").status_code == 303


def test_the_export_holds_what_is_known_and_no_secret(app: Flask, client: FlaskClient, xiaoman: User) -> None:
    slots.exporting.plug(room := lambda user: {"room": [user.name]})
    try:
        answer = client.post("/accounts/export")
    finally:
        slots.exporting._plugs.remove(room)

    whole = json.loads(answer.text)
    assert whole["account"]["email"] == "xiaoman@example.org"
    assert whole["room"] == ["小满"]
    assert whole["browsers"]
    assert "argon2" not in answer.text
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.get("/accounts/export").status_code == 405


def test_deleting_needs_the_address_and_the_password(client: FlaskClient, xiaoman: User) -> None:
    for data in (
        {},
        {"email": "xiaoman@example.org", "current": "wrong"},
        {"email": "somebody@example.org", "current": PASSWORD},
    ):
        assert client.post("/accounts/delete", data=data).status_code == 422
    assert xiaoman.erased_at is None


def test_deleting_erases_what_is_personal_and_keeps_a_stub(
    app: Flask, client: FlaskClient, smtp: Smtp, xiaoman: User
) -> None:
    public_id, other = xiaoman.public_id, second_browser(app, xiaoman)
    client.post("/accounts/forgot", data={"email": "xiaoman@example.org"})
    link = path_in(latest(smtp, "xiaoman@example.org"), "reset")

    data = {"email": " XiaoMan@example.org", "current": PASSWORD}
    assert client.post("/accounts/delete", data=data).location == "/accounts/gone"

    stub = db.session.scalars(select(User).where(User.public_id == public_id)).one()
    assert (stub.email, stub.password_hash, stub.is_active) == (None, None, False)
    assert "小满" not in stub.name
    assert {row.browser for row in db.session.scalars(select(SignIn))} == {""}
    assert db.session.scalars(select(MailToken)).all() == []
    assert other.get("/accounts").status_code == 303
    assert app.test_client().get(link).status_code == 410
    assert client.get("/accounts/gone").status_code == 200


def test_the_rooms_erase_theirs_and_only_once(app: Flask, xiaoman: User, at: datetime) -> None:
    erased: list[str] = []
    slots.erasing.plug(room := lambda user, at: erased.append(user.name))
    try:
        leaving.erase(xiaoman, at)
        leaving.erase(xiaoman, at)
    finally:
        slots.erasing._plugs.remove(room)

    assert erased == ["小满"]


def test_the_address_is_free_again_after_deletion(app: Flask, xiaoman: User, smtp: Smtp, at: datetime) -> None:
    leaving.erase(xiaoman, at)

    again = signing_up.sign_up("小满", "xiaoman@example.org", PASSWORD, "en", "UTC", at)

    assert again.id != xiaoman.id
    assert again.confirmed_at is None


def test_the_last_administrator_cannot_delete_the_account(app: Flask, at: datetime) -> None:
    alan = make_staff(Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        leaving.erase(alan, at)

    make_staff(Role.ADMINISTRATOR, "Maya")
    leaving.erase(alan, at)
    assert alan.erased_at == at


def test_an_erased_person_is_named_so_in_the_readers_language(app: Flask, xiaoman: User, at: datetime) -> None:
    leaving.erase(xiaoman, at)

    with app.test_request_context(headers={"Accept-Language": "en"}):
        db.session.expire_all()
        assert xiaoman.name == "Deleted account"


def test_answers_for_signed_in_people_are_kept_by_nobody(client: FlaskClient, xiaoman: User) -> None:
    assert client.get("/accounts").headers["Cache-Control"] == "no-store"


def test_an_address_changes_hands_in_no_time_that_counts(app: Flask, xiaoman: User, at: datetime) -> None:
    token = mailed.issue(xiaoman, Purpose.ADDRESS, at, email="new@example.org")
    clock.advance(days=1)

    assert app.test_client().get(f"/accounts/address/{token}").status_code == 410
