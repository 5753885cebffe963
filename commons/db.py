"""The database: base model, column types, and statements that both engines understand. How each is opened: `engines`."""

from __future__ import annotations

import enum
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    CursorResult,
    Dialect,
    Enum,
    Index,
    Integer,
    MetaData,
    String,
    UpdateBase,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.types import DateTime, TypeDecorator

from commons import engines

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
PUBLIC_ID_LENGTH = 12

BigId = BigInteger().with_variant(Integer(), "sqlite")
Json = JSON().with_variant(JSONB(), "postgresql")


def random_id(length: int = PUBLIC_ID_LENGTH) -> str:
    """A random name for use in addresses: lower-case letters and digits that are not mistaken for each other."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC. A naive one is refused instead of guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Root of all models: named constraints, so that a migration can name what it changes."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: UtcDateTime, dict[str, Any]: Json, list[Any]: Json},
    )


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:

    class Model(Base):
        """A table with an integer key."""

        __abstract__ = True
        id: Mapped[int]
else:

    class Model(db.Model):
        __abstract__ = True
        id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)


class Public:
    """Mixin for what has an address of its own: a random public id, never a counter."""

    public_id: Mapped[str] = mapped_column(String(PUBLIC_ID_LENGTH), unique=True, default=random_id)


def word_enum(kind: type[enum.StrEnum]) -> Enum:
    """A column of the enum's values as text. Not a native type, so that adding a word is no migration."""
    return Enum(kind, native_enum=False, length=32, values_callable=lambda e: [member.value for member in e])


def changed(statement: UpdateBase) -> int:
    """Run a conditional UPDATE or DELETE in the current transaction; how many rows it changed.

    Rows already loaded keep their old values until they are refreshed.
    """
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", result).rowcount


def index_of_filled(name: str, column: str, *more: str, unique: bool = False, beside: Sequence[str] = ()) -> Index:
    """An index that leaves out the rows in which `column` is empty: small where few are filled, and free to write for the
    others. It answers every query that compares `column` with something; one that wants only columns of the index and those
    `beside` it never looks at the rows themselves (on SQLite an index always has the row's id beside it).
    """
    filled = text(f"{column} IS NOT NULL")
    carried: dict[str, Any] = {"postgresql_include": list(beside)} if beside else {}
    return Index(name, column, *more, unique=unique, postgresql_where=filled, sqlite_where=filled, **carried)


def insert_new(model: type[Model], row: Mapping[str, Any]) -> int | None:
    """Insert `row` unless a unique constraint already has it: the new row's id, or None. Column defaults apply."""
    db.session.flush()  # as every statement about a model does
    columns = model.__mapper__.columns
    values = {columns[name].name: value for name, value in row.items()}
    new_id: int | None = db.session.execute(_insert_of(model, db.engine.dialect.name), values).scalar()
    return new_id


@cache
def _insert_of(model: type[Model], dialect: str) -> Any:
    """Built once: to put it together anew for every row costs more than to run it."""
    table = model.__table__
    return insert_into(table, dialect).on_conflict_do_nothing().returning(table.c.id)


def insert_into(target: Any, dialect: str = "") -> PostgresqlInsert:
    """An INSERT of the engine in use (or of `dialect`) that knows `on_conflict_…`; both engines spell it alike."""
    kind = SqliteInsert if (dialect or db.engine.dialect.name) == "sqlite" else PostgresqlInsert
    return cast("PostgresqlInsert", kind(target))


def init_app(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        engines.prepare(app, db.engine, db.session)
