"""A circle as large as wanted, made inside PostgreSQL: members with accounts, entries, lots and places, and their facts.

Some of the members have an account to sign in with; the others differ in nothing else. Facts lie in the 400 days before
`at`, more of them on few members than on many, as in life. Everything is written by as many connections as there are
processors, without indexes and foreign keys, which are built and proven once all rows are there.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from commons.db import db
from commons.zones import DEFAULT_ZONE
from community.loyalty.ranking import folding
from community.loyalty.ranking.periods import Period, board_of

MEMBERS_AT_ONCE = 20_000
FACTS_AT_ONCE = 250_000
WORKERS = max(2, os.cpu_count() or 2)

_PEOPLE = "generate_series(%(first)s::bigint, %(last)s::bigint) AS i"
_NAME = "lpad(i::text, 11, '0')"
_MEMBERS = f"""
INSERT INTO member (id, public_id, name, joined_at, card_public)
SELECT i, 'm' || {_NAME}, '茶友' || i, %(start)s - interval '500 days', false FROM {_PEOPLE}
"""
_HANDLES = f"""
INSERT INTO handle (public_id, channel, external_id, name, member_id, first_seen_at)
SELECT 'h' || {_NAME}, 'circle', 'm' || {_NAME}, '茶友' || i, i, %(start)s - interval '500 days' FROM {_PEOPLE}
"""
# Growth falls off steeply: half have some 30 points, one in a thousand has thousands.
_GROWTH = "(1 + floor(30 * power((1 + (hashint8(i) & 1048575)) / 1048576.0, -0.75)))::integer"
_ACCOUNTS = f"""
INSERT INTO ledger_account (id, member_id, currency, balance, pending, owed)
SELECT 2 * i + c.number, i, c.currency, {_GROWTH}, 0, 0 FROM {_PEOPLE}, (VALUES (0, 'growth'), (1, 'points')) AS c (number, currency)
"""
_ENTRIES = f"""
INSERT INTO ledger_entry (id, public_id, account_id, kind, amount, key, rule_version_id, evidence, note, shortfall, occurred_at,
                          recorded_at)
SELECT 2 * i + c, 'e' || lpad((2 * i + c)::text, 11, '0'), 2 * i + c, 'earn', {_GROWTH}, 'bench:' || 2 * i + c, v.id, 'network', '',
       0, %(start)s - interval '30 days', %(start)s - interval '30 days'
FROM {_PEOPLE}, (VALUES (0), (1)) AS c (c), (SELECT min(id) AS id FROM rule_version) AS v
"""
_LOTS = f"""
INSERT INTO lot (account_id, entry_id, amount, remaining)
SELECT 2 * i + c, 2 * i + c, {_GROWTH}, {_GROWTH} FROM {_PEOPLE}, (VALUES (0), (1)) AS c (c)
"""
_SCORES = f"""
INSERT INTO board_score (board, member_id, score)
SELECT %(board)s, i, 1 + (hashint8(i + 7) & 127) FROM {_PEOPLE} WHERE i %% 5 = 0
"""
# The kinds fall off too: likes are many, shares are few.
_FACTS = """
INSERT INTO event (kind, member_id, evidence, occurred_at, recorded_at, payload, key)
SELECT (ARRAY['interaction.like', 'interaction.comment', 'circle.checked_in', 'link.visited', 'interaction.repost', 'interaction.share'])
       [1 + floor(6 * power((hashint8(i + 2) & 1048575) / 1048576.0, 2))::integer],
       (1 + floor(%(members)s * power((hashint8(i) & 1048575) / 1048576.0, 1.5)))::bigint, 'network', f.at, f.at,
       jsonb_build_object('day', (f.at AT TIME ZONE 'Asia/Shanghai')::date::text), 'bench:' || i
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS i,
     LATERAL (SELECT %(start)s - (hashint8(i + 1) & 1048575) / 1048576.0 * interval '400 days' AS at OFFSET 0) AS f
"""
_OF_MEMBERS = (_MEMBERS, _HANDLES, _ACCOUNTS, _ENTRIES, _LOTS, _SCORES)
_TABLES = ("member", "handle", "ledger_account", "ledger_entry", "lot", "board_score", "event")
_INDEXES = """
SELECT c.relname, pg_get_indexdef(i.indexrelid), k.conname, pg_get_constraintdef(k.oid), t.relname
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid
WHERE t.relname = ANY(%s) AND NOT i.indisprimary AND t.relnamespace = 'public'::regnamespace
"""

Give = Callable[[int, int], dict[str, Any]]


def make(dsn: str, members: int, facts: int, at: datetime) -> None:
    """Fill the current application's freshly prepared database; shows progress bars on the terminal."""
    look = (
        TextColumn("{task.description:<32}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*look, console=Console(stderr=True)) as progress:
        with _without_indexes(dsn, progress):
            _people(dsn, members, at, progress)
            _facts(dsn, members, facts, at, progress)
        task = progress.add_task("counts, statistics, on disk", total=3)
        folding.rebuild()
        db.session.commit()
        progress.advance(task)
        # Without the checkpoint the first pages would be measured while all of this is still on its way to the disk.
        _each(dsn, ["VACUUM ANALYZE", "CHECKPOINT"], progress, task)


def _people(dsn: str, members: int, at: datetime, progress: Progress) -> None:
    board = board_of(Period.WEEK, at, DEFAULT_ZONE)
    _fill(
        dsn, _OF_MEMBERS, "members and their ledger", members, MEMBERS_AT_ONCE, progress, {"start": at, "board": board}
    )
    ids = ("member", "ledger_account", "ledger_entry")
    _each(dsn, [f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))" for name in ids])


def _facts(dsn: str, members: int, facts: int, at: datetime, progress: Progress) -> None:
    _fill(dsn, (_FACTS,), "facts", facts, FACTS_AT_ONCE, progress, {"start": at, "members": members})


def _fill(
    dsn: str, statements: Sequence[str], name: str, total: int, at_once: int, progress: Progress, given: dict[str, Any]
) -> None:  # fmt: skip
    """Run the statements over 1 … `total`, piece by piece, by all workers, each with a connection of its own."""
    task = progress.add_task(name, total=total)
    own = threading.local()

    def write(first: int) -> None:
        if not hasattr(own, "connection"):
            own.connection = _connect(dsn)
        last = min(total, first + at_once - 1)
        for statement in statements:
            own.connection.execute(statement, {**given, "first": first, "last": last})
        progress.advance(task, last - first + 1)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(write, range(1, total + 1, at_once)))


@contextmanager
def _without_indexes(dsn: str, progress: Progress) -> Iterator[None]:
    """The large tables with nothing but their keys for a while; afterwards each index is built at once, which is far quicker."""
    with _connect(dsn) as connection:
        found = connection.execute(_INDEXES, [list(_TABLES)]).fetchall()
        for name, _definition, constraint, _words, table in found:
            connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}" if constraint else f"DROP INDEX {name}")
    yield
    task = progress.add_task("indexes", total=len(found))
    anew = [
        f"ALTER TABLE {table} ADD CONSTRAINT {name} {words}" if constraint else definition
        for name, definition, constraint, words, table in sorted(found, key=lambda row: row[4] != "event")
    ]
    _each(dsn, anew, progress, task)


def _each(dsn: str, statements: Sequence[str], progress: Progress | None = None, task: Any = None) -> None:
    with _connect(dsn) as connection:
        for statement in statements:
            connection.execute(statement)
            if progress is not None:
                progress.advance(task)


def _connect(dsn: str) -> psycopg.Connection[Any]:
    """A connection that commits each statement, waits for no disk, checks no foreign key, and has memory to sort in."""
    connection = psycopg.connect(dsn, autocommit=True)
    connection.execute("SET synchronous_commit = off")
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET maintenance_work_mem = '2GB'")
    connection.execute("SET max_parallel_maintenance_workers = 2")
    return connection
