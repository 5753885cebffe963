"""10,000 people who want one of 100 seats, at 64 connections, beside one bare conditional UPDATE by the same clients.

Four processes with sixteen threads each, every one with a connection of its own, on PostgreSQL, all let go at the same moment. Ours is
`campaigns.groupbuys.joining.join` with its commit: who gets a seat is written with facts and points. The peer is
`UPDATE … SET taken = taken + 1 WHERE taken < seats` with its commit, through the same sessions, and nothing else. The rounds take
turns, and each begins with an offer that nobody has joined.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select, text

from commons import clock
from commons.db import db, random_id

PEOPLE, SEATS = 10_000, 100
PROCESSES, THREADS = 4, 16
ROUNDS = 3
WANTED = 0.5
SETTINGS = {"shared_buffers": "256MB", "max_wal_size": "4GB", "max_connections": "100"}  # commits wait for the disk
WORDS = "a key of the benchmark only, as long as a key must be"


@dataclass(frozen=True)
class Round:
    """What came of one rush: how many were let in, how long all of it took, and whether nobody got two."""

    seats: int
    taken: int
    people: int
    seconds: float

    @property
    def rate(self) -> float:
        return PEOPLE / self.seconds


Act = Callable[[Any, Any], bool]


def run() -> None:
    """Print both rates, the ratio, and how many seats were given."""
    from tests.servers.postgres import Postgres
    from tests.servers.valkey import Valkey

    server, valkey = Postgres(SETTINGS).start(), Valkey().start()
    try:
        url = server.create("joins")
        with tempfile.TemporaryDirectory(prefix="quanzi-bench-") as var:
            environ = {"SECRET_KEY": WORDS, "QUANZI_VAR": var, "REDIS_URL": valkey.url, "JOINS_URL": url}
            _measure(environ)
    finally:
        valkey.stop()
        server.stop()


def _measure(environ: Mapping[str, str]) -> None:
    app = _app(environ)
    with app.app_context():
        from tests.servers.databases import migrate

        migrate()
        members = _people()
        _rush(environ, "ours", _offer(1_000), members[:200])  # warming up: plans, pages, imports
        bare, ours = [], []
        for _round in range(ROUNDS):
            bare.append(_round_of(environ, "bare", members))
            ours.append(_round_of(environ, "ours", members))
    _show(bare, ours)


def _round_of(environ: Mapping[str, str], name: str, members: Sequence[int]) -> Round:
    from campaigns.groupbuys.models import GroupBuy, Seat

    offer_id = _offer(SEATS)
    seconds = _rush(environ, name, offer_id, members)
    db.session.rollback()
    of_offer = Seat.group_buy_id == offer_id
    taken = db.session.scalar(select(GroupBuy.taken).where(GroupBuy.id == offer_id)) or 0
    seats = db.session.scalar(select(func.count()).select_from(Seat).where(of_offer)) or 0
    people = db.session.scalar(select(func.count(Seat.member_id.distinct())).where(of_offer)) or 0
    db.session.rollback()
    return Round(seats, taken, people, seconds)


def _rush(environ: Mapping[str, str], name: str, offer_id: int, members: Sequence[int]) -> float:
    """Seconds from letting all clients go until the last has its answer."""
    context = multiprocessing.get_context("spawn")
    start, ready = context.Event(), context.Semaphore(0)
    clients = [
        context.Process(target=_client, args=(dict(environ), name, offer_id, members[number::PROCESSES], start, ready))
        for number in range(PROCESSES)
    ]
    for client in clients:
        client.start()
    for _client_number in range(PROCESSES * THREADS):
        if not ready.acquire(timeout=120):
            raise RuntimeError("a client did not get ready")
    began = time.perf_counter()
    start.set()
    for client in clients:
        client.join()
    took = time.perf_counter() - began
    if any(client.exitcode for client in clients):
        raise RuntimeError("a client failed")
    return took


def _client(environ: dict[str, str], name: str, offer_id: int, members: Sequence[int], start: Any, ready: Any) -> None:
    """One process: its threads each take their part of the people."""
    app, wrong = _app(environ), list[BaseException]()

    def work(mine: Sequence[int]) -> None:
        try:
            with app.app_context():
                _one_after_the_other(name, offer_id, mine, start, ready)
        except BaseException as error:
            wrong.append(error)
            ready.release()
            raise

    threads = [threading.Thread(target=work, args=(members[number::THREADS],)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os._exit(1 if wrong else 0)


def _one_after_the_other(name: str, offer_id: int, members: Sequence[int], start: Any, ready: Any) -> None:
    """Everything is loaded before the start, as a page had loaded it; then each asks, and commits."""
    from campaigns.groupbuys.models import GroupBuy
    from community.members.models import Member

    session = db.session()
    session.expire_on_commit = False
    offer = session.get_one(GroupBuy, offer_id)
    assert offer.tiers == []
    people = session.scalars(select(Member).where(Member.id.in_(members))).all()
    act = {"ours": _join, "bare": _bare}[name]
    session.commit()
    ready.release()
    start.wait()
    for member in people:
        act(offer, member)


def _join(offer: Any, member: Any) -> bool:
    from campaigns.groupbuys.joining import SoldOut, join

    try:
        join(offer, member, clock.now())
    except SoldOut:
        db.session.commit()  # nothing was written; a rollback would forget what is loaded
        return False
    db.session.commit()
    return True


_BARE = text("UPDATE group_buy SET taken = taken + 1 WHERE id = :id AND taken < seats")


def _bare(offer: Any, _member: Any) -> bool:
    done = db.session.execute(_BARE, {"id": offer.id})
    db.session.commit()
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _app(environ: Mapping[str, str]) -> Flask:
    from commons.config import Settings
    from wsgi import create_app

    app = create_app(Settings.from_environ({**environ, "DATABASE_URL": environ["JOINS_URL"]}))
    app.config["TESTING"] = True
    with app.app_context():
        db.engine.pool._max_overflow = THREADS  # type: ignore[attr-defined]
    return app


def _people() -> list[int]:
    from community.members.models import Member

    at = clock.now()
    rows = [
        {"public_id": random_id(), "name": f"茶友{number}", "joined_at": at, "card_public": False}
        for number in range(PEOPLE)
    ]
    ids = list(db.session.scalars(insert(Member).returning(Member.id), rows))
    db.session.commit()
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    return ids


def _offer(seats: int) -> int:
    from tests.campaigns.factories import make_offer

    offer = make_offer(needed=1, seats=seats)
    db.session.commit()
    return offer.id


def _show(bare: Sequence[Round], ours: Sequence[Round]) -> None:
    print(
        f"  {PEOPLE:,} people for {SEATS} seats, {PROCESSES * THREADS} connections, {ROUNDS} rounds each, on PostgreSQL\n"
    )
    print(f"  {'':<28} {'a second':>10} {'all of it':>10} {'let in':>8}")
    for name, rounds in (("bare conditional UPDATE", bare), ("ours, the whole join", ours)):
        for one in rounds:
            print(f"  {name:<28} {one.rate:>10,.0f} {one.seconds:>8.2f} s {one.taken:>8}")
    peer, mine = statistics.median(one.rate for one in bare), statistics.median(one.rate for one in ours)
    exact = all(one.taken == one.seats == one.people == SEATS for one in ours)
    print(f"\n  ours is {mine / peer:.2f} of the bare UPDATE (wanted: at least {WANTED})")
    print(
        f"  seats given: {', '.join(str(one.seats) for one in ours)}, each to another person: {'yes' if exact else 'NO'}"
    )
    print(f"  {'reached' if exact and mine / peer >= WANTED else 'MISSED'}")
