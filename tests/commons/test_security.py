from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons import discretion, security
from commons.discretion import scrub
from commons.permissions import Role
from tests.factories import make_fan, make_staff, make_user, sign_in
from tests.servers.applications import close, make_app
from tests.servers.databases import Databases
from tests.servers.smtp import free_port
from tests.servers.valkey import Valkey

TOKEN = "x7Hq0fVY2mJr9sWc4bTn6kLz1pDg8aEu3iRo5wQy-_A"


def csp(client: FlaskClient, path: str) -> dict[str, str]:
    header = client.get(path).headers["Content-Security-Policy"]
    return dict(part.strip().split(" ", 1) for part in header.split(";"))


@pytest.fixture
def protected(app: Flask) -> Iterator[Flask]:
    """The application with forms that need their token, as everywhere but in tests."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize("path", ["/accounts/sign-in", "/nowhere", "/healthz", "/theme.css", "/static/js/app.js"])
def test_every_answer_carries_the_strict_policy(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers

    assert headers["Content-Security-Policy"] == security.CSP
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Referrer-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]


def test_the_policy_allows_nothing_inline_and_nothing_foreign(client: FlaskClient) -> None:
    policy = csp(client, "/accounts/sign-in")

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in str(policy)
    assert "http" not in str(policy)


def test_only_https_is_told_to_stay_https(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/healthz").headers
    secure = client.get("/healthz", base_url="https://localhost")
    assert secure.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_pages_of_signed_in_people_are_stored_nowhere(app: Flask, client: FlaskClient, at: datetime) -> None:
    assert client.get("/accounts/sign-in").headers["Cache-Control"] == "private, no-cache"

    sign_in(client, make_staff())

    assert client.get("/accounts").headers["Cache-Control"] == "no-store"
    assert client.get("/nowhere").headers["Cache-Control"] == "no-store"


def test_the_session_cookie_is_kept_from_scripts_and_from_other_sites(client: FlaskClient) -> None:
    client.get("/accounts/sign-in")
    answer = client.post("/accounts/preferences", data={"language": "en"})

    cookie = next(value for name, value in answer.headers if name == "Set-Cookie" and value.startswith("session="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/sign-in",
        "/accounts/sign-up",
        "/accounts/sign-out",
        "/accounts/preferences",
        "/accounts/forgot",
        "/accounts/delete",
        "/accounts/export",
        "/accounts/browsers/end-all",
        "/admin/staff/invite",
        "/admin/brand",
    ],
)
def test_a_form_without_its_token_does_nothing(protected: Flask, client: FlaskClient, path: str, at: datetime) -> None:
    sign_in(client, make_staff(Role.ADMINISTRATOR))

    assert client.post(path, data={"email": "a@example.org"}).status_code == 400
    assert client.post(path, data={"csrf_token": "made up"}).status_code == 400
    assert client.get("/accounts").status_code == 200


def test_a_token_of_somebody_elses_session_is_no_token(protected: Flask, client: FlaskClient, at: datetime) -> None:
    import re

    stranger = protected.test_client()
    found = re.search(r'name="csrf-token" content="([^"]+)"', stranger.get("/accounts/sign-in").text)
    assert found is not None
    sign_in(client, make_staff(Role.ADMINISTRATOR))

    assert client.post("/accounts/sign-out", data={"csrf_token": found[1]}).status_code == 400


@pytest.mark.parametrize(
    "path", ["/admin/audit?kind=%00", "/circle/posts/%00", "/l/a%00b", "/accounts/sign-in?next=/%00"]
)
def test_an_address_with_a_nul_in_it_is_refused(app: Flask, client: FlaskClient, path: str, at: datetime) -> None:
    sign_in(client, make_staff(Role.ADMINISTRATOR))

    assert client.get(path).status_code == 400


def test_posting_is_limited_for_each_person(app: Flask, client: FlaskClient, at: datetime) -> None:
    fan = make_fan().user
    assert fan is not None
    sign_in(client, fan)

    answers = [client.post("/accounts/name", data={"name-name": f"小满{n}"}).status_code for n in range(31)]
    assert answers == [303] * 30 + [429]

    other = app.test_client()
    sign_in(other, make_user(Role.FAN, "大满"))
    assert other.post("/accounts/name", data={"name-name": "大满"}).status_code == 303


def test_a_limit_is_told_in_words(app: Flask, client: FlaskClient, at: datetime) -> None:
    for _turn in range(11):
        answer = client.post("/accounts/forgot", data={"email": "a@example.org"}, headers={"Accept-Language": "en"})

    assert answer.status_code == 429
    assert "Too many tries" in answer.text


def test_addresses_of_one_household_count_as_one(app: Flask) -> None:
    def counted(address: str) -> str:
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            return security.visitor_address()

    assert counted("2001:db8:1:2::1") == counted("2001:db8:1:2:ffff::9")
    assert counted("2001:db8:1:3::1") != counted("2001:db8:1:2::1")
    assert counted("192.0.2.1") == "192.0.2.1"
    assert counted("nonsense") == "nonsense"


def test_limits_hold_and_pages_open_while_redis_is_away(databases: Databases, environ: dict[str, str]) -> None:
    app = make_app({**environ, "REDIS_URL": f"redis://127.0.0.1:{free_port()}"}, databases.fresh())
    try:
        with app.app_context():
            client = app.test_client()
            data = {"email": "a@example.org"}
            answers = [client.post("/accounts/forgot", data=data).status_code for _turn in range(12)]
            assert client.get("/accounts/sign-in").status_code == 200
    finally:
        close(app)
        close(make_app(environ, databases.fresh()))  # binds the limits to the living server again

    assert answers[:10] == [303] * 10
    assert answers[-1] == 429


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("sent to smtp://quanzi:s3cr3t-w0rd@mail.example.org:587/", "s3cr3t-w0rd"),
        ("redis://:s3cr3t-w0rd@cache:6379/0", "s3cr3t-w0rd"),
        ("postgresql://app:p@ss:w0rd@db/quanzi", "p@ss:w0rd"),
        ("form {'email': 'a@example.org', 'password': 's3cr3t w0rd'}", "s3cr3t w0rd"),
        ('{"current": 1, "password-password": "s3cr3t"}', "s3cr3t"),
        ("password=s3cr3t&email=a", "s3cr3t"),
        ("POST /x Authorization: Bearer abc.def-ghi", "abc.def-ghi"),
        ("{'Authorization': 'Basic dXNlcjpwYXNz'}", "dXNlcjpwYXNz"),
        ("Cookie: session=eyJhbGciOi; theme=dark", "eyJhbGciOi"),
        ("Set-Cookie: session=eyJhbGciOi; HttpOnly", "eyJhbGciOi"),
        (f"GET /accounts/reset/{TOKEN} 200", TOKEN),
        (f"GET /accounts/invitation/{TOKEN}", TOKEN),
        ("access_token: s3cr3t-t0ken", "s3cr3t-t0ken"),
        ("row ('a', '$argon2id$v=19$m=47104,t=1,p=1$c2FsdA$aGFzaA')", "c2FsdA"),
        ("api_key='s3cr3t'", "s3cr3t"),
    ],
)
def test_no_secret_gets_through_to_a_log(said: str, secret: str) -> None:
    assert secret not in scrub(said)
    assert discretion.STRUCK in scrub(said)


@pytest.mark.parametrize(
    "said",
    [
        "GET /circle/posts/abc23def45gh 200",
        "the tick is at work",
        "job 17 publishing.deliver failed: ConnectError",
        "a sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "https://example.org/a?utm_source=weibo",
    ],
)
def test_what_is_no_secret_stays_readable(said: str) -> None:
    assert scrub(said) == said


def test_records_and_tracebacks_are_scrubbed_before_any_handler(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("somewhere")
    try:
        int(f"could not open smtp://me:s3cr3t-w0rd@mail/ with token={TOKEN}")
    except ValueError:
        log.exception("failed for password=%s", "s3cr3t-w0rd")

    assert "failed for password=" in caplog.text
    assert "could not open" in caplog.text
    assert "s3cr3t-w0rd" not in caplog.text
    assert TOKEN not in caplog.text


def test_the_keys_of_this_installation_are_struck_out_wherever_they_stand(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    key = app.extensions["settings"].secret_key

    logging.getLogger("somewhere").warning("started with %r", {"k": key})

    assert key not in caplog.text


def test_a_crash_page_shows_a_reference_and_nothing_else(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_args: object) -> None:
        raise RuntimeError("password=s3cr3t")

    monkeypatch.setattr("commons.accounts.recovering.ask", crash)
    answer = client.post("/accounts/forgot", data={"email": "a@example.org"})

    assert answer.status_code == 500
    assert "s3cr3t" not in answer.text
    assert "s3cr3t" not in caplog.text
    assert "RuntimeError" not in answer.text


def test_a_sign_in_leaves_no_password_in_the_log(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture, valkey: Valkey, at: datetime
) -> None:
    caplog.set_level(logging.DEBUG)
    user = make_staff()

    client.post("/accounts/sign-in", data={"email": user.email, "password": "a good long passphrase"})

    assert "a good long passphrase" not in caplog.text
