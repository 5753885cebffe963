"""The fan's pages in a large circle: the status page under 20 fans at once, and an exact place beside Redis ZREVRANK.

`make bench-large` makes 1,720,000 members (the following of one operator's service account in 2012) and 50 million facts;
`make bench` a hundredth of both. Places are asked for one after the other on one connection each: ours in PostgreSQL by its own
driver and through the application's session, the peer in Valkey by redis-py, over Unix sockets all of them.
"""

from __future__ import annotations

import http.client
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from flask import Flask
from sqlalchemy import text

from benchmarks import circle_of
from commons import clock
from commons.cli import preparing
from commons.db import db
from community.circle import checking_in
from community.loyalty.ranking import places
from community.members.models import Member

MEMBERS, FACTS = 1_720_000, 50_000_000
SHARE = 100
FANS = 20
VISITS_EACH = 12
# The page itself asks for what is new every four seconds.
PAUSE = 4.0
ASKED = 3_000
WANTED_MS, WANTED_RATIO = 150.0, 3.0
WORDS = "a key of the benchmark only, as long as a key must be"


@dataclass(frozen=True)
class Timed:
    """How long something took, in milliseconds, each time."""

    name: str
    times: Sequence[float]

    def at(self, share: float) -> float:
        return sorted(self.times)[min(len(self.times) - 1, int(len(self.times) * share))]


def run() -> None:
    """A hundredth of the circle, as part of `make bench`."""
    measure(MEMBERS // SHARE, FACTS // SHARE)


def run_large() -> None:
    """The whole circle."""
    measure(MEMBERS, FACTS)


def measure(members: int, facts: int) -> None:
    """Make a circle of that size and print how quick its pages and places are."""
    from tests.servers.applications import close, make_app
    from tests.servers.databases import migrate
    from tests.servers.live import Live
    from tests.servers.postgres import Postgres

    server = Postgres().start()
    with tempfile.TemporaryDirectory(prefix="quanzi-bench-") as folder:
        live = Live({"SECRET_KEY": WORDS}, server.create("fans"), Path(folder))
        try:
            app = make_app(live.settings, live.settings["DATABASE_URL"])
            with app.app_context():
                migrate()
                _prepare()
                began = time.perf_counter()
                circle_of.make(members, facts, clock.now())
                print(f"{members:,} members and {facts:,} facts, made in {time.perf_counter() - began:,.0f} s")
                cookies = _fans(app, members)
                _print_places(_places(live, server.dsn("fans"), members))
                db.session.remove()
                live.start("web")
                _print_pages(_visits(live.url, cookies, PAUSE), _visits(live.url, cookies, 0.0))
            close(app)
        finally:
            live.stop()
            server.stop()


def _prepare() -> None:
    for prepare in preparing:
        prepare(clock.now())
    db.session.commit()


def _fans(app: Flask, members: int) -> list[str]:
    """Fans out of the whole circle with an account and a session each; they checked in today. Their cookies."""
    from commons.permissions import Role
    from tests.factories import make_user, sign_in

    cookies = []
    for member_id in random.Random(7).sample(range(1, members + 1), FANS):
        member = db.session.get_one(Member, member_id)
        member.user = make_user(Role.FAN, member.name)
        checking_in.check_in(member, clock.now())
        db.session.commit()
        client = app.test_client()
        sign_in(client, member.user)
        db.session.commit()
        cookie = client.get_cookie("session")
        assert cookie is not None
        cookies.append(f"session={cookie.value}")
    return cookies


def _places(live: object, dsn: str, members: int) -> list[Timed]:
    chance = random.Random(11)
    asked = [chance.randrange(1, members + 1) for _number in range(ASKED)]
    peer = live.valkey.client()  # type: ignore[attr-defined]
    rows = db.session.execute(
        text("SELECT member_id, balance FROM ledger_account WHERE currency = 'growth' AND member_id IS NOT NULL")
    ).all()
    for start in range(0, len(rows), 50_000):
        peer.zadd("growth", {str(member_id): growth for member_id, growth in rows[start : start + 50_000]})
    statement = str(places.BY_MEMBER).replace(":member", "%(member)s").replace(":board", "%(board)s")
    with psycopg.connect(dsn, autocommit=True) as bare:
        cursor = bare.cursor()
        given = {"board": "all"}
        found = [
            _timed("ours by psycopg, the statement as the pages ask it",
                   asked, lambda member: cursor.execute(statement, {**given, "member": member}).fetchone()),
            _timed("ours through the application's session", asked, places.place_of),
            _timed("Redis: ZREVRANK by redis-py", asked, lambda member: peer.zrevrank("growth", str(member))),
            _timed("counting: SELECT count(*) of those with more", asked[:20], lambda member: cursor.execute(
                "SELECT count(*) FROM ledger_account WHERE currency = 'growth' AND balance >"
                " (SELECT balance FROM ledger_account WHERE member_id = %s AND currency = 'growth')", [member]).fetchone()),
        ]  # fmt: skip
        _check(asked[:50], cursor)
    peer.close()
    return found


def _check(asked: Sequence[int], cursor: psycopg.Cursor[tuple[object, ...]]) -> None:
    """What is read must be what counting says."""
    for member in asked:
        counted = cursor.execute(
            "SELECT count(*) + 1 FROM ledger_account WHERE currency = 'growth' AND balance >"
            " (SELECT balance FROM ledger_account WHERE member_id = %s AND currency = 'growth')", [member],
        ).fetchone()  # fmt: skip
        assert counted is not None
        assert counted[0] == places.place_of(member), f"the place of member {member} is wrong"


def _timed(name: str, asked: Sequence[int], work: Callable[[int], object]) -> Timed:
    for member in asked[:200]:
        work(member)
    times = []
    for member in asked:
        began = time.perf_counter()
        work(member)
        times.append((time.perf_counter() - began) * 1000)
    return Timed(name, times)


def _visits(url: str, cookies: Sequence[str], pause: float) -> Timed:
    """Every fan opens the status page again and again, all of them at the same time, `pause` seconds between two visits."""
    times: list[float] = []
    threads = [threading.Thread(target=_visit, args=(url, cookie, pause, times)) for cookie in cookies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Timed(f"{pause:.0f} s between two looks" if pause else "without any pause", times)


def _visit(url: str, cookie: str, pause: float, times: list[float]) -> None:
    parts, chance = urlsplit(url), random.Random(cookie)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    time.sleep(chance.random() * pause)
    for _number in range(VISITS_EACH):
        began = time.perf_counter()
        connection.request("GET", "/circle/me", headers={"Cookie": cookie})
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, f"the status page answered {answer.status}: {body[:300]!r}"
        times.append((time.perf_counter() - began) * 1000)
        time.sleep(pause * (0.5 + chance.random()))
    connection.close()


def _print_places(found: Sequence[Timed]) -> None:
    peer = next(timed for timed in found if "ZREVRANK" in timed.name)
    print(f"  {'an exact place':<54} {'median':>10} {'p99':>10}")
    for timed in found:
        ratio = statistics.median(timed.times) / statistics.median(peer.times)
        of_peer = "" if timed is peer else f"   {ratio:.1f} times ZREVRANK"
        print(f"  {timed.name:<54} {statistics.median(timed.times):>7.3f} ms {timed.at(0.99):>7.3f} ms{of_peer}")
    ratio = statistics.median(found[0].times) / statistics.median(peer.times)
    print(f"  wanted: within {WANTED_RATIO:.0f} times ZREVRANK; {'reached' if ratio <= WANTED_RATIO else 'MISSED'}")


def _print_pages(calm: Timed, pressing: Timed) -> None:
    print(f"  {f'the status page, {FANS} fans at once':<54} {'median':>10} {'p99':>10}")
    for timed in (calm, pressing):
        print(f"  {timed.name:<54} {statistics.median(timed.times):>7.1f} ms {timed.at(0.99):>7.1f} ms")
    print(f"  wanted: p99 under {WANTED_MS:.0f} ms; {'reached' if calm.at(0.99) < WANTED_MS else 'MISSED'}")


if __name__ == "__main__":
    run_large()
