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

NOON = "2026-11-21 12:00:00+00:00"
EARLIER_ROWS: Mapping[str, Mapping[str, object]] = {
    "user_account": {
        "id": 1, "public_id": "user", "email": "lin@example.org", "name": "Lin", "role": "social_manager", "zone": "UTC",
        "created_at": NOON,
    },
    "channel_account": {
        "id": 1, "public_id": "account", "channel": "circle", "external_id": "circle", "name": "Circle",
        "connected_at": NOON,
    },
    "link": {
        "id": 1, "public_id": "link", "slug": "tea", "target": "/circle", "title": "", "utm_source": "", "utm_medium": "",
        "utm_campaign": "", "created_at": NOON,
    },
    "brand_post": {
        "id": 1, "public_id": "post", "text": "Tea", "ad": False, "author_id": 1, "link_id": 1, "revision": 1,
        "created_at": NOON, "changed_at": NOON,
    },
    "delivery": {
        "id": 1, "public_id": "delivery", "post_id": 1, "account_id": 1, "state": "scheduled", "due_at": NOON,
        "lateness_limit": 600, "reason": "",
    },
}  # fmt: skip
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


def test_rows_of_an_earlier_schema_stay(bare_app: Flask) -> None:
    flask_migrate.upgrade(directory=str(MIGRATIONS), revision="2026_11_21_15_groupbuys")
    for table, row in EARLIER_ROWS.items():
        marks = ", ".join(f":{column}" for column in row)
        db.session.execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"), dict(row))
    db.session.commit()

    flask_migrate.upgrade(directory=str(MIGRATIONS))

    said = "SELECT post_id, account_id, text FROM post_variant"
    assert db.session.execute(text(said)).one() == (1, 1, None)
    assert db.session.scalars(text("SELECT round FROM delivery WHERE post_id = 1 AND due_at IS NOT NULL")).all() == [1]
    assert db.session.scalars(text("SELECT link_id FROM brand_post")).all() == [1]
    if db.engine.dialect.name == "sqlite":
        assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_each_has_a_date_a_name_and_one_idea_in_words(path: Path) -> None:
    words = path.read_text()

    assert re.fullmatch(r"\d{4}_\d{2}_\d{2}_[a-z0-9_]+", path.stem)
    assert f'revision = "{path.stem}"' in words
    assert re.match(r'"""[A-Z].+\."""\n', words)


def check_constraints(connection: object) -> set[str | None]:
    inspector = inspect(connection)
    return {check["name"] for table in inspector.get_table_names() for check in inspector.get_check_constraints(table)}
