"""The fan's pages in a large circle: the status page under 20 fans at once, and an exact place beside Redis ZREVRANK.

Places are asked for one after the other on one connection each: ours in PostgreSQL by its own driver and through the
application's session, the peer in Valkey by redis-py, over Unix sockets all of them.
"""

from __future__ import annotations

import http.client
import random
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import psycopg
from flask import Flask
from redis import Redis
from sqlalchemy import text

from commons import clock
from commons.db import db, random_id
from community.circle import checking_in
from community.loyalty.ranking import places
from community.members.models import Member

FANS = 20
VISITS_EACH = 30
# A connection prepares a statement when it is asked for the sixth time; until every one has, a process is not what it will be.
SETTLING = 10
# The page itself asks for what is new every four seconds; a fan in a hurry taps again after one; no fan asks again at once,
# which shows how many pages the two processors have in them.
PAUSES = (4.0, 1.0, 0.0)
ASKED = 3_000
WANTED_MS, WANTED_RATIO = 150.0, 3.0
GROWTH = "SELECT member_id, balance FROM ledger_account WHERE currency = 'growth'"
COUNTING = f"SELECT count(*) + 1 FROM ({GROWTH}) AS all_of_them WHERE balance > (SELECT balance FROM ({GROWTH}) AS mine WHERE member_id = %s)"


@dataclass(frozen=True)
class Timed:
    """How long something took, in milliseconds, each time."""

    name: str
    times: Sequence[float]

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p99(self) -> float:
        return sorted(self.times)[min(len(self.times) - 1, int(len(self.times) * 0.99))]


def make_fans(app: Flask, members: int) -> list[str]:
    """Fans out of the whole circle with an account and a session each; they checked in today. Their cookies."""
    from commons.permissions import Role
    from tests.factories import make_user, sign_in

    cookies = []
    for member_id in random.Random(7).sample(range(1, members + 1), FANS):
        member = db.session.get_one(Member, member_id)
        member.user = member.user or make_user(Role.FAN, member.name, email=f"{random_id()}@example.org")
        checking_in.check_in(member, clock.now())
        db.session.commit()
        client = app.test_client()
        sign_in(client, member.user)
        db.session.commit()
        cookie = client.get_cookie("session")
        assert cookie is not None
        cookies.append(f"session={cookie.value}")
    return cookies


def ask_places(peer: Redis, dsn: str, members: int) -> tuple[list[Timed], Timed]:
    """Ours in two ways, by counting, and right after the start; and the peer, which has all of it in its memory."""
    chance = random.Random(11)
    asked = [chance.randrange(1, members + 1) for _number in range(ASKED)]
    rows = db.session.execute(text(GROWTH)).all()
    for start in range(0, len(rows), 50_000):
        peer.zadd("growth", {str(member_id): growth for member_id, growth in rows[start : start + 50_000]})
    statement = places.BY_MEMBER["postgresql"]
    with psycopg.connect(dsn, autocommit=True) as bare:
        cursor = bare.cursor()

        def by_driver(member: int) -> object:
            return cursor.execute(statement, {"member": member}).fetchone()

        first = _timed("the same, when each is asked about for the first time", asked, by_driver)
        ours = [
            _timed("ours by psycopg, the statement as the pages ask it", asked, by_driver),
            _timed("ours through the application's session", asked, places.place_of),
            _timed("counting those with more", asked[:20], lambda member: cursor.execute(COUNTING, [member]).fetchone()),
            first,
        ]  # fmt: skip
        for member in asked[:50]:
            counted = cursor.execute(COUNTING, [member]).fetchone()
            assert counted is not None
            assert counted[0] == places.place_of(member), f"the place of member {member} is wrong"
    return ours, _timed("Redis ZREVRANK by redis-py", asked, lambda member: peer.zrevrank("growth", str(member)))


def visit(url: str, cookies: Sequence[str]) -> tuple[Timed, dict[float, Timed]]:
    """The status page right after the start; then, once the processes have settled, with each of the `PAUSES`."""
    first = _visits(url, cookies, PAUSES[0], 1)
    _visits(url, cookies, 0.0, SETTLING)
    settled = {pause: _visits(url, cookies, pause, VISITS_EACH // 2 if pause > 1 else VISITS_EACH) for pause in PAUSES}
    return replace(first, name="the first look of each, right after the start"), settled


def show_places(ours: Sequence[Timed], peer: Timed) -> None:
    print(f"\n  {'an exact place, one question after the other':<58} {'median':>10} {'p99':>10}   times ZREVRANK")
    for timed in (*ours, peer):
        ratio = "" if timed is peer else f"{timed.median / peer.median:>11,.1f}"
        print(f"  {timed.name:<58} {timed.median:>7.3f} ms {timed.p99:>7.3f} ms   {ratio}")


def show_pages(first: Timed, settled: dict[float, Timed]) -> None:
    print(f"\n  {f'the status page, {FANS} fans at once':<58} {'median':>10} {'p99':>10}   pages a second")
    for pause, timed in ((PAUSES[0], first), *settled.items()):
        pages = FANS / (pause + statistics.mean(timed.times) / 1000)
        print(f"  {timed.name:<58} {timed.median:>7.1f} ms {timed.p99:>7.1f} ms   {pages:>11,.0f}")


def _timed(name: str, asked: Sequence[int], work: Callable[[int], object]) -> Timed:
    for member in asked[:200]:
        work(member)
    times = []
    for member in asked:
        began = time.perf_counter()
        work(member)
        times.append((time.perf_counter() - began) * 1000)
    return Timed(name, times)


def _visits(url: str, cookies: Sequence[str], pause: float, visits: int) -> Timed:
    times: list[float] = []
    threads = [threading.Thread(target=_visit, args=(url, cookie, pause, visits, times)) for cookie in cookies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(times) == len(cookies) * visits, "not every page was answered"
    return Timed(
        f"each looks again after {pause:.0f} s" if pause else "each asks again at once, 20 requests always waiting",
        times,
    )


def _visit(url: str, cookie: str, pause: float, visits: int, times: list[float]) -> None:
    parts, chance = urlsplit(url), random.Random(cookie)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    time.sleep(chance.random() * pause)
    for _number in range(visits):
        began = time.perf_counter()
        connection.request("GET", "/circle/me", headers={"Cookie": cookie})
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, f"the status page answered {answer.status}: {body[:300]!r}"
        times.append((time.perf_counter() - began) * 1000)
        time.sleep(pause * (0.5 + chance.random()))
    connection.close()
