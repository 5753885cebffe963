"""Postings in batches on PostgreSQL, beside bare multi-row INSERT of the entries alone.

Ours writes the entry with its reason, brings in the lot, keeps the sums of the locked accounts and lets the level follow. The
peers know nothing of that: one only puts rows into the table of entries, the other puts down entries, lots and balances with
as few statements as there can be. Every batch is committed to disk.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

import commons.db
from commons import bulk
from commons.bulk import random_ids
from commons.db import Base, db
from commons.engines import engine_options
from commons.events import Event, Evidence
from community.loyalty import accounts, ledger
from community.loyalty.books import reconciling
from community.loyalty.ledger import Credit
from community.loyalty.models import Currency, RuleVersion
from community.loyalty.rules import defaults
from community.members.models import Member

MEMBERS = 2_000
FACTS = 20_000
BATCH = 2_000
CHUNK = 1_000
ONE_BY_ONE = 500
WANTED = 5_000
START = datetime(2026, 3, 1, tzinfo=UTC)
DURABLE = {"max_wal_size": "2GB"}
ENTRY = "public_id, account_id, kind, amount, key, event_id, rule_version_id, evidence, note, shortfall, occurred_at, recorded_at"
LOT = "account_id, entry_id, amount, remaining, expires_at"

Plain = tuple[Any, ...]


@dataclass(frozen=True)
class Result:
    name: str
    rate: float
    of_peer: float | None = None


@dataclass(frozen=True)
class Ground:
    """What the postings stand on: members, one fact for each pair of postings, and the rule."""

    member_ids: Sequence[int]
    event_ids: Sequence[int]
    rule_version_id: int


def run() -> None:
    """Print postings a second and ratios."""
    from tests.servers.postgres import Postgres

    server = Postgres(DURABLE).start()
    try:
        _print(_measure(server.create("ledger")))
    finally:
        server.stop()


def _print(results: Sequence[Result]) -> None:
    print(f"{FACTS * 2:,} postings for {MEMBERS:,} members on PostgreSQL, each batch committed")
    for result in results:
        ratio = "" if result.of_peer is None else f"   ours is {result.of_peer:.2f} of it"
        print(f"  {result.name:<66} {result.rate:>9,.0f} a second{ratio}")
    print(f"  wanted: {WANTED:,} a second in batches; {'reached' if results[0].rate >= WANTED else 'MISSED'}")


def _measure(url: str) -> list[Result]:
    app = _make_app(url)
    with app.app_context():
        ground = _ground()
        ours = _rate(FACTS * 2, lambda: _post_all(ground))
        began = time.perf_counter()
        differences = len(reconciling.reconcile())
        proof = FACTS * 2 / (time.perf_counter() - began)
        db.session.commit()
        spends = _rate(ONE_BY_ONE, lambda: _spend_one_by_one(ground))
        peers = [_peer(ground, work) for work in (_entries_alone, _entries_lots_balances)]
        db.session.remove()
        db.engine.dispose()
    return [
        Result(f"ours: entries, lots, balances, levels, batches of {BATCH * 2:,}", ours),
        Result("entries alone: bare multi-row INSERT", peers[0], ours / peers[0]),
        Result("entries, lots and balances: three bare statements a batch", peers[1], ours / peers[1]),
        Result("ours: spends one at a time, each committed", spends),
        Result(f"ours: the proof that all of it balances ({differences} differences)", proof),
    ]


def _rate(rows: int, work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return rows / (time.perf_counter() - began)


def _post_all(ground: Ground) -> None:
    for start in range(0, FACTS, BATCH):
        event_ids = ground.event_ids[start : start + BATCH]
        member_ids = [_member_of(ground, event_id) for event_id in event_ids]
        locked = accounts.lock(member_ids)
        ledger.credit_all(
            [
                Credit(
                    account=locked[member_id, currency], amount=2, key=f"ours:{event_id}:{currency}", at=START,
                    expires_at=START + timedelta(days=365) if currency is Currency.POINTS else None, event_id=event_id,
                    rule_version_id=ground.rule_version_id, recorded_at=START, evidence=Evidence.NETWORK,
                )
                for member_id, event_id in zip(member_ids, event_ids, strict=True)
                for currency in Currency
            ]
        )  # fmt: skip
        db.session.commit()


def _member_of(ground: Ground, event_id: int) -> int:
    return ground.member_ids[event_id % len(ground.member_ids)]


def _spend_one_by_one(ground: Ground) -> None:
    for number in range(ONE_BY_ONE):
        member = db.session.get_one(Member, ground.member_ids[number % MEMBERS])
        ledger.spend(member, 1, key=f"spend:{number}", at=START)
        db.session.commit()


def _peer(ground: Ground, work: Callable[[Any, Ground, Sequence[Plain]], None]) -> float:
    """A peer begins with empty tables and the same indexes, and commits each batch."""
    _empty_tables()
    rows = _plain(ground)
    raw = db.engine.raw_connection()
    connection = raw.driver_connection

    def all_of_it() -> None:
        for start in range(0, len(rows), BATCH * 2):
            work(connection, ground, rows[start : start + BATCH * 2])
            connection.commit()  # type: ignore[union-attr]

    rate = _rate(len(rows), all_of_it)
    raw.close()
    return rate


def _plain(ground: Ground) -> list[Plain]:
    """The same rows for a peer, with everything that has to be looked up looked up beforehand."""
    held = accounts.lock(ground.member_ids)
    db.session.commit()
    names = iter(random_ids(FACTS * 2))
    return [
        (next(names), held[_member_of(ground, event_id), currency].id, "earn", 2, f"peer:{event_id}:{currency}", event_id,
         ground.rule_version_id, "network", "", 0, START, START)
        for event_id in ground.event_ids
        for currency in Currency
    ]  # fmt: skip


def _entries_alone(connection: Any, _ground: Ground, rows: Sequence[Plain]) -> None:
    _insert(connection, "ledger_entry", ENTRY, rows)


def _entries_lots_balances(connection: Any, _ground: Ground, rows: Sequence[Plain]) -> None:
    ids = _insert(connection, "ledger_entry", ENTRY, rows, returning=True)
    _insert(connection, "lot", LOT, [(row[1], entry_id, 2, 2, None) for row, entry_id in zip(rows, ids, strict=True)])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_account SET balance = balance + new.amount FROM"
            " (SELECT unnest(%s::bigint[]) AS id, count(*) * 2 AS amount GROUP BY 1) AS new WHERE ledger_account.id = new.id",
            [[row[1] for row in rows]],
        )


def _insert(connection: Any, table: str, columns: str, rows: Sequence[Plain], *, returning: bool = False) -> list[int]:
    ids: list[int] = []
    end = " RETURNING id" if returning else ""
    for chunk in _chunks(rows):
        marks = ", ".join(["(" + ", ".join(["%s"] * len(chunk[0])) + ")"] * len(chunk))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({columns}) VALUES {marks}{end}", [value for row in chunk for value in row]
            )
            ids += [row[0] for row in cursor] if returning else []
    return ids


def _chunks(rows: Sequence[Plain]) -> Iterator[Sequence[Plain]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def _empty_tables() -> None:
    db.session.execute(db.text("TRUNCATE allocation, lot, level_change, ledger_entry, ledger_account CASCADE"))
    db.session.commit()


def _ground() -> Ground:
    defaults.prepare(START)
    member_ids = _reserve(Member, MEMBERS)
    names = random_ids(MEMBERS)
    people = [
        (member_id, name, f"茶友{member_id}", START, False) for member_id, name in zip(member_ids, names, strict=True)
    ]
    _write(Member, ("id", "public_id", "name", "joined_at", "card_public"), people)
    event_ids = _reserve(Event, FACTS)
    columns = ("id", "kind", "member_id", "evidence", "occurred_at", "recorded_at", "payload", "key")
    facts: list[Plain] = [
        (event_id, "interaction.comment", member_ids[event_id % MEMBERS], Evidence.NETWORK, START, START, {}, f"bench:{event_id}")
        for event_id in event_ids
    ]  # fmt: skip
    _write(Event, columns, facts)
    db.session.commit()
    return Ground(member_ids, event_ids, db.session.query(RuleVersion.id).limit(1).scalar())


def _reserve(model: Any, count: int) -> list[int]:
    return bulk.reserve_ids(db.session.connection(), model.__table__, count)


def _write(model: Any, columns: Sequence[str], rows: Sequence[Plain]) -> None:
    bulk.write(db.session.connection(), model.__table__, columns, rows)


def _make_app(url: str) -> Flask:
    """No more of Quanzi than the ledger needs: the database and the tables."""
    app = Flask("benchmark")
    app.config.update(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=engine_options(url))
    commons.db.init_app(app)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    return app


if __name__ == "__main__":
    run()
