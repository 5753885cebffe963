"""The outbound door against real servers on this machine, which are allowed by name of port and by nothing else."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from commons import outbound
from commons.outbound import BadAnswer, BrokeOff, Forbidden, Policy, TimedOut, TooLarge, Unreachable, fetch
from tests.commons.outbound.far_end import (
    Behaviour,
    FarEnd,
    drips,
    far_end,
    hangs_up,
    is_silent,
    never_stops,
    says,
    sends_on,
    talks_nonsense,
)  # fmt: skip


@pytest.fixture
def app() -> Iterator[Flask]:
    """The door needs an application for its policy and no database."""
    app = Flask("door")
    app.extensions["settings"] = SimpleNamespace(outbound_allow=frozenset())
    outbound.init_app(app)
    from commons import i18n

    i18n.init_app(app)
    with app.app_context():
        yield app


@contextmanager
def allowed(app: Flask, behave: Behaviour) -> Iterator[FarEnd]:
    with far_end(behave) as server:
        app.extensions["outbound"] = Policy(allowed=frozenset({("127.0.0.1", server.port)}))
        yield server


def test_an_answer_comes_back_whole(app: Flask) -> None:
    with allowed(app, says(b'{"tea": 1}', headers="X-Kind: green\r\n")) as server:
        answer = fetch("GET", server.url("/shop?token=1"))
    assert (answer.status, answer.ok, answer.json(), answer.headers["x-kind"]) == (200, True, {"tea": 1}, "green")
    assert server.requests[0].startswith("GET /shop?token=1 HTTP/1.1\r\n")


def test_a_status_that_is_no_success_is_an_answer_too(app: Flask) -> None:
    with allowed(app, says(status="404 Not Found")) as server:
        answer = fetch("GET", server.url())
    assert (answer.status, answer.ok) == (404, False)


def test_what_the_caller_sends_arrives(app: Flask) -> None:
    with allowed(app, says()) as server:
        fetch("POST", server.url(), body=b"leaf", headers={"Authorization": "Bearer t"})
    assert "Authorization: Bearer t" in server.requests[0]
    assert server.requests[0].endswith("leaf")


def test_a_body_that_is_not_json_is_a_bad_answer(app: Flask) -> None:
    with allowed(app, says(b"<html>")) as server:
        answer = fetch("GET", server.url())
    with pytest.raises(BadAnswer):
        answer.json()


@pytest.mark.parametrize(
    "body", [b'"\\u0000"', b'{"a": ["\\ud83d"]}', b'{"\\udc00": 1}', b"[" * 200_000, b"\xff\xfe\xfd"]
)
def test_text_that_no_database_keeps_is_a_bad_answer(app: Flask, body: bytes) -> None:
    with allowed(app, says(body)) as server:
        answer = fetch("GET", server.url())
    with pytest.raises(BadAnswer):
        answer.json()


def test_a_far_end_may_think_for_as_long_as_the_caller_waits(app: Flask) -> None:
    def behave(connection: socket.socket, request: str) -> None:
        time.sleep(5.2)
        says(b"after a while")(connection, request)

    with allowed(app, behave) as server:
        assert fetch("GET", server.url(), seconds=8.0).body == b"after a while"


@pytest.mark.parametrize("behave", [drips, is_silent])
def test_however_slowly_it_drips_the_call_is_over_in_time(app: Flask, behave: Behaviour) -> None:
    started = time.monotonic()
    with allowed(app, behave) as server, pytest.raises(TimedOut):
        fetch("GET", server.url(), seconds=0.4)
    assert time.monotonic() - started < 4.5


def test_an_answer_without_end_is_cut_off(app: Flask) -> None:
    with allowed(app, never_stops) as server, pytest.raises(TooLarge):
        fetch("GET", server.url(), byte_cap=200_000)


def test_an_answer_whose_body_nobody_wants_is_not_read(app: Flask) -> None:
    with allowed(app, never_stops) as server:
        answer = fetch("GET", server.url(), want_body=False)
    assert (answer.status, answer.body) == (200, b"")


def test_an_encoded_body_is_refused_because_it_could_swell(app: Flask) -> None:
    with allowed(app, says(b"\x1f\x8b", headers="Content-Encoding: gzip\r\n")) as server, pytest.raises(BadAnswer):
        fetch("GET", server.url())


@pytest.mark.parametrize("behave", [talks_nonsense, hangs_up])
def test_what_is_not_http_may_have_been_acted_on(app: Flask, behave: Behaviour) -> None:
    with allowed(app, behave) as server, pytest.raises((BadAnswer, BrokeOff)) as failure:
        fetch("GET", server.url())
    assert failure.value.may_have_arrived


def test_a_closed_port_is_unreachable(app: Flask) -> None:
    with allowed(app, says()) as server:
        url = server.url()
    with pytest.raises(Unreachable):
        fetch("GET", url)


def test_a_name_that_does_not_exist_is_unreachable(app: Flask) -> None:
    with pytest.raises(Unreachable):
        fetch("GET", "http://no-such-name.invalid/")


def test_a_redirect_is_followed_and_says_where_it_ended(app: Flask) -> None:
    def behave(connection: socket.socket, request: str) -> None:
        (says(b"here") if "/new" in request else sends_on("/new#part"))(connection, request)

    with allowed(app, behave) as server:
        answer = fetch("GET", server.url("/old"))
    assert (answer.body, answer.url) == (b"here", server.url("/new"))


def test_a_redirect_to_a_private_address_is_not_followed(app: Flask) -> None:
    with allowed(app, sends_on("http://10.0.0.1/")) as server, pytest.raises(Forbidden):
        fetch("GET", server.url())
    with allowed(app, sends_on("http://169.254.169.254/latest/meta-data/")) as server, pytest.raises(Forbidden):
        fetch("GET", server.url())
    with allowed(app, sends_on("file:///etc/passwd")) as server, pytest.raises(Forbidden):
        fetch("GET", server.url())


def test_a_circle_of_redirects_ends(app: Flask) -> None:
    with allowed(app, sends_on("/again")) as server, pytest.raises(BadAnswer):
        fetch("GET", server.url())
    assert len(server.requests) == 6


def test_a_secret_header_does_not_follow_a_redirect_to_somebody_else(app: Flask) -> None:
    with far_end(says(b"there")) as other, far_end(sends_on(other.url())) as first:
        pairs = frozenset({("127.0.0.1", other.port), ("127.0.0.1", first.port)})
        app.extensions["outbound"] = Policy(allowed=pairs)
        fetch("GET", first.url(), headers={"Authorization": "Bearer t"})
    assert "Authorization" in first.requests[0]
    assert "Authorization" not in other.requests[0]


def test_a_post_is_never_sent_on_somewhere_else(app: Flask) -> None:
    with allowed(app, sends_on("/elsewhere")) as server:
        answer = fetch("POST", server.url(), body=b"once")
    assert answer.status == 302
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/", "http://localhost/", "http://0.0.0.0/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/", "http://169.254.169.254/", "http://[fe80::1]/", "http://[fd00:ec2::254]/",
        "http://100.100.100.200/", "http://192.168.1.1/", "http://172.16.0.1/", "http://10.1.2.3/", "http://2130706433/",
        "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://224.0.0.1/", "http://255.255.255.255/",
        "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[2001:0:1::1]/", "http://[ff02::1]/", "http://[::]/",
        "http://240.0.0.1/", "http://[fec0::1]/",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_however_they_are_written(app: Flask, url: str) -> None:
    with pytest.raises(Forbidden):
        fetch("GET", url)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "http://user:secret@example.org/", "//example.org",
        "http:///path", "example.org", "", "http://example.org:22/", "http://example.org:6379/", "https://example.org:25/",
        "javascript:alert(1)", "http://exa mple.org/", "http://[::1", "http://example.org:99999/", "http://\x00.org/",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_website_is_refused_before_any_name_is_asked_for(
    app: Flask, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    def resolver(*_: Any, **__: Any) -> Any:
        raise AssertionError("a name was asked for")

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    with pytest.raises(Forbidden):
        fetch("GET", url)


def test_a_name_is_resolved_once_and_the_checked_address_is_the_one_called(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = socket.getaddrinfo

    def changing_its_mind(host: str, port: int, *rest: Any, **more: Any) -> Any:
        if host != "tea.example":
            return real(host, port, *rest, **more)
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "10.0.0.1", port, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", changing_its_mind)
    with allowed(app, says(b"checked")) as server:
        assert fetch("GET", server.url(host="tea.example")).body == b"checked"
        with pytest.raises(Forbidden):
            fetch("GET", server.url(host="tea.example"))
    assert asked == ["tea.example", "tea.example"]
    assert f"Host: tea.example:{server.port}" in server.requests[0]
    assert len(server.requests) == 1


def test_one_private_address_among_public_ones_is_enough_to_refuse(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(Forbidden):
        fetch("GET", "http://tea.example/")


def test_no_log_line_holds_a_query(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with allowed(app, says()) as server:
        fetch("GET", server.url("/hook?token=geheim"))
    assert "/hook" in caplog.text
    assert "geheim" not in caplog.text


def test_no_failure_speaks_of_a_query(app: Flask) -> None:
    with pytest.raises(Unreachable) as failure:
        fetch("GET", "http://no-such-name.invalid/?token=geheim")
    assert "geheim" not in str(failure.value)
