"""Redirects of a short link at 64 connections, beside a bare route that answers a fixed 302 on the same server in the same run.

Both stand in the same web processes (as the Procfile starts them) on PostgreSQL, and are asked in turn. In two of the rounds
Valkey is emptied, and killed and started again, while the load goes on. Then every redirect that was answered must be found
among the visits. The bare route is a Flask application with one route and nothing else.
"""

from __future__ import annotations

import os
import selectors
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg
from flask import Flask, Response

from commons import clock
from commons.db import db

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from tests.servers.live import Live

CONNECTIONS = 64
SECONDS = 8.0
BROWSERS = 2_000
WANTED_RATIO, WANTED_SECONDS = 0.5, 5.0
TARGET = "https://shop.example/tea"
SLUG = "measured"
WORDS = "a key of the benchmark only, as long as a key must be"
SETTINGS = {"shared_buffers": "512MB", "max_wal_size": "4GB"}  # commits wait for the disk, as they do where it matters
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_{0} like Mac OS X) AppleWebKit/605.1.15 Mobile/{0} MicroMessenger/8.0"


@dataclass(frozen=True)
class Round:
    """Answers of one round, a second, and how long each took in milliseconds."""

    name: str
    answers: int
    rate: float
    times: Sequence[float]

    @property
    def p99(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.99)]


def run() -> None:
    """Print ours, the bare route and the ratio, and the visits that are missing."""
    from tests.servers.postgres import Postgres

    server = Postgres(SETTINGS).start()
    try:
        url = server.create("redirects")
        with tempfile.TemporaryDirectory(prefix="quanzi-bench-") as var:
            _measure(url, server.dsn("redirects"), Path(var))
    finally:
        server.stop()


def create_app() -> WSGIApplication:
    """What the web processes serve: Quanzi, and under /bare the bare route."""
    import wsgi

    ours, bare = wsgi.serve(), Flask("bare")

    @bare.get("/bare")
    def fixed() -> Response:
        return Response(status=302, headers={"Location": TARGET})

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return (bare if environ["PATH_INFO"] == "/bare" else ours)(environ, start_response)

    return serve


def _measure(url: str, dsn: str, var: Path) -> None:
    from tests.servers.live import Live

    live = Live({"SECRET_KEY": WORDS, "WEB_WORKERS": "2", "WEB_THREADS": "2"}, url, var)
    try:
        _make_link(live, url)
        _start(live)
        load = Load(live.url)
        load.round("warming up", f"/l/{SLUG}", 2.0)
        bare = [load.round("the bare route", "/bare")]
        ours = [
            load.round("ours", f"/l/{SLUG}"),
            load.round("ours, Valkey emptied in mid-load", f"/l/{SLUG}", meanwhile=live.valkey.empty),
            load.round("ours, Valkey killed and started again", f"/l/{SLUG}", meanwhile=lambda: _restart(live)),
        ]
        took = _await_visits(dsn, load.redirected)
        bare.append(load.round("the bare route again", "/bare"))
        _show(bare, ours, load.redirected - _visits(dsn), took)
    finally:
        live.stop()


class Load:
    """64 connections that always wait for an answer, each asking again at once; one thread serves them all."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.address = (parts.hostname or "", parts.port or 80)
        self.redirected = 0

    def round(
        self, name: str, path: str, seconds: float = SECONDS, meanwhile: Callable[[], object] | None = None
    ) -> Round:
        """Ask for `path` for so long; `meanwhile` happens in the middle of it."""
        requests = [self._request(path, number) for number in range(BROWSERS)]
        aside = threading.Timer(seconds / 2, meanwhile) if meanwhile else None
        if aside:
            aside.start()
        times, took = _ask(self.address, requests, seconds)
        if aside:
            aside.join()
        self.redirected += len(times) if path != "/bare" else 0
        return Round(name, len(times), len(times) / took, times)

    def _request(self, path: str, number: int) -> bytes:
        host, browser = f"{self.address[0]}:{self.address[1]}", PHONE.format(number)
        lines = (
            f"GET {path} HTTP/1.1",
            f"Host: {host}",
            f"User-Agent: {browser}",
            "Accept-Language: zh-CN,zh;q=0.9",
            "",
            "",
        )
        return "\r\n".join(lines).encode()


def _ask(address: tuple[str, int], requests: Sequence[bytes], seconds: float) -> tuple[list[float], float]:
    """Milliseconds of each answer, and how long all of it took; what is under way at the end is awaited."""
    sent: dict[socket.socket, float] = {}
    times: list[float] = []
    asked = 0
    began = time.perf_counter()
    with selectors.DefaultSelector() as waiting:
        for _number in range(CONNECTIONS):
            connection = socket.create_connection(address)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            waiting.register(connection, selectors.EVENT_READ)
        for key in list(waiting.get_map().values()):
            sent[key.fileobj] = _send(key.fileobj, requests[asked % len(requests)])  # type: ignore[index]
            asked += 1
        while sent:
            for key, _events in waiting.select(10):
                connection = key.fileobj  # type: ignore[assignment]
                _check(connection.recv(8192))
                now = time.perf_counter()
                times.append((now - sent.pop(connection)) * 1000)
                if now - began < seconds:
                    sent[connection] = _send(connection, requests[asked % len(requests)])
                    asked += 1
                else:
                    waiting.unregister(connection)
                    connection.close()
    return times, time.perf_counter() - began


def _send(connection: Any, request: bytes) -> float:
    connection.sendall(request)
    return time.perf_counter()


def _check(answer: bytes) -> None:
    """A redirect comes in one piece; anything else ends the benchmark."""
    if not answer.startswith(b"HTTP/1.1 302"):
        raise RuntimeError(f"no redirect but {answer[:200]!r}")


def _make_link(live: Live, url: str) -> None:
    from campaigns.links.making import make_link
    from tests.factories import make_staff
    from tests.servers.applications import close, make_app
    from tests.servers.databases import migrate

    app = make_app(live.settings, url)
    with app.app_context():
        migrate()
        link = make_link(TARGET, by=make_staff(), at=clock.now(), slug=SLUG)
        link.check_due_at = None  # nobody is asked whether it answers
        db.session.commit()
    close(app)


def _start(live: Live) -> None:
    """The web processes of the Procfile, with the bare route beside Quanzi."""
    from tests.servers.live import ROOT, procfile
    from tests.servers.processes import await_true, spawn

    command = procfile()["web"].replace("wsgi:serve", "benchmarks.redirects:create_app")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    port = live.url.rpartition(":")[2]
    environ = {**os.environ, **live.settings, "PATH": path, "WEB_PORT": port}
    live.processes["web"] = spawn(
        ["sh", "-c", f"exec {command}"], log=live.folder / "web.log", cwd=ROOT, environ=environ
    )
    await_true(live._answers, f"{live.url} answers", within=90, every=0.1)


def _restart(live: Live) -> None:
    live.valkey.kill()
    live.valkey.start()


def _visits(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT count(*) FROM hit").fetchone()
    return int(row[0]) if row else 0


def _await_visits(dsn: str, wanted: int) -> float:
    """Seconds until all redirects are among the visits, counted from the last one; a minute at most."""
    began = time.perf_counter()
    while _visits(dsn) < wanted and time.perf_counter() - began < 60:
        time.sleep(0.1)
    return time.perf_counter() - began


def _show(bare: Sequence[Round], ours: Sequence[Round], missing: int, took: float) -> None:
    print(f"  {CONNECTIONS} connections, 2 web processes with 2 threads each, on PostgreSQL\n")
    print(f"  {'':<44} {'a second':>10} {'median':>10} {'p99':>10}")
    for one in (*bare, *ours):
        print(f"  {one.name:<44} {one.rate:>10,.0f} {statistics.median(one.times):>7.1f} ms {one.p99:>7.1f} ms")
    peer, mine = statistics.mean(one.rate for one in bare), statistics.mean(one.rate for one in ours)
    hits = sum(one.answers for one in ours)
    print(f"\n  ours is {mine / peer:.2f} of the bare route (wanted: at least {WANTED_RATIO})")
    print(
        f"  visits missing: {missing:,} of {hits:,}; the last was there after {took:.1f} s (wanted: within {WANTED_SECONDS:.0f})"
    )
    reached = mine / peer >= WANTED_RATIO and missing == 0 and took <= WANTED_SECONDS
    print(f"  {'reached' if reached else 'MISSED'}")
