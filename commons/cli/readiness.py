"""Whether `flask prepare` would have anything to do, answered without loading the application."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from commons.config import Settings

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = ("commons", "community", "campaigns", "migrations")
VERSION = "SELECT version_num FROM alembic_version"


def is_ready(settings: Settings) -> bool:
    """Whether the database is as the last `flask prepare` left it, and the code is the same as then."""
    stamp = _stamp(settings)
    if not stamp.exists():
        return False
    version = schema_version(settings.database_url)
    return bool(version) and stamp.read_text() == _state(settings, version)


def remember(settings: Settings) -> None:
    """Note that the database is prepared for the code as it is now."""
    _stamp(settings).write_text(_state(settings, schema_version(settings.database_url)))


def schema_version(database_url: str) -> str:
    """The migration that the database is at; empty where there is no schema yet or nobody answers."""
    scheme, _, rest = database_url.partition("://")
    rows = _ask_sqlite(rest.removeprefix("/")) if scheme == "sqlite" else _ask_postgresql(f"postgresql://{rest}")
    return str(rows[0]) if rows else ""


def _ask_sqlite(path: str) -> tuple[object, ...] | None:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            row: tuple[object, ...] | None = connection.execute(VERSION).fetchone()
            return row
    except sqlite3.Error:
        return None


def _ask_postgresql(dsn: str) -> tuple[object, ...] | None:
    import psycopg

    try:
        with closing(psycopg.connect(dsn, connect_timeout=5)) as connection:
            return connection.execute(VERSION).fetchone()
    except psycopg.Error:
        return None


def _state(settings: Settings, version: str) -> str:
    demo = os.environ.get("QUANZI_DEMO", "")
    facts = (settings.database_url, str(settings.production), demo, version, *_files())
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()


def _files() -> Iterator[str]:
    for source in SOURCES:
        for path in sorted((ROOT / source).rglob("*.py")):
            status = path.stat()
            yield f"{path} {status.st_size} {status.st_mtime_ns}"


def _stamp(settings: Settings) -> Path:
    return settings.var / "prepared"
