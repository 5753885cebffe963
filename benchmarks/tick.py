"""10,000 rows due in the same second, through tick → queue → two workers, each row with an effect and a commit of its own.

Beside it, on the same PostgreSQL in the same run: two processes that do nothing but claim with SKIP LOCKED, write the same
effect and commit, once by batches (the limit of what the database can do) and once row by row (as ours must, so that no
row takes another down with it).
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select, update

from benchmarks.lateness import (
    LEAD,
    PEER_BATCH,
    ROWS,
    WORKERS,
    Result,
    await_all,
    bare_peer,
    full_second,
    processes,
    show,
)
from commons import db as database
from commons import engines, jobs
from commons.config import Settings
from commons.db import db
from commons.jobs.models import Job, JobState, TickLease, Timer

ROOT = Path(__file__).resolve().parent.parent

FLASK = [sys.executable, "-m", "flask", "--app", "benchmarks.tick:make"]

metadata = MetaData()
effects = Table("bench_effect", metadata, Column("id", Integer, primary_key=True), Column("number", Integer))


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
                bare_peer("bare SKIP LOCKED, batches of 250", postgres, PEER_BATCH),
                bare_peer("bare SKIP LOCKED, row by row", postgres, 1),
                _ours("SQLite", url, valkey, Path(folder)),
            ]
    finally:
        postgres.stop()
        valkey.stop()
    show(f"{ROWS:,} rows due in one second, {WORKERS} workers; lateness from due to done", results)


def make(environ: Mapping[str, str] = os.environ) -> Flask:
    """An application with background work only, for `flask --app benchmarks.tick:make tick` and `… worker default`."""
    app = Flask("bench")
    settings = Settings.from_environ(environ)
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engines.engine_options(settings.database_url),
    )
    database.init_app(app)
    jobs.init_app(app)
    return app


@jobs.job("bench.note")
def note(number: int) -> None:
    db.session.execute(insert(effects).values(number=number))


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
        with processes(FLASK, "default", environ):
            due = _send_all()
            await_all(select(func.count()).select_from(Job).where(Job.state == JobState.DONE, Job.name == "bench.note"))
        result = _result(f"ours on {engine}", due)
        db.session.remove()
        db.engine.dispose()
    return result


def _send_all() -> datetime:
    """Send all rows for a far day, then move them to a full second that is near; which."""
    for number in range(ROWS):
        jobs.send("bench.note", due=datetime.now(UTC) + timedelta(days=1), number=number)
    due = full_second(LEAD)
    db.session.execute(update(Job).where(Job.name == "bench.note").values(due_at=due))
    db.session.commit()
    assert datetime.now(UTC) < due, "moving the rows took longer than the lead; the lateness would be wrong"
    return due


def _result(name: str, due: datetime) -> Result:
    finished = db.session.scalars(select(Job.finished_at).where(Job.name == "bench.note")).all()
    numbers = db.session.scalars(select(effects.c.number)).all()
    db.session.rollback()
    lateness = sorted((moment - due).total_seconds() for moment in finished if moment is not None)
    return Result(name, lateness, lateness[-1], len(numbers), len(numbers) - len(set(numbers)))


if __name__ == "__main__":
    run()
