"""`flask prepare`: the newest schema, and a demo brand where there is nobody yet."""

from __future__ import annotations

import contextlib
import io
import logging
import os
from pathlib import Path

import click
import flask_migrate
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import func, select

from commons import clock
from commons.accounts.models import User
from commons.cli import make_ready, readiness
from commons.cli.run import demo_marker, fingerprint
from commons.config import Settings
from commons.db import db


@click.command("prepare")
@with_appcontext
@click.pass_context
def prepare(context: click.Context) -> None:
    """Migrate the database; seed the demo brand if it is empty (not in production, not with QUANZI_DEMO=0)."""
    settings: Settings = current_app.extensions["settings"]
    logging.getLogger("alembic").setLevel(logging.WARNING)
    migrations = str(Path(current_app.root_path) / "migrations")
    if wants_demo(settings) and was_interrupted(settings):
        click.echo("The seeding of the demo brand was interrupted; it begins anew.")
        flask_migrate.downgrade(directory=migrations, revision="base")
    flask_migrate.upgrade(directory=migrations)
    make_ready(clock.now())
    db.session.commit()
    if wants_demo(settings) and is_empty():
        seed_demo(context, settings)
    readiness.remember(settings)


def seed_demo(context: click.Context, settings: Settings) -> None:
    """Seed, and keep what the seeding says about signing in: every start prints it."""
    begun_marker(settings).write_text(fingerprint(settings), encoding="utf-8")
    with contextlib.redirect_stdout(io.StringIO()) as said:
        context.invoke(current_app.cli.commands["demo"])
    demo_marker(settings).write_text(f"{fingerprint(settings)}\n{said.getvalue()}", encoding="utf-8")
    begun_marker(settings).unlink()


def was_interrupted(settings: Settings) -> bool:
    """Whether this database holds a part of the demo brand and nothing else: it was empty when a seeding began that never ended."""
    marker = begun_marker(settings)
    return marker.exists() and marker.read_text(encoding="utf-8") == fingerprint(settings)


def begun_marker(settings: Settings) -> Path:
    return settings.var / "demo.begun"


def wants_demo(settings: Settings) -> bool:
    refused = os.environ.get("QUANZI_DEMO", "") not in {"", "1", "true", "yes"}
    return not settings.production and not refused


def is_empty() -> bool:
    empty = not db.session.scalar(select(func.count()).select_from(User))
    db.session.remove()
    return empty
