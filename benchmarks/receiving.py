"""Receiving interactions in batches, beside what the database does at best with the interactions alone.

Ours writes handles and facts too and changes nothing when called twice; the peers only put rows into the one table. The
data are made up here: threads of a few hundred nodes, a third of them answering another node, authors who come back.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

import commons.db
from commons.bulk import random_ids
from commons.db import Base, db
from commons.engines import engine_options
from community.channels.models import ChannelAccount, ChannelPost
from community.inbox.incoming import Incoming
from community.inbox.models import InteractionKind
from community.inbox.receiving import receive
from community.members.models import Handle

ROWS = 40_000
BATCH = 10_000
NODES_IN_THREAD = 400
MULTI_ROW = 1_000
ONE_BY_ONE = 300
START = datetime(2026, 3, 1, tzinfo=UTC)
WORDS = "今天的新茶很香，想再买一罐。朋友们也来尝尝，这个味道我喜欢！" * 2
COLUMNS = "public_id, account_id, external_id, kind, author_id, post_id, parent_id, text, occurred_at, received_at"

Plain = tuple[Any, ...]


@dataclass(frozen=True)
class Result:
    name: str
    rate: float
    of_best: float | None = None


def run() -> None:
    """Print rows per second and ratios, first on PostgreSQL, then on SQLite."""
    for engine, database in (("PostgreSQL", _postgres), ("SQLite", _sqlite)):
        with database() as url:
            results = _measure(url, _PEERS[engine])
        _print(engine, results)


def _print(engine: str, results: Sequence[Result]) -> None:
    print(f"\nReceiving {ROWS:,} interactions on {engine}")
    for result in results:
        ratio = "" if result.of_best is None else f"   ours is {result.of_best:.2f} of it"
        print(f"  {result.name:<58} {result.rate:>9,.0f} a second{ratio}")


def _measure(url: str, peers: Sequence[tuple[str, Callable[[Any, Sequence[Plain]], None]]]) -> list[Result]:
    app = _make_app(url)
    with app.app_context():
        account, post = _ground()
        batch = _threads(post)
        ours = _rate(len(batch), lambda: _receive_all(account, batch))
        again = _rate(len(batch), lambda: _receive_all(account, batch))
        single = _rate(ONE_BY_ONE, lambda: _one_by_one(account, post))
        plain = _plain(account, post)
        db.session.commit()
        others = [Result(name, rate, ours / rate) for name, rate in _peer_rates(peers, plain)]
        db.session.remove()
        db.engine.dispose()
    return [
        Result("ours: handles, interactions, facts, batches of 10,000", ours),
        *others,
        Result("ours, all of it known already", again),
        Result("ours, one at a time, each committed", single),
    ]


def _rate(rows: int, work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return rows / (time.perf_counter() - began)


def _receive_all(account: ChannelAccount, batch: Sequence[Incoming]) -> None:
    for start in range(0, len(batch), BATCH):
        receive(account, batch[start : start + BATCH], START)
        db.session.commit()


def _one_by_one(account: ChannelAccount, post: ChannelPost) -> None:
    for number in range(ONE_BY_ONE):
        one = _incoming(post, f"single/{number}", None, number)
        receive(account, [one], START)
        db.session.commit()


def _peer_rates(
    peers: Sequence[tuple[str, Callable[[Any, Sequence[Plain]], None]]], plain: Sequence[Plain]
) -> Iterator[tuple[str, float]]:
    """Each peer begins with the table empty, as ours did, with the same indexes, and commits each batch."""
    for number, (name, insert) in enumerate(peers):
        _empty_tables()
        fresh = zip(random_ids(len(plain)), plain, strict=True)
        rows = [(public_id, row[1], f"peer{number}/{row[2]}", *row[3:]) for public_id, row in fresh]
        raw = db.engine.raw_connection()
        connection = raw.driver_connection

        def work(connection: Any = connection, rows: Sequence[Plain] = rows, insert: Any = insert) -> None:
            for start in range(0, len(rows), BATCH):
                insert(connection, rows[start : start + BATCH])
                connection.commit()

        yield name, _rate(len(rows), work)
        raw.close()


def _empty_tables() -> None:
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("TRUNCATE interaction, event CASCADE"))
    else:
        db.session.execute(text("DELETE FROM event"))
        db.session.execute(text("DELETE FROM interaction"))
    db.session.commit()


def _multi_row_insert(connection: Any, rows: Sequence[Plain]) -> None:
    for start in range(0, len(rows), MULTI_ROW):
        chunk = rows[start : start + MULTI_ROW]
        marks = ", ".join(["(" + ", ".join(["%s"] * 10) + ")"] * len(chunk))
        with connection.cursor() as cursor:
            values = [value for row in chunk for value in row]
            cursor.execute(f"INSERT INTO interaction ({COLUMNS}) VALUES {marks}", values)


def _copy(connection: Any, rows: Sequence[Plain], table: str = "interaction") -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({COLUMNS}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _copy_and_select(connection: Any, rows: Sequence[Plain]) -> None:
    connection.execute(
        f"CREATE TEMP TABLE IF NOT EXISTS peer ON COMMIT DELETE ROWS AS SELECT {COLUMNS} FROM interaction WITH NO DATA"
    )
    _copy(connection, rows, "peer")
    connection.execute(
        f"INSERT INTO interaction ({COLUMNS}) SELECT {COLUMNS} FROM peer ON CONFLICT (account_id, external_id) DO NOTHING"
    )


def _executemany(connection: Any, rows: Sequence[Plain]) -> None:
    marks = ", ".join("?" * 10)
    texts = [(*row[:8], row[8].isoformat(" "), row[9].isoformat(" ")) for row in rows]
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(f"INSERT INTO interaction ({COLUMNS}) VALUES ({marks})", texts)


_PEERS: dict[str, list[tuple[str, Callable[[Any, Sequence[Plain]], None]]]] = {
    "PostgreSQL": [
        ("interactions alone: multi-row INSERT", _multi_row_insert),
        ("interactions alone: COPY", _copy),
        ("interactions alone: COPY, INSERT … SELECT … ON CONFLICT", _copy_and_select),
    ],
    "SQLite": [("interactions alone: executemany", _executemany)],
}


def _ground() -> tuple[ChannelAccount, ChannelPost]:
    account = ChannelAccount(channel="benchmark", external_id="brand", name="brand", connected_at=START)
    post = ChannelPost(account=account, external_id="post", text="", published_at=START, recorded_at=START)
    db.session.add_all([account, post])
    db.session.commit()
    return account, post


def _threads(post: ChannelPost) -> list[Incoming]:
    chance = random.Random(7)
    made = []
    for number in range(ROWS):
        thread, node = divmod(number, NODES_IN_THREAD)
        answers = node and chance.random() < 0.33
        parent = f"t{thread}/{chance.randrange(node)}" if answers else None
        made.append(_incoming(post, f"t{thread}/{node}", parent, chance.randrange(ROWS)))
    return made


def _incoming(post: ChannelPost, name: str, parent: str | None, author: int) -> Incoming:
    return Incoming(
        external_id=name,
        kind=InteractionKind.COMMENT,
        author_external_id=f"author{author}",
        author_name=f"茶友{author}",
        occurred_at=START + timedelta(seconds=author),
        text=WORDS[: 10 + author % 40],
        post_external_id=post.external_id,
        parent_external_id=parent,
    )


def _plain(account: ChannelAccount, post: ChannelPost) -> list[Plain]:
    """The same rows for a peer, with everything that has to be looked up looked up beforehand."""
    authors = dict(db.session.query(Handle.external_id, Handle.id).all())
    return [
        ("", account.id, one.external_id, one.kind.value, authors[one.author_external_id], post.id, None, one.text,
         one.occurred_at, START)
        for one in _threads(post)
    ]  # fmt: skip


def _make_app(url: str) -> Flask:
    """No more of Quanzi than receiving needs: the database and the tables."""
    app = Flask("benchmark")
    app.config.update(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=engine_options(url))
    commons.db.init_app(app)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    return app


@contextmanager
def _postgres() -> Iterator[str]:
    from tests.servers.postgres import Postgres

    server = Postgres().start()
    try:
        yield server.create("benchmark")
    finally:
        server.stop()


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="quanzi-bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'benchmark.sqlite3'}"


if __name__ == "__main__":
    run()
