"""The migrations lead from nothing to the models, and back to nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import CheckConstraint, inspect, text

from commons.db import Model, db
from tests.servers.applications import close, make_app
from tests.servers.databases import MIGRATIONS, Databases

VERSIONS = sorted((MIGRATIONS / "versions").glob("*.py"))


@pytest.fixture
def bare_app(databases: Databases, environ: Mapping[str, str]) -> Iterator[Flask]:
    """An application on a database without any table."""
    app = make_app(environ, databases.empty())
    with app.app_context():
        yield app
    close(app)


def test_from_empty_they_make_what_the_models_say(bare_app: Flask) -> None:
    flask_migrate.upgrade(directory=str(MIGRATIONS))

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Model.metadata) == []
        assert check_constraints(connection) == {
            str(constraint.name)
            for table in Model.metadata.tables.values()
            for constraint in table.constraints
            if isinstance(constraint, CheckConstraint)
        }


def test_they_lead_back_to_nothing(bare_app: Flask) -> None:
    flask_migrate.upgrade(directory=str(MIGRATIONS))
    flask_migrate.downgrade(directory=str(MIGRATIONS), revision="base")

    assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}


def test_going_up_twice_is_going_up_once(bare_app: Flask) -> None:
    flask_migrate.upgrade(directory=str(MIGRATIONS))
    flask_migrate.upgrade(directory=str(MIGRATIONS))

    assert db.session.scalars(text("SELECT version_num FROM alembic_version")).all() == [VERSIONS[-1].stem]


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_each_has_a_date_a_name_and_one_idea_in_words(path: Path) -> None:
    words = path.read_text()

    assert re.fullmatch(r"\d{4}_\d{2}_\d{2}_[a-z0-9_]+", path.stem)
    assert f'revision = "{path.stem}"' in words
    assert re.match(r'"""[A-Z].+\."""\n', words)


def check_constraints(connection: object) -> set[str | None]:
    inspector = inspect(connection)
    return {check["name"] for table in inspector.get_table_names() for check in inspector.get_check_constraints(table)}
