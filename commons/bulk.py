"""Many rows at once: by COPY on PostgreSQL, by `executemany` on SQLite. For rows of which nothing has to come back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Connection, Dialect, Table, any_, cast, func, literal, select, text
from sqlalchemy.orm import InstrumentedAttribute

from commons.db import ALPHABET, PUBLIC_ID_LENGTH, db

Row = Sequence[Any]


def write(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert `rows`, each with a value for every one of `columns` as the model has it. Column defaults do not apply."""
    converters = [_converter(table, name, connection.dialect) for name in columns]
    ready = ([convert(value) for convert, value in zip(converters, row, strict=True)] for row in rows)
    raw = connection.connection.driver_connection
    assert raw is not None
    names = ", ".join(columns)
    if connection.dialect.name == "postgresql":
        with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in ready:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(columns))
        raw.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", ready)  # noqa: S608 (names of our own)


def among(column: InstrumentedAttribute[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """`column` is one of `values`, as one parameter: the statement is the same for any number of them, and is prepared once.

    With hundreds of values an `IN (…)` costs more to write and to read than to answer.
    """
    if db.engine.dialect.name == "postgresql":
        array = ARRAY(column.type)
        return column == any_(cast(literal(list(values), array), array))
    each = func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(select(each.c.value))


def look_up_by_key(connection: Connection) -> None:
    """Until this transaction ends, rows are found by an index, never by reading a whole table.

    PostgreSQL keeps the plan of a foreign-key check as long as the connection lasts. One made while the table was nearly
    empty reads all of it for each row, however long it has become since: 250 rows were seen to take half a second.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL enable_seqscan = off"))


def reserve_ids(connection: Connection, table: Table, count: int) -> list[int]:
    """Keys for so many new rows of `table`, so that rows of one batch can name each other. Unused ones leave gaps."""
    if connection.dialect.name == "postgresql":
        query = text(f"SELECT nextval('{table.name}_id_seq') FROM generate_series(1, :count)")  # noqa: S608 (a name of our own)
        return [row[0] for row in connection.execute(query, {"count": count})]
    # SQLite lets one transaction write at a time, and this one is it.
    last = connection.execute(text(f"SELECT coalesce(max(id), 0) FROM {table.name}")).scalar_one()  # noqa: S608 (a name of our own)
    return list(range(last + 1, last + count + 1))


def random_ids(count: int) -> list[str]:
    """As many public ids as asked for; one call to the system's random source for all of them."""
    letters = ""
    wanted = count * PUBLIC_ID_LENGTH
    while len(letters) < wanted:
        letters += secrets.token_bytes(wanted - len(letters) + 64).translate(_LETTERS, _UNEVEN).decode()
    return [letters[start : start + PUBLIC_ID_LENGTH] for start in range(0, wanted, PUBLIC_ID_LENGTH)]


# A random byte becomes the letter of its remainder; the bytes beyond the last full round would favour the first letters.
_FULL = 256 - 256 % len(ALPHABET)
_LETTERS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
_UNEVEN = bytes(range(_FULL, 256))


def _converter(table: Table, name: str, dialect: Dialect) -> Callable[[Any], Any]:
    """From a value of the model to what the driver takes."""
    processor = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return processor or (lambda value: value)
