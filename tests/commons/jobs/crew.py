"""An application with nothing but background work, whose jobs leave traces in a table that tests can count.

`flask --app tests.commons.jobs.crew:make tick` and `… worker QUEUE` are the real processes on it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select, update

from commons import clock, engines, jobs
from commons import db as database
from commons.config import Settings
from commons.db import UtcDateTime, db
from commons.jobs.models import Job, TickLease, Timer

metadata = MetaData()
effects = Table(
    "crew_effect", metadata, Column("id", Integer, primary_key=True), Column("what", String), Column("number", Integer)
)
parcels = Table(
    "crew_parcel",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("due_at", UtcDateTime),
    Column("state", String),
    Column("lease_until", UtcDateTime),
)


def make(environ: Mapping[str, str] = os.environ) -> Flask:
    app = Flask("crew")
    settings = Settings.from_environ(environ)
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engines.engine_options(settings.database_url),
        JOBS_LEASE_SECONDS=float(environ.get("CREW_LEASE_SECONDS", "30")),
        CREW_FOLDER=environ.get("CREW_FOLDER", ""),
    )
    database.init_app(app)
    jobs.init_app(app)
    enlist()
    return app


def enlist() -> None:
    """Register what the crew can do: not when imported, so that no other test meets it."""
    jobs.job("crew.note")(note)
    jobs.job("crew.publish", queue="publishing")(publish)
    jobs.job("crew.hold")(hold)
    jobs.job("crew.fail", tries=3)(fail)
    jobs.job("crew.turn")(turn)
    jobs.sweep("crew.parcels", queue="publishing", claim=claim_parcels, run=deliver_parcel)


def create_tables() -> None:
    """Tables of background work and of the crew, without those of other rooms."""
    for model in (Job, Timer, TickLease):
        model.metadata.tables[model.__tablename__].create(db.engine)
    metadata.create_all(db.engine)


def leave_effect(what: str, number: int) -> None:
    db.session.execute(insert(effects).values(what=what, number=number))


def effects_of(what: str) -> list[int]:
    """The numbers of every effect that was committed, sorted."""
    with db.engine.connect() as connection:
        return sorted(connection.scalars(select(effects.c.number).where(effects.c.what == what)))


def gate(folder: str, name: str) -> Path:
    return Path(folder) / name


def note(number: int) -> None:
    leave_effect("note", number)


def publish(number: int) -> None:
    leave_effect("publish", number)


def hold(number: int, folder: str) -> None:
    """Say who works, wait at the gate, then leave the effect."""
    gate(folder, f"begun-{number}-{os.getpid()}").touch()
    while not gate(folder, f"open-{number}").exists():
        time.sleep(0.01)
    leave_effect("hold", number)


def fail(number: int, words: str = "it broke") -> None:
    leave_effect("fail", number)
    raise RuntimeError(words)


def turn() -> None:
    leave_effect("turn", 1)


def claim_parcels(at: datetime, limit: int) -> Sequence[int]:
    wanted = (
        select(parcels.c.id)
        .where(
            (parcels.c.due_at <= at)
            & ((parcels.c.state == "due") | ((parcels.c.state == "going") & (parcels.c.lease_until < at)))
        )
        .order_by(parcels.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("taken")
    )
    change = (
        update(parcels)
        .where(parcels.c.id.in_(select(wanted.c.id)))
        .values(state="going", lease_until=at + timedelta(seconds=60))
        .returning(parcels.c.id)
    )
    return list(db.session.scalars(change))


def deliver_parcel(item_id: int, at: datetime) -> None:
    """Once: whoever finds the parcel under way delivers it. Parcels with a negative number cannot be delivered."""
    change = update(parcels).where(parcels.c.id == item_id, parcels.c.state == "going").values(state="gone")
    if db.session.execute(change.returning(parcels.c.id)).first():
        leave_effect("parcel", item_id)
    if item_id < 0:
        deliver_nowhere()


def deliver_nowhere() -> None:
    raise RuntimeError("no such address")


def add_parcels(numbers: Sequence[int], due_at: datetime | None = None) -> None:
    due_at = due_at or clock.now()
    db.session.execute(insert(parcels), [{"id": number, "due_at": due_at, "state": "due"} for number in numbers])
    db.session.commit()
