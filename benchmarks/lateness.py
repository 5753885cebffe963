"""What the benchmarks of punctuality share: how many, how measured, how shown, and the bare loop on PostgreSQL beside them."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Select

from commons.db import db

ROWS = 10_000
WORKERS = 2
PEER_BATCH = 250
LEAD = 6.0
WITHIN = 180.0
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Result:
    """`lateness` in seconds, sorted; `seconds` until the last one was done; how many there were, how many of them twice."""

    name: str
    lateness: Sequence[float]
    seconds: float
    effects: int
    twice: int


def show(title: str, results: Sequence[Result]) -> None:
    """Print a table, ours first, and how much later than ours the others were at the 99th percentile."""
    print(f"\n{title}")
    print(f"  {'':<38} {'rows/s':>8} {'p50':>8} {'p99':>8} {'max':>8}  done    twice   p99 of ours")
    ours = at_share(results[0].lateness, 0.99)
    for result in results:
        rate = len(result.lateness) / result.seconds
        p50, p99, worst = (at_share(result.lateness, share) for share in (0.5, 0.99, 1.0))
        figures = " ".join(f"{value:>6.2f} s" for value in (p50, p99, worst))
        print(f"  {result.name:<38} {rate:>8,.0f} {figures}  {result.effects:<6}  {result.twice:<6} {p99 / ours:>8.2f}")


def at_share(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


def full_second(lead: float) -> datetime:
    """A full second at least `lead` seconds away."""
    return (datetime.now(UTC) + timedelta(seconds=lead + 1)).replace(microsecond=0)


@contextmanager
def processes(flask: Sequence[str], queue: str, environ: Mapping[str, str]) -> Iterator[None]:
    """A tick and the workers of `queue`, as long as the block lasts; `flask` is how the application's commands are called."""
    words = [["tick"], *[["worker", queue]] * WORKERS]
    started = [subprocess.Popen([*flask, *some], env=dict(environ), cwd=ROOT) for some in words]
    try:
        yield
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
        for process in started:
            process.wait(20)


def await_all(done: Select[int]) -> None:
    """Wait until the query `done` counts all of them."""
    last = time.monotonic() + WITHIN
    while time.monotonic() < last:
        count = db.session.scalar(done)
        db.session.rollback()
        if count == ROWS:
            return
        time.sleep(0.25)
    raise AssertionError(f"only {count} were done within {WITHIN} seconds")


def bare_peer(name: str, postgres: Any, batch: int) -> Result:
    """Processes that do nothing but claim with SKIP LOCKED, write an effect and commit, `batch` rows at a time."""
    postgres.create("peer")
    with psycopg.connect(postgres.dsn("peer"), autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE work (id serial PRIMARY KEY, due_at timestamptz, state text, done_at timestamptz)"
        )
        connection.execute("CREATE INDEX ON work (state, due_at)")
        connection.execute("CREATE TABLE effect (id serial PRIMARY KEY, number int)")
        due = full_second(LEAD)
        connection.execute(
            "INSERT INTO work (due_at, state) SELECT %s, 'waiting' FROM generate_series(1, %s)", (due, ROWS)
        )
        words = [sys.executable, "-m", "benchmarks.lateness", postgres.dsn("peer"), str(due.timestamp()), str(batch)]
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
    _bare_loop(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
