"""How Alembic meets the application: its engine, its models, and batch mode so that SQLite can change a table."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import JSON, BigInteger, Connection, Enum
from sqlalchemy.types import TypeDecorator

from commons.db import Model, db


def differs(_context: Any, revision: Any, directives: list[Any]) -> None:
    """Write no empty migration when nothing has changed."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def plain(kind: str, item: Any, _autogen: Any) -> str | bool:
    """How a type is written into a migration: as the database knows it, so that later changes of our types change no history."""
    if kind != "type":
        return False
    if isinstance(item, TypeDecorator):
        item = item.impl_instance
    if isinstance(item, JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    if isinstance(item, BigInteger):
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    if isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return f"sa.{item!r}"


def keep_foreign_keys(connection: Connection, kept: bool) -> None:
    """SQLite changes a table by making it anew; rows that point to the old one must not mind meanwhile."""
    if connection.dialect.name == "sqlite":
        connection.connection.cursor().execute(f"PRAGMA foreign_keys={'ON' if kept else 'OFF'}")


def run(connection: Connection) -> None:
    keep_foreign_keys(connection, False)
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        render_as_batch=True,
        compare_type=True,
        process_revision_directives=differs,
        render_item=plain,
    )
    with context.begin_transaction():
        context.run_migrations()


with current_app.app_context():
    given = context.config.attributes.get("connection")
    if given is not None:
        run(given)
    else:
        with db.engine.connect() as connection:
            run(connection)
            connection.commit()
            keep_foreign_keys(connection, True)
