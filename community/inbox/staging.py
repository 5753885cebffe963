"""Where rows stand before they are filed: a place that one statement can read as a table, on either engine.

A handful of rows become the parameters of the statement itself (no table is touched), many go into a temporary table:
by COPY on PostgreSQL, by `executemany` on SQLite. The statements in `filing` are the same for both places.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    FromClause,
    MetaData,
    Select,
    String,
    Table,
    Text,
    bindparam,
    select,
    union_all,
)
from sqlalchemy.schema import CreateTable

from commons.db import UtcDateTime

FEW = 8
"""Up to so many rows travel as parameters; from about here on a temporary table is quicker."""

MANY = 0
"""The shape of statements that read the temporary table; otherwise their shape is the number of rows."""

_temporary = MetaData()

AUTHORS = Table(
    "arriving_author",
    _temporary,
    Column("external_id", String),
    Column("name", String),
    Column("user_id", BigInteger),
    Column("public_id", String),
    Column("named_at", UtcDateTime),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DELETE ROWS",
)

ARRIVALS = Table(
    "arriving",
    _temporary,
    Column("id", BigInteger),
    Column("public_id", String),
    Column("external_id", String),
    Column("kind", String),
    Column("author", String),
    Column("post", String),
    Column("parent", String),
    Column("parent_id", BigInteger),
    Column("text", Text),
    Column("occurred_at", UtcDateTime),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DELETE ROWS",
)

Row = tuple[Any, ...]


def shape_of(rows: Sequence[Row]) -> int:
    """Which of the prepared statements these rows need."""
    return len(rows) if len(rows) <= FEW else MANY


def stage(connection: Connection, table: Table, rows: Sequence[Row]) -> dict[str, Any]:
    """Put `rows` (in the order of the table's columns) where `source(table, shape_of(rows))` reads them.

    Returns the parameters that a statement over that source needs.
    """
    if shape_of(rows) != MANY:
        return _as_parameters(table, rows)
    _fill(connection, table, rows)
    return {}


@cache
def source(table: Table, shape: int) -> FromClause:
    """What a statement selects from to read staged rows."""
    if shape == MANY:
        return table
    first, *others = (_row_of_parameters(table, number) for number in range(shape))
    rows = union_all(first, *others) if others else first
    return rows.subquery(table.name)


def clear(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Leave nothing behind for the next batch of this connection."""
    if shape_of(rows) == MANY:
        connection.execute(table.delete())


def _row_of_parameters(table: Table, number: int) -> Select[Any]:
    return select(*(bindparam(_name(table, c, number), type_=c.type).label(c.name) for c in table.c))


def _as_parameters(table: Table, rows: Sequence[Row]) -> dict[str, Any]:
    return {
        _name(table, column, number): value
        for number, row in enumerate(rows)
        for column, value in zip(table.c, row, strict=True)
    }


def _name(table: Table, column: Column[Any], number: int) -> str:
    return f"{table.name}_{column.name}_{number}"


def _fill(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    connection.execute(CreateTable(table, if_not_exists=True))
    raw = connection.connection.driver_connection
    assert raw is not None
    if connection.dialect.name == "postgresql":
        names = ", ".join(table.c.keys())
        with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        raw.executemany(str(table.insert().compile(connection)), _for_sqlite(rows))


def _for_sqlite(rows: Sequence[Row]) -> Iterable[Row]:
    """Moments as SQLAlchemy writes them there; both tables end in their one moment."""
    for row in rows:
        yield (*row[:-1], _moment(row[-1]))


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:26]
