"""Prepared databases: the migrations run once for each engine, every further database is a copy of the result."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

import flask_migrate
from flask import Flask

from commons import clock
from commons.cli import preparing
from commons.db import db
from tests.servers.postgres import Postgres

MIGRATIONS = Path(__file__).resolve().parent.parent.parent / "migrations"
ENGINES = ("sqlite", "postgresql")


class Databases:
    """Hands out databases of one engine, all with the same freshly migrated schema."""

    def __init__(self, engine: str, folder: Path, postgres: Postgres | None) -> None:
        self.engine = engine
        self._folder = folder
        self._postgres = postgres
        self._numbers = itertools.count(1)

    def prepare(self, make_app: Callable[[str], Flask]) -> None:
        """Migrate the database that all others are copied from; `make_app` takes its URL."""
        app = make_app(self._empty())
        with app.app_context():
            migrate()
            for prepare in preparing:
                prepare(clock.now())
            db.session.commit()
            db.session.remove()
            db.engine.dispose()

    def fresh(self, like: str = "prepared") -> str:
        """The URL of a new database with the schema and what every fresh one needs, or with all that the template `like` holds."""
        return self._copy(like, f"copy_{next(self._numbers)}")

    def template(self, name: str) -> str:
        """The URL of a fresh database that others are to be copied from, once nobody is connected to it."""
        return self._copy("prepared", name)

    def empty(self) -> str:
        """The URL of a new database without any table."""
        name = f"empty_{next(self._numbers)}"
        return self._postgres.create(name) if self._postgres else f"sqlite:///{self._folder / name}.sqlite3"

    def _copy(self, like: str, name: str) -> str:
        if self._postgres:
            return self._postgres.create(name, like=like)
        shutil.copyfile(self._folder / f"{like}.sqlite3", self._folder / f"{name}.sqlite3")
        return f"sqlite:///{self._folder / name}.sqlite3"

    def _empty(self) -> str:
        return self._postgres.create("prepared") if self._postgres else f"sqlite:///{self._folder / 'prepared.sqlite3'}"


def migrate() -> None:
    """Bring the current application's database to the newest schema."""
    flask_migrate.upgrade(directory=str(MIGRATIONS))
