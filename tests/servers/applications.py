"""Applications under test: made from an environment, held in one transaction, closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from commons.config import Settings
from commons.db import db
from commons.extensions import limiter
from tests.servers.visitor import Visitor

# A template is compiled once, for all applications of all workers; a changed one is compiled anew.
COMPILED = FileSystemBytecodeCache()


def make_app(environ: Mapping[str, str], url: str) -> Flask:
    """The whole of Quanzi on the database `url`, its test client a `Visitor`.

    Forms need no token here; that they do need one is tested on a live server.
    """
    from wsgi import create_app

    app = create_app(Settings.from_environ({**environ, "DATABASE_URL": url}))
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Visitor
    app.jinja_env.bytecode_cache = COMPILED
    app.extensions["limits_as_made"] = dict(vars(limiter))
    return app


def forget_visits(app: Flask) -> None:
    """Let the rate limits of `app` begin anew. The one limiter serves the application that was made last; it is led back."""
    vars(limiter).update(app.extensions["limits_as_made"])
    limiter.reset()


def close(app: Flask) -> None:
    app.extensions["visits"].stop()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def rolled_back(app: Flask) -> Iterator[Flask]:
    """Bind every session of `app` to one connection; their commits only release savepoints of it.

    For tests in one thread. Whoever needs real commits (threads, jobs, live servers) takes `committed_app`.
    """
    with app.app_context():
        engine = db.engine
        with engine.connect() as connection:
            outermost = connection.begin()
            db.engines[None] = connection  # type: ignore[index]
            modes = db.session.session_factory.kw
            before = modes.get("join_transaction_mode", "conditional_savepoint")
            modes["join_transaction_mode"] = "create_savepoint"
            try:
                yield app
            finally:
                db.session.remove()
                modes["join_transaction_mode"] = before
                db.engines[None] = engine  # type: ignore[index]
                outermost.rollback()
