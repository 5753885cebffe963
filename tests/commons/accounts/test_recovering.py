from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons import clock
from commons.accounts.models import User
from commons.permissions import Role
from tests.commons.accounts.letterbox import latest, letters, path_in
from tests.factories import PASSWORD, make_user, sign_in
from tests.servers.smtp import Smtp

NEW = "another long passphrase"


@pytest.fixture
def xiaoman(app: Flask, at: datetime) -> User:
    return make_user(Role.FAN, "小满", email="xiaoman@example.org")


def ask(client: FlaskClient, smtp: Smtp) -> str:
    """Ask for a link; its path."""
    assert client.post("/accounts/forgot", data={"email": "XiaoMan@example.org"}).status_code == 303
    return path_in(latest(smtp, "xiaoman@example.org"), "reset")


def test_a_new_password_by_mail_signs_in_here_and_out_everywhere_else(
    app: Flask, client: FlaskClient, smtp: Smtp, xiaoman: User
) -> None:
    elsewhere = app.test_client()
    sign_in(elsewhere, xiaoman)
    link = ask(client, smtp)

    assert client.get(link).status_code == 200
    assert client.post(link, data={"password": NEW}).location == "/"

    assert client.get("/accounts").status_code == 200
    assert elsewhere.get("/accounts").status_code == 303
    fresh = app.test_client()
    assert fresh.post("/accounts/sign-in", data={"email": xiaoman.email, "password": PASSWORD}).status_code == 422
    assert fresh.post("/accounts/sign-in", data={"email": xiaoman.email, "password": NEW}).status_code == 303


def test_the_link_works_once(app: Flask, client: FlaskClient, smtp: Smtp, xiaoman: User) -> None:
    link = ask(client, smtp)
    client.post(link, data={"password": NEW})

    replayed = app.test_client()
    assert replayed.get(link).status_code == 410
    assert replayed.post(link, data={"password": "yet another passphrase"}).status_code == 410
    assert replayed.get("/accounts").status_code == 303


def test_the_link_is_too_old_after_an_hour(client: FlaskClient, smtp: Smtp, xiaoman: User) -> None:
    link = ask(client, smtp)
    clock.advance(hours=1)

    assert client.get(link).status_code == 410
    assert client.post(link, data={"password": NEW}).status_code == 410


def test_a_newer_link_ends_the_older(client: FlaskClient, smtp: Smtp, xiaoman: User) -> None:
    older, newer = ask(client, smtp), ask(client, smtp)

    assert client.get(older).status_code == 410
    assert client.get(newer).status_code == 200


def test_a_refused_password_does_not_use_up_the_link(client: FlaskClient, smtp: Smtp, xiaoman: User) -> None:
    link = ask(client, smtp)

    assert client.post(link, data={"password": "short"}).status_code == 422
    assert client.post(link, data={"password": NEW}).status_code == 303


def test_asking_for_an_unknown_address_looks_the_same_and_sends_nothing(
    app: Flask, client: FlaskClient, smtp: Smtp, xiaoman: User
) -> None:
    known = client.post("/accounts/forgot", data={"email": "xiaoman@example.org"})
    unknown = client.post("/accounts/forgot", data={"email": "nobody@example.org"})

    assert (known.status_code, known.location, known.text) == (unknown.status_code, unknown.location, unknown.text)
    assert letters(smtp, "nobody@example.org") == []


def test_the_owner_is_told_that_the_password_changed(client: FlaskClient, smtp: Smtp, xiaoman: User) -> None:
    client.post(ask(client, smtp), data={"password": NEW})

    told = latest(smtp, "xiaoman@example.org")
    assert "/accounts/forgot" in told
    assert NEW not in told


def test_who_has_no_access_any_more_gets_no_link(client: FlaskClient, smtp: Smtp, xiaoman: User, at: datetime) -> None:
    xiaoman.ended_at = at

    client.post("/accounts/forgot", data={"email": "xiaoman@example.org"})

    assert letters(smtp, "xiaoman@example.org") == []


def test_who_never_confirmed_gets_the_confirming_link_instead(client: FlaskClient, smtp: Smtp, xiaoman: User) -> None:
    xiaoman.confirmed_at = None

    client.post("/accounts/forgot", data={"email": "xiaoman@example.org"})

    assert "/accounts/confirm/" in latest(smtp, "xiaoman@example.org")


def test_mails_to_typed_addresses_are_limited(client: FlaskClient, xiaoman: User) -> None:
    answers = [client.post("/accounts/forgot", data={"email": f"a{n}@example.org"}).status_code for n in range(11)]

    assert answers == [303] * 10 + [429]
    assert client.get("/accounts/forgot").status_code == 200


def test_the_link_waits_encrypted_in_the_outbox(app: Flask, client: FlaskClient, smtp: Smtp, xiaoman: User) -> None:
    from sqlalchemy import select

    from commons.db import db
    from commons.jobs.models import Job

    client.post("/accounts/forgot", data={"email": "xiaoman@example.org"})

    waiting = str([job.arguments for job in db.session.scalars(select(Job).where(Job.name == "mail.send"))])
    assert waiting != "[]"
    assert "reset" not in waiting
    assert "xiaoman" not in waiting


def test_the_page_behind_the_link_tells_no_other_site_of_it(client: FlaskClient, smtp: Smtp, xiaoman: User) -> None:
    answer = client.get(ask(client, smtp))

    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
