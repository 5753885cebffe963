from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons import clock
from commons.accounts import mailed, signing_up, slots
from commons.accounts.mailed import Purpose
from commons.accounts.models import User
from commons.db import db
from commons.errors import Gone
from commons.permissions import Role
from tests.commons.accounts.letterbox import latest, letters, path_in
from tests.factories import PASSWORD, make_fan, make_user
from tests.servers.smtp import Smtp

XIAOMAN = {"name": "小满", "email": "xiaoman@example.org", "password": PASSWORD}
CHOSEN = {"password": "chosen where the mail is read"}


def sign_up(client: FlaskClient, **changes: str) -> str:
    """Fill in the form; the path of the page that follows."""
    answer = client.post("/accounts/sign-up", data={**XIAOMAN, **changes})
    assert answer.status_code == 303, answer.text
    return answer.location


def opens(app: Flask, password: str) -> bool:
    """Whether the account of `XIAOMAN` can be signed in to with `password`."""
    pair = {"email": XIAOMAN["email"], "password": password}
    return app.test_client().post("/accounts/sign-in", data=pair).status_code == 303


def shape_of_session(client: FlaskClient) -> dict[str, int]:
    """What anybody can read of the own cookie: what is kept, and how long each of it is."""
    with client.session_transaction() as session:
        return {key: len(str(kept)) for key, kept in session.items()}


def test_a_fan_signs_up_confirms_by_mail_and_is_in(app: Flask, client: FlaskClient, smtp: Smtp, at: datetime) -> None:
    assert sign_up(client) == "/accounts/check-mail"
    link = path_in(latest(smtp, "xiaoman@example.org"), "confirm")

    assert "小满" in client.get(link).text
    before = client.get_cookie("session")
    assert client.post(link).location == "/"
    assert client.get("/accounts").status_code == 200

    twice = app.test_client()  # the second of two presses comes with what the browser had before the first was answered
    twice.set_cookie("session", before.value if before else "")
    assert twice.post(link).location == "/"
    assert twice.get("/accounts").status_code == 200


def test_opening_the_link_confirms_nothing(app: Flask, client: FlaskClient, smtp: Smtp, at: datetime) -> None:
    sign_up(client)
    link = path_in(latest(smtp, "xiaoman@example.org"), "confirm")

    scanner = app.test_client()
    assert scanner.get(link).status_code == 200
    assert scanner.head(link).status_code == 200

    user = signing_up.account_of("xiaoman@example.org")
    assert user is not None
    assert user.confirmed_at is None


def test_in_another_browser_a_password_is_chosen_and_only_that_one_opens_the_account(
    app: Flask, client: FlaskClient, smtp: Smtp, at: datetime
) -> None:
    sign_up(client)
    link = path_in(latest(smtp, "xiaoman@example.org"), "confirm")

    other = app.test_client()
    assert 'name="password"' in other.get(link).text
    for weak in ({}, {"password": "short"}, {"password": "xiaoman@example.org"}):
        assert other.post(link, data=weak).status_code == 422
    assert other.get("/accounts").status_code == 303

    assert other.post(link, data=CHOSEN).location == "/"
    assert other.get("/accounts").status_code == 200
    assert opens(app, CHOSEN["password"])
    assert not opens(app, PASSWORD)


def test_a_second_sign_up_by_a_stranger_gets_no_password_into_the_account(
    app: Flask, client: FlaskClient, smtp: Smtp, at: datetime
) -> None:
    sign_up(client)
    stranger = app.test_client()
    sign_up(stranger, password="a stranger's long passphrase")
    link = path_in(latest(smtp, "xiaoman@example.org"), "confirm")

    assert client.post(link).status_code == 422
    assert client.post(link, data=CHOSEN).location == "/"

    assert opens(app, CHOSEN["password"])
    assert not opens(app, "a stranger's long passphrase")


def test_a_link_that_another_browser_has_used_changes_no_password(
    app: Flask, client: FlaskClient, smtp: Smtp, at: datetime
) -> None:
    sign_up(client)
    link = path_in(latest(smtp, "xiaoman@example.org"), "confirm")
    client.post(link)

    late = app.test_client()
    assert 'name="password"' not in late.get(link).text
    assert late.post(link, data=CHOSEN).location == "/accounts/sign-in"
    assert late.get("/accounts").status_code == 303
    assert not opens(app, CHOSEN["password"])


def test_a_link_made_while_the_address_was_being_confirmed_changes_no_password(app: Flask, at: datetime) -> None:
    user = make_user(Role.FAN, "小满", email="xiaoman@example.org")
    token = mailed.issue(user, Purpose.CONFIRM, at)

    with pytest.raises(Gone):
        signing_up.confirm_anew(token, CHOSEN["password"], at)
    assert not opens(app, CHOSEN["password"])


def test_a_link_confirms_once_and_again_is_no_error(app: Flask, client: FlaskClient, smtp: Smtp, at: datetime) -> None:
    sign_up(client)
    link = path_in(latest(smtp, "xiaoman@example.org"), "confirm")
    welcomed: list[User] = []
    client.post(link)
    slots.became_fan.plug(welcome := lambda user, at: welcomed.append(user))

    try:
        assert app.test_client().get(link).status_code == 200
        assert app.test_client().post(link).status_code == 303
    finally:
        slots.became_fan._plugs.remove(welcome)

    assert welcomed == []


def test_a_link_is_too_old_after_three_days(app: Flask, client: FlaskClient, smtp: Smtp, at: datetime) -> None:
    sign_up(client)
    link = path_in(latest(smtp, "xiaoman@example.org"), "confirm")
    clock.advance(days=3)

    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 410


def test_only_the_newest_link_works(app: Flask, client: FlaskClient, smtp: Smtp, at: datetime) -> None:
    sign_up(client)
    first = path_in(latest(smtp, "xiaoman@example.org"), "confirm")
    client.post("/accounts/check-mail", data={"email": "xiaoman@example.org"})
    second = path_in(latest(smtp, "xiaoman@example.org"), "confirm")

    assert first != second
    assert client.post(first).status_code == 410
    assert client.post(second).status_code == 303


def test_an_invented_link_is_gone(app: Flask, client: FlaskClient, at: datetime) -> None:
    for token in ("x", "x" * 43, "x" * 5000, "圈子"):
        assert client.get(f"/accounts/confirm/{token}").status_code == 410
        assert client.post(f"/accounts/confirm/{token}").status_code == 410


def test_nobody_can_tell_whether_an_address_has_an_account(
    app: Flask, client: FlaskClient, smtp: Smtp, at: datetime
) -> None:
    member = make_fan("小满", email="xiaoman@example.org")

    known = client.post("/accounts/sign-up", data=XIAOMAN)
    kept = shape_of_session(client)
    unknown = client.post("/accounts/sign-up", data={**XIAOMAN, "email": "another@example.org"})

    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert kept == shape_of_session(client)
    assert "已有" in str(letters(smtp, "xiaoman@example.org")[-1]["Subject"]) or "already" in str(
        letters(smtp, "xiaoman@example.org")[-1]["Subject"]
    )
    assert member.user is not None
    assert member.user.name == "小满"


def test_signing_up_again_with_an_address_that_is_taken_changes_nothing_of_it(
    app: Flask, client: FlaskClient, smtp: Smtp, at: datetime
) -> None:
    user = make_fan("小满", email="xiaoman@example.org").user
    assert user is not None
    before = (user.name, user.password_hash)

    sign_up(client, name="Mallory", password="another long passphrase")

    assert (user.name, user.password_hash) == before
    assert "/accounts/confirm/" not in latest(smtp, "xiaoman@example.org")


def test_capitals_and_spaces_make_no_second_account(app: Flask, client: FlaskClient, at: datetime) -> None:
    sign_up(client)
    sign_up(client, email="  XiaoMan@Example.ORG ")

    assert db.session.scalar(select(func.count()).where(User.email == "xiaoman@example.org")) == 1
    assert db.session.scalar(select(func.count()).select_from(User)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "no address"},
        {"email": "a@b@c.org"},
        {"email": "小满@example.org"},
        {"email": "x" * 250 + "@example.org"},
        {"email": "evil@example.org\r\nBcc: all@example.org"},
        {"name": ""},
        {"name": "   "},
        {"name": "\u200b\u202e"},
        {"name": "长" * 61},
        {"password": "short"},
        {"password": "x" * 201},
        {"password": "1234567890"},
        {"password": "xiaoman@example.org"},
    ],
)
def test_what_cannot_be_used_is_refused_with_a_word_at_the_field(
    app: Flask, client: FlaskClient, changes: dict[str, str], at: datetime
) -> None:
    answer = client.post("/accounts/sign-up", data={**XIAOMAN, **changes})

    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert db.session.scalar(select(func.count()).select_from(User)) == 0


def test_a_password_never_comes_back_in_a_page(app: Flask, client: FlaskClient, at: datetime) -> None:
    answer = client.post("/accounts/sign-up", data={**XIAOMAN, "email": "no address"})

    assert PASSWORD not in answer.text


def test_a_name_keeps_its_script_and_loses_its_tricks(app: Flask, client: FlaskClient, at: datetime) -> None:
    sign_up(client, name="  Zoë\u202e  👩‍🚀\u0000 小\n满 ")

    user = signing_up.account_of("xiaoman@example.org")
    assert user is not None
    assert user.name == "Zoë 👩‍🚀 小 满"


def test_the_letter_is_written_in_the_readers_language(app: Flask, smtp: Smtp, at: datetime) -> None:
    english = app.test_client()
    english.post("/accounts/preferences", data={"language": "en"})
    sign_up(english, email="lena@example.org", name="Lena")
    sign_up(app.test_client(), email="xiaoman@example.org")

    assert "Hello Lena," in latest(smtp, "lena@example.org")
    chinese = signing_up.account_of("xiaoman@example.org")
    assert chinese is not None
    assert chinese.language == "zh_Hans"


def test_confirming_makes_a_fan(app: Flask, client: FlaskClient, smtp: Smtp, at: datetime) -> None:
    became: list[str] = []
    slots.became_fan.plug(note := lambda user, at: became.append(user.name))

    try:
        sign_up(client)
        assert became == []
        client.post(path_in(latest(smtp, "xiaoman@example.org"), "confirm"))
    finally:
        slots.became_fan._plugs.remove(note)

    assert became == ["小满"]


def test_a_token_of_another_purpose_opens_nothing(app: Flask, client: FlaskClient, smtp: Smtp, at: datetime) -> None:
    make_fan(email="xiaoman@example.org")
    client.post("/accounts/forgot", data={"email": "xiaoman@example.org"})
    token = path_in(latest(smtp, "xiaoman@example.org"), "reset").rpartition("/")[2]

    with pytest.raises(Gone):
        signing_up.confirm(token, at)
