"""How each database engine is opened, and how a request ends for it."""

from __future__ import annotations

from typing import Any

from flask import Flask, has_request_context, request
from flask_sqlalchemy.session import Session
from sqlalchemy import Engine, event
from sqlalchemy.orm import scoped_session


def engine_options(url: str) -> dict[str, Any]:
    """Pool and driver settings for `SQLALCHEMY_ENGINE_OPTIONS`."""
    if url.startswith("sqlite:"):
        return {"connect_args": {"timeout": 15}}
    options = "-c timezone=utc -c jit=off"  # statements here are short: compiling one costs more than running it
    return {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 5, "connect_args": {"options": options}}


def prepare(app: Flask, engine: Engine, sessions: scoped_session[Session]) -> None:
    """Have every connection of `engine` opened as its database wants it."""
    if engine.dialect.name == "sqlite":
        _open_sqlite(engine)
    else:
        _keep_plans(app, engine, sessions)


def _keep_plans(app: Flask, engine: Engine, sessions: scoped_session[Session]) -> None:
    """A request that only read ends with COMMIT, which is to PostgreSQL what ROLLBACK would be, and to its driver is not.

    psycopg prepares what it is asked again and again, and at a rollback forgets all of it, which is how every request would
    end: each page had all of its statements planned anew. Whatever may have written is rolled back unless it was committed.
    """

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.info["only_read"] = True

    @event.listens_for(engine, "before_cursor_execute")
    def _note(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().startswith("SELECT"):
            connection.info["only_read"] = False

    @app.teardown_request
    def _end(error: BaseException | None) -> None:
        session = sessions()
        if error is not None or not _only_reads() or not session.in_transaction():
            return
        unwritten = session.new or session.dirty or session.deleted  # changed in memory only: a commit would write it
        if not unwritten and session.connection().info["only_read"]:
            session.commit()


def _open_sqlite(engine: Engine) -> None:
    """Write-ahead log, foreign keys, and transactions that take the write lock at their start.

    A deferred transaction that reads first and writes later fails at once with SQLITE_BUSY when another has
    committed between; BEGIN IMMEDIATE waits its turn instead. Reads of a page (GET, HEAD) stay deferred so that they
    never wait for a writer.
    """

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if _only_reads() else "BEGIN IMMEDIATE")


def _only_reads() -> bool:
    return has_request_context() and request.method in {"GET", "HEAD", "OPTIONS"}
