"""10,000 rows due in the same second, through tick → queue → two workers, each row with an effect and a commit of its own.

Beside it, on the same PostgreSQL in the same run: two processes that do nothing but claim with SKIP LOCKED, write the same
effect and commit, once by batches (the limit of what the database can do) and once row by row (as ours must, so that no
row takes another down with it).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select, update

from commons import db as database
from commons import jobs
from commons.config import Settings
from commons.db import db
from commons.jobs.models import Job, JobState, TickLease, Timer

ROWS = 10_000
WORKERS = 2
PEER_BATCH = 250
LEAD = 6.0
WITHIN = 180.0
ROOT = Path(__file__).resolve().parent.parent

metadata = MetaData()
effects = Table("bench_effect", metadata, Column("id", Integer, primary_key=True), Column("number", Integer))


@dataclass(frozen=True)
class Result:
    name: str
    lateness: Sequence[float]
    seconds: float
    effects: int
    twice: int


def run() -> None:
    """Print, for each engine and peer, how late the rows were and how many there were a second."""
    from tests.servers.postgres import Postgres
    from tests.servers.valkey import Valkey

    valkey, postgres = Valkey().start(), Postgres().start()
    try:
        with tempfile.TemporaryDirectory(prefix="quanzi-bench-") as folder:
            url = f"sqlite:///{folder}/bench.sqlite3"
            results = [
                _ours("PostgreSQL", postgres.create("ours"), valkey, Path(folder)),
                _peer("bare SKIP LOCKED, batches of 250", postgres, PEER_BATCH),
                _peer("bare SKIP LOCKED, row by row", postgres, 1),
                _ours("SQLite", url, valkey, Path(folder)),
            ]
    finally:
        postgres.stop()
        valkey.stop()
    _print(results)


def make(environ: Mapping[str, str] = os.environ) -> Flask:
    """An application with background work only, for `flask --app benchmarks.tick:make tick` and `… worker default`."""
    app = Flask("bench")
    settings = Settings.from_environ(environ)
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(settings.database_url),
    )
    database.init_app(app)
    jobs.init_app(app)
    return app


@jobs.job("bench.note")
def note(number: int) -> None:
    db.session.execute(insert(effects).values(number=number))


def _print(results: Sequence[Result]) -> None:
    print(f"\n{ROWS:,} rows due in one second, {WORKERS} workers; lateness from due to done")
    print(f"  {'':<38} {'rows/s':>8} {'p50':>8} {'p99':>8} {'max':>8}  done    twice")
    for result in results:
        rate = ROWS / result.seconds
        p50, p99, worst = (f"{_at(result.lateness, share):.2f} s" for share in (0.5, 0.99, 1.0))
        print(f"  {result.name:<38} {rate:>8,.0f} {p50:>8} {p99:>8} {worst:>8}  {result.effects:<6} {result.twice}")
    ours, batches, single, _ = results
    print(f"  ours on PostgreSQL is {batches.seconds / ours.seconds:.2f} of bare batches", end="")
    print(f" and {single.seconds / ours.seconds:.2f} of bare row by row")


def _ours(engine: str, url: str, valkey: Any, folder: Path) -> Result:
    with valkey.client() as connection:
        connection.flushall()
    environ = os.environ | {
        "DATABASE_URL": url, "REDIS_URL": valkey.url, "SECRET_KEY": "only for measuring, never for use",
        "QUANZI_VAR": str(folder),
    }  # fmt: skip
    app = make(environ)
    with app.app_context():
        for model in (Job, Timer, TickLease):
            model.metadata.tables[model.__tablename__].create(db.engine)
        metadata.create_all(db.engine)
        with _processes(environ):
            due = _send_all()
            _await_all()
        result = _result(f"ours on {engine}", due)
        db.session.remove()
        db.engine.dispose()
    return result


@contextmanager
def _processes(environ: Mapping[str, str]) -> Iterator[None]:
    flask = [sys.executable, "-m", "flask", "--app", "benchmarks.tick:make"]
    words = [["tick"], *[["worker", "default"]] * WORKERS]
    started = [subprocess.Popen([*flask, *some], env=dict(environ), cwd=ROOT) for some in words]
    try:
        yield
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
        for process in started:
            process.wait(20)


def _full_second(lead: float) -> datetime:
    return (datetime.now(UTC) + timedelta(seconds=lead)).replace(microsecond=0)


def _send_all() -> datetime:
    """Send all rows for a far day, then move them to a full second that is near; which."""
    for number in range(ROWS):
        jobs.send("bench.note", due=datetime.now(UTC) + timedelta(days=1), number=number)
    due = _full_second(LEAD)
    db.session.execute(update(Job).where(Job.name == "bench.note").values(due_at=due))
    db.session.commit()
    assert datetime.now(UTC) < due, "moving the rows took longer than the lead; the lateness would be wrong"
    return due


def _await_all() -> None:
    last = time.monotonic() + WITHIN
    done = select(func.count()).select_from(Job).where(Job.state == JobState.DONE, Job.name == "bench.note")
    while time.monotonic() < last:
        count = db.session.scalar(done)
        db.session.rollback()
        if count == ROWS:
            return
        time.sleep(0.25)
    raise AssertionError(f"only {count} rows were done within {WITHIN} seconds")


def _result(name: str, due: datetime) -> Result:
    finished = db.session.scalars(select(Job.finished_at).where(Job.name == "bench.note")).all()
    numbers = db.session.scalars(select(effects.c.number)).all()
    db.session.rollback()
    lateness = sorted((moment - due).total_seconds() for moment in finished if moment is not None)
    return Result(name, lateness, lateness[-1], len(numbers), len(numbers) - len(set(numbers)))


def _at(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


def _peer(name: str, postgres: Any, batch: int) -> Result:
    postgres.create("peer")
    with psycopg.connect(postgres.dsn("peer"), autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE work (id serial PRIMARY KEY, due_at timestamptz, state text, done_at timestamptz)"
        )
        connection.execute("CREATE INDEX ON work (state, due_at)")
        connection.execute("CREATE TABLE effect (id serial PRIMARY KEY, number int)")
        due = _full_second(LEAD)
        connection.execute(
            "INSERT INTO work (due_at, state) SELECT %s, 'waiting' FROM generate_series(1, %s)", (due, ROWS)
        )
        words = [sys.executable, "-m", "benchmarks.tick", postgres.dsn("peer"), str(due.timestamp()), str(batch)]
        peers = [subprocess.Popen(words, cwd=ROOT) for _ in range(WORKERS)]
        assert [peer.wait(WITHIN) for peer in peers] == [0] * WORKERS
        done = connection.execute("SELECT extract(epoch FROM done_at - due_at)::float FROM work").fetchall()
        numbers = [row[0] for row in connection.execute("SELECT number FROM effect").fetchall()]
    lateness = sorted(row[0] for row in done)
    return Result(name, lateness, lateness[-1], len(numbers), len(numbers) - len(set(numbers)))


def _bare_loop(dsn: str, due: float, batch: int) -> None:
    """What a hand-written loop does: claim, write the effects, done; one commit a batch."""
    claim = (
        "UPDATE work SET state = 'running' WHERE id IN (SELECT id FROM work WHERE state = 'waiting' AND due_at <= now()"
        " ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING id"
    )
    with psycopg.connect(dsn) as connection:
        time.sleep(max(0.0, due - time.time()))
        while ids := [row[0] for row in connection.execute(claim, (batch,)).fetchall()]:
            connection.cursor().executemany("INSERT INTO effect (number) VALUES (%s)", [(number,) for number in ids])
            connection.execute("UPDATE work SET state = 'done', done_at = clock_timestamp() WHERE id = ANY(%s)", (ids,))
            connection.commit()


if __name__ == "__main__":
    if len(sys.argv) == 4:
        _bare_loop(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
    else:
        run()
