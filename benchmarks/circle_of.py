"""A circle as large as wanted, made inside PostgreSQL: members with accounts, entries, lots and places, and their facts.

Some of the members have an account to sign in with; the others differ in nothing else. Facts lie in the 400 days before
`at`, more of them on few members than on many, as in life. Indexes of the facts are built once the facts are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import text

from commons.db import db
from community.loyalty.ranking import folding
from community.loyalty.ranking.periods import Period, board_of

MEMBERS_AT_ONCE = 50_000
FACTS_AT_ONCE = 500_000

_MEMBERS = """
INSERT INTO member (id, public_id, name, joined_at, card_public)
SELECT i, 'm' || lpad(CAST(i AS text), 11, '0'), '茶友' || i, CAST(:start AS timestamptz) - interval '500 days', false FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS i
"""
_HANDLES = """
INSERT INTO handle (public_id, channel, external_id, name, member_id, first_seen_at)
SELECT 'h' || lpad(CAST(i AS text), 11, '0'), 'circle', 'm' || lpad(CAST(i AS text), 11, '0'), '茶友' || i, i, CAST(:start AS timestamptz) - interval '500 days'
FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS i
"""
# Growth falls off steeply: half have some 30 points, one in a thousand has tens of thousands.
_GROWTH = "CAST(1 + floor(30 * power((1 + (hashint8(i) & 1048575)) / 1048576.0, -0.75)) AS integer)"
_ACCOUNTS = f"""
INSERT INTO ledger_account (id, member_id, currency, balance, pending, owed)
SELECT 2 * i + c.number, i, c.currency, {_GROWTH}, 0, 0
FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS i, (VALUES (0, 'growth'), (1, 'points')) AS c (number, currency)
"""
_ENTRIES = """
INSERT INTO ledger_entry (id, public_id, account_id, kind, amount, key, rule_version_id, evidence, note, shortfall, occurred_at,
                          recorded_at)
SELECT a.id, 'e' || lpad(CAST(a.id AS text), 11, '0'), a.id, 'earn', a.balance, 'bench:' || a.id, (SELECT min(id) FROM rule_version),
       'network', '', 0, CAST(:start AS timestamptz) - interval '30 days', CAST(:start AS timestamptz) - interval '30 days'
FROM ledger_account AS a WHERE a.member_id BETWEEN :first AND :last
"""
_LOTS = """
INSERT INTO lot (account_id, entry_id, amount, remaining)
SELECT a.id, a.id, a.balance, a.balance FROM ledger_account AS a WHERE a.member_id BETWEEN :first AND :last
"""
_SCORES = """
INSERT INTO board_score (board, member_id, score)
SELECT CAST(:board AS text), i, 1 + (hashint8(i + 7) & 127) FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS i WHERE i % 5 = 0
"""
_FACTS = """
INSERT INTO event (kind, member_id, evidence, occurred_at, recorded_at, payload, key)
SELECT (ARRAY['interaction.comment', 'circle.checked_in', 'interaction.share', 'link.visited'])[1 + i % 4],
       CAST(1 + floor(:members * power((hashint8(i) & 1048575) / 1048576.0, 1.5)) AS bigint), 'network', f.at, f.at,
       jsonb_build_object('day', to_char(f.at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')), 'bench:' || i
FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS i,
     LATERAL (SELECT CAST(:start AS timestamptz) - (hashint8(i + 1) & 1048575) / 1048576.0 * interval '400 days' AS at) AS f
"""
_OF_MEMBERS = (_MEMBERS, _HANDLES, _ACCOUNTS, _ENTRIES, _LOTS, _SCORES)
_INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'event' AND indexname <> 'pk_event'"
_COUNTED = ("member", "ledger_account", "ledger_entry")


def make(members: int, facts: int, at: datetime) -> None:
    """Fill the current application's freshly prepared database; shows a progress bar on the terminal, commits as it goes."""
    look = TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*look, console=Console(stderr=True)) as progress:
        _people(members, at, progress)
        _facts(members, facts, at, progress)
        task = progress.add_task("indexes, counts, statistics", total=2)
        folding.rebuild()
        db.session.commit()
        progress.advance(task)
        _analyze()
        progress.advance(task)


def _people(members: int, at: datetime, progress: Progress) -> None:
    task = progress.add_task("members and their ledger", total=members)
    board = board_of(Period.WEEK, at)
    for first in range(1, members + 1, MEMBERS_AT_ONCE):
        last = min(members, first + MEMBERS_AT_ONCE - 1)
        given = {"first": first, "last": last, "start": at, "board": board}
        for statement in _OF_MEMBERS:
            names = {name: value for name, value in given.items() if f":{name}" in statement}
            db.session.execute(text(statement), names)
        db.session.commit()
        progress.update(task, completed=last)
    for name in _COUNTED:
        db.session.execute(text(f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))"))
    db.session.commit()


def _facts(members: int, facts: int, at: datetime, progress: Progress) -> None:
    task = progress.add_task("facts", total=facts)
    statement = text(_FACTS)
    with _without_indexes(progress):
        for first in range(1, facts + 1, FACTS_AT_ONCE):
            last = min(facts, first + FACTS_AT_ONCE - 1)
            db.session.execute(statement, {"first": first, "last": last, "members": members, "start": at})
            db.session.commit()
            progress.update(task, completed=last)


@contextmanager
def _without_indexes(progress: Progress) -> Iterator[None]:
    """The table of facts without its indexes for a while; afterwards each is built at once, which is far quicker."""
    found = [(name, definition) for name, definition in db.session.execute(text(_INDEXES))]
    for name, _definition in found:
        is_key = name.startswith("uq_")
        db.session.execute(text(f"ALTER TABLE event DROP CONSTRAINT {name}" if is_key else f"DROP INDEX {name}"))
    db.session.commit()
    yield
    task = progress.add_task("indexes of the facts", total=len(found))
    db.session.execute(text("SET maintenance_work_mem = '1GB'"))
    for name, definition in found:
        is_key = name.startswith("uq_")
        db.session.execute(text(f"ALTER TABLE event ADD CONSTRAINT {name} UNIQUE (key)" if is_key else definition))
        db.session.commit()
        progress.advance(task)


def _analyze() -> None:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
