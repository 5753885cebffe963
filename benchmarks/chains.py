"""A chain of 1,000,000 people on PostgreSQL: read, grown, measured, the people who connect found, and how many each month brings.

Beside it, in the same run, the bare reading of the same rows by the driver: nothing can be measured before it is read.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import repeat
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask

from benchmarks.draws import DURABLE
from campaigns.chains import forest, reading
from campaigns.chains.models import CIRCLE, Bringing, Way
from commons import bulk, clock
from commons.bulk import random_ids
from commons.db import Model, db
from community.members.models import Member
from community.seed_users.models import Unit

PEOPLE = 1_000_000
WANTED = 5.0
STEPS = "SELECT member_id, by_member_id FROM bringing WHERE scope = 'circle' ORDER BY id"


def run() -> None:
    """Print seconds for each step beside bare reading; what is wanted is wanted of the chain, the cohorts are told beside it."""
    from tests.servers.postgres import Postgres
    from tests.servers.valkey import Valkey

    valkey, postgres = Valkey().start(), Postgres(DURABLE).start()
    try:
        with (
            tempfile.TemporaryDirectory(prefix="quanzi-bench-") as folder,
            _app(Path(folder), postgres, valkey.url) as dsn,
        ):
            _fill()
            _print(dsn)
    finally:
        postgres.stop()
        valkey.stop()


def _print(dsn: str) -> None:
    with psycopg.connect(dsn) as bare:
        peer = _timed(lambda: bare.execute(STEPS).fetchall())
    found = []
    read = _timed(lambda: found.append(reading.measured(CIRCLE)))
    connect = _timed(lambda: forest.bridges(found[0], 10))
    cohorts = _timed(lambda: reading.by_cohort(None, Unit.MONTH, clock.now(), "Asia/Shanghai"))
    chain = found[0].chains[0]
    print(f"A chain of {chain.size:,} people, {chain.depth} steps deep, distance {chain.virality:.2f}, on PostgreSQL")
    rows = (
        ("ours: read, grown, size, depth and distance of every chain", read),
        ("ours: the ten people who connect most", connect),
        ("ours: how many each month's people brought, with intervals", cohorts),
    )
    for name, seconds in (*rows, ("bare reading of the same rows by psycopg", peer)):
        print(f"  {name:<64} {seconds:>6.2f} s   {seconds / peer:>5.1f} times bare reading")
    whole = read + connect
    print(
        f"  the chain measured: {whole:.2f} s; wanted: under {WANTED:.0f} s; {'reached' if whole < WANTED else 'MISSED'}"
    )


def _timed(work: Callable[[], Any]) -> float:
    db.session.remove()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _fill() -> None:
    """One chain: most bring nobody, few bring many, and it is passed on for dozens of steps."""
    now, chance = clock.now(), random.Random(16)
    connection = db.session.connection()
    ids = bulk.reserve_ids(connection, _table(Member), PEOPLE)
    born = [now - timedelta(days=330) + timedelta(seconds=25 * number) for number in range(PEOPLE)]
    columns = ("id", "public_id", "name", "joined_at", "card_public")
    names = (f"fan {number}" for number in range(PEOPLE))
    people = zip(ids, random_ids(PEOPLE), names, born, repeat(False), strict=False)
    bulk.write(connection, _table(Member), columns, people)
    steps = ("scope", "member_id", "by_member_id", "way", "event_id", "brought_at")
    bulk.write(connection, _table(Bringing), steps, (
        (CIRCLE, ids[number], ids[_bringer(number, chance)], Way.LINK, number, born[number]) for number in range(1, PEOPLE)
    ))  # fmt: skip
    db.session.commit()


def _bringer(number: int, chance: random.Random) -> int:
    """Now and then one of a few who bring thousands, mostly somebody who came lately."""
    if chance.random() < 0.1:
        return int(number * chance.random() ** 8)
    return max(0, number - 1 - int(chance.expovariate(0.0002)))


def _table(model: type[Model]) -> Any:
    return model.__table__


@contextmanager
def _app(folder: Path, postgres: Any, redis_url: str) -> Iterator[str]:
    from tests.servers.applications import close, make_app
    from tests.servers.databases import migrate

    url = postgres.create("chains")
    app: Flask = make_app(
        {
            "SECRET_KEY": "a key of the benchmark only, as long as a key must be",
            "REDIS_URL": redis_url,
            "QUANZI_VAR": str(folder),
        },
        url,
    )
    try:
        with app.app_context():
            migrate()
            yield postgres.dsn("chains")
    finally:
        close(app)


if __name__ == "__main__":
    run()
