"""The control room of a campaign with 200,000 participants, a million facts and goals that are counted by facts, while ten leads watch and people take part.

The web processes are those of the Procfile. Each lead opens the page every 20 s and asks as the page does: the live
region every 1.5 s, the aside every 15 s, the top list and the curve every 10 s. Beside it in the same run, on the same server under the
same load: a bare route that answers with as many bytes, and what counting the rows would take in PostgreSQL itself.

`python -m benchmarks.control --participants 20000` measures a smaller one; `--engine sqlite` on SQLite.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Response, request
from sqlalchemy import func, select, text

from benchmarks import control_of
from campaigns.participation.counts import folding
from campaigns.participation.models import MissionFact, Participant
from campaigns.planning import measures
from campaigns.planning.models import Campaign
from commons import clock, events
from commons.db import db, random_id

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from tests.servers.live import Live

PARTICIPANTS, SMALL = 200_000, 20_000
LEADS = 10
SECONDS = 40.0
FACTS_A_SECOND = 5
KIND = "interaction.comment"
WANTED_MS = 300.0
WORDS = "a key of the benchmark only, as long as a key must be"
SETTINGS = {"shared_buffers": "512MB", "max_wal_size": "4GB", "random_page_cost": "1.1"}
EVERY = {"": 20.0, "live": 1.5, "aside": 15.0, "top": 10.0, "curve.json?by=hour": 10.0}
"""How often the page asks for each of its regions, in seconds; and that a lead opens it anew every 20 seconds."""


@dataclass
class Times:
    """How long each kind of request took, in milliseconds."""

    of: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def line(self, name: str) -> str:
        times = sorted(self.of[name])
        p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
        return f"{len(times):>7,} {statistics.median(times):>7.1f} ms {p95:>7.1f} ms {times[-1]:>7.1f} ms"

    def p95(self, *names: str) -> float:
        times = sorted(time for name in names for time in self.of[name])
        return times[min(len(times) - 1, int(len(times) * 0.95))]


def run() -> None:
    """On PostgreSQL with all of them, and a small one on SQLite."""
    measure("postgresql", PARTICIPANTS)
    measure("sqlite", SMALL)


def create_app() -> WSGIApplication:
    """What the web processes serve: Quanzi, and under /bare a route that only answers with so many bytes."""
    import wsgi

    ours, bare = wsgi.serve(), Flask("bare")

    @bare.get("/bare")
    def fixed() -> Response:
        return Response(b"x" * request.args.get("bytes", 0, int), content_type="text/html")

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return (bare if environ["PATH_INFO"] == "/bare" else ours)(environ, start_response)

    return serve


def measure(engine: str, participants: int) -> None:
    with _ground(engine) as (app, live):
        from tests.factories import make_staff

        began = time.perf_counter()
        campaign = control_of.make(participants, make_staff(), clock.now())
        facts = db.session.scalar(select(func.count()).select_from(MissionFact)) or 0
        print(
            f"\n  {engine}: {participants:,} participants, {facts:,} facts; made in {time.perf_counter() - began:,.0f} s"
        )
        cookies = _leads(app)
        _count_rows(campaign.id)
        public_id, campaign_id = campaign.public_id, campaign.id
        db.session.remove()
        _start(live)
        page = f"/control/{public_id}"
        size = len(_get(live.url, page, cookies[0], Times(), "live"))
        _watch(live.url, page, cookies, SECONDS / 4, dict.fromkeys(EVERY, 1.0))
        alone = Times()
        for _look in range(30):
            _get(live.url, page, cookies[0], alone, "")
        bare = _watch(live.url, f"/bare?bytes={size}", cookies, SECONDS / 4, {"": EVERY["live"]})
        with _people_take_part(app, campaign_id) as taken:
            ours = _watch(live.url, page, cookies, SECONDS, EVERY)
        _show(alone, bare, ours, size, taken[0])


def _show(alone: Times, bare: Times, ours: Times, size: int, taken: int) -> None:
    print(
        f"\n  {LEADS} leads watch for {SECONDS:.0f} s while {taken:,} facts come in; 2 web processes with 2 threads each"
    )
    print(f"  {'':<46} {'asked':>7} {'p50':>10} {'p95':>10} {'max':>10}")
    print(f"  {'the page, one after the other':<46} {alone.line('')}")
    for name in EVERY:
        print(f"  {f'its region {name}' if name else 'the page':<46} {ours.line(name)}")
    print(f"  {f'peer: a bare route, {size / 1024:,.0f} KB, as often as live':<46} {bare.line('')}")
    p95 = ours.p95(*EVERY)
    verdict = "reached" if p95 < WANTED_MS else "MISSED"
    print(f"  p95 of everything that the page asks: {p95:.0f} ms (wanted: under {WANTED_MS:.0f} ms); {verdict}")


def _count_rows(campaign_id: int) -> None:
    """What the page would wait for if it counted."""
    people = select(func.count()).select_from(Participant).where(Participant.campaign_id == campaign_id)
    facts = select(MissionFact.mission_id, func.count()).group_by(MissionFact.mission_id)
    comments = measures.by_facts()["comments"]
    campaign = db.session.get_one(Campaign, campaign_id)
    counted = _median(select(func.count()).select_from(comments.ids(campaign, clock.now()).subquery()))
    kept = text(
        "SELECT measure, subject_id, sum(number) FROM campaign_count WHERE campaign_id = :id AND grain = 0 GROUP BY 1, 2"
    )
    for name, query in (("participants", people), ("facts by mission", facts)):
        print(f"  peer: the bare query that counts {name:<18} {_median(query):>8.1f} ms")
    print(f"  peer: the bare query that counts {'one goal by its facts':<18} {counted:>8.1f} ms")
    print(f"  the bare query that reads what is kept{'':<14} {_median(kept, id=campaign_id):>8.1f} ms")


def _median(query: Any, **given: Any) -> float:
    times = []
    for _round in range(7):
        began = time.perf_counter()
        db.session.execute(query, given).all()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def _watch(url: str, page: str, cookies: Sequence[str], seconds: float, every: Mapping[str, float]) -> Times:
    """Every lead keeps asking for the page and its regions, each at a beat of its own."""
    times = Times()
    threads = [threading.Thread(target=_look, args=(url, page, cookie, seconds, every, times)) for cookie in cookies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def _look(url: str, page: str, cookie: str, seconds: float, every: Mapping[str, float], times: Times) -> None:
    chance, began = random.Random(cookie), time.perf_counter()
    due = {name: began + pause * chance.random() for name, pause in every.items()}
    while (now := time.perf_counter()) - began < seconds:
        name = min(due, key=lambda one: due[one])
        time.sleep(max(0.0, due[name] - now))
        due[name] = time.perf_counter() + every[name]
        _get(url, page, cookie, times, name)


def _get(url: str, page: str, cookie: str, times: Times, name: str) -> bytes:
    """Asked over a connection that is kept, as a browser does; the time is that to the last byte."""
    connection, path = _connection(url), f"{page}/{name}" if name else page
    began = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie} | ({"HX-Request": "true"} if name else {}))
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, f"{path} answered {answer.status}: {body[:300]!r}"
    times.of[name].append((time.perf_counter() - began) * 1000)
    return body


_own = threading.local()


def _connection(url: str) -> http.client.HTTPConnection:
    if getattr(_own, "url", None) != url:
        parts = urlsplit(url)
        _own.connection, _own.url = http.client.HTTPConnection(parts.hostname or "", parts.port), url
    return _own.connection  # type: ignore[no-any-return]


@contextmanager
def _people_take_part(app: Flask, campaign_id: int) -> Iterator[list[int]]:
    """Facts come in through the real door meanwhile, and are folded as the worker does."""
    stop, taken = threading.Event(), [0]

    def take_part() -> None:
        with app.app_context():
            chance = random.Random(5)
            members = db.session.scalars(select(Participant.member_id).limit(2000)).all()
            folded = time.perf_counter()
            while not stop.wait(1 / FACTS_A_SECOND):
                member_id = chance.choice(members)
                at: datetime = clock.now() - timedelta(seconds=1)
                events.track(KIND, key=random_id(20), at=at, member_id=member_id, campaign_id=campaign_id)
                taken[0] += 1
                if time.perf_counter() - folded > 15:
                    folding.fold()
                    folded = time.perf_counter()
                db.session.commit()
            db.session.remove()

    thread = threading.Thread(target=take_part)
    thread.start()
    try:
        yield taken
    finally:
        stop.set()
        thread.join()


def _leads(app: Flask) -> list[str]:
    from commons.permissions import Role
    from tests.factories import make_staff, sign_in

    cookies = []
    for _lead in range(LEADS):
        client = app.test_client()
        sign_in(client, make_staff(Role.CAMPAIGN_LEAD, email=f"{random_id()}@example.org"))
        db.session.commit()
        cookie = client.get_cookie("session")
        assert cookie is not None
        cookies.append(f"session={cookie.value}")
    return cookies


@contextmanager
def _ground(engine: str) -> Iterator[tuple[Flask, Live]]:
    """A prepared database of the engine with the application beside it, and the processes that may be started on it."""
    from commons.cli import preparing
    from tests.servers.applications import close, make_app
    from tests.servers.databases import migrate
    from tests.servers.live import Live
    from tests.servers.postgres import Postgres

    server = Postgres(SETTINGS).start() if engine == "postgresql" else None
    with tempfile.TemporaryDirectory(prefix="quanzi-bench-") as var:
        url = server.create("control") if server else f"sqlite:///{var}/control.sqlite3"
        live = Live({"SECRET_KEY": WORDS, "WEB_WORKERS": "2", "WEB_THREADS": "2"}, url, Path(var))
        app = make_app(live.settings, url)
        try:
            with app.app_context():
                migrate()
                for prepare in preparing:
                    prepare(clock.now())
                db.session.commit()
                yield app, live
        finally:
            close(app)
            live.stop()
            if server:
                server.stop()


def _start(live: Live) -> None:
    """The web processes of the Procfile, with the bare route beside Quanzi."""
    from tests.servers.live import ROOT, procfile
    from tests.servers.processes import await_true, spawn

    command = procfile()["web"].replace("wsgi:serve", "benchmarks.control:create_app")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environ = {**os.environ, **live.settings, "PATH": path, "WEB_PORT": live.url.rpartition(":")[2]}
    live.processes["web"] = spawn(
        ["sh", "-c", f"exec {command}"], log=live.folder / "web.log", cwd=ROOT, environ=environ
    )
    await_true(live._answers, f"{live.url} answers", within=90, every=0.1)


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m benchmarks.control", description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--participants", type=int, default=PARTICIPANTS)
    asked.add_argument("--engine", choices=("postgresql", "sqlite"), default="postgresql")
    given = asked.parse_args()
    measure(given.engine, given.participants)
    return 0


if __name__ == "__main__":
    sys.exit(main())
