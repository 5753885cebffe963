"""No table that names a member is forgotten when two members turn out to be one person."""

from __future__ import annotations

from collections import Counter

from flask import Flask
from sqlalchemy import Column, Table, UniqueConstraint

from commons.db import db
from community.members.merging import moving


def names_a_member(column: Column[object]) -> bool:
    """A foreign key to member, or a plain number that is called so."""
    return column.name == "member_id" or any(key.column.table.name == "member" for key in column.foreign_keys)


def test_every_column_that_names_a_member_is_decided_on_once(app: Flask) -> None:
    decided = Counter(str(column.property.columns[0]) for rule in moving.rules() for column in rule.columns)
    known = {
        f"{table.name}.{column.name}"
        for table in db.metadata.tables.values()
        for column in table.columns
        if names_a_member(column)
    }

    assert sorted(known - decided.keys()) == [], "say in the room's moving.py what becomes of these"
    assert decided.keys() - known == set()
    assert {name for name, times in decided.items() if times > 1} == set()


def test_whatever_is_unique_for_a_member_says_what_happens_where_both_have_it(app: Flask) -> None:
    forgotten = []
    for rule in moving.plain():
        told = (
            {rule.column.key, *(column.key for column in rule.once_for or ())} if rule.once_for is not None else set()
        )
        forgotten += [
            (rule.column.class_.__tablename__, sorted(names))
            for names in unique_sets(rule.column.class_.__table__)
            if rule.column.key in names and names != told
        ]

    assert forgotten == []


def unique_sets(table: Table) -> list[set[str]]:
    """The names of columns that together are unique."""
    constraints = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    indexes = [index for index in table.indexes if index.unique]
    return [{column.name for column in one.columns} for one in (*constraints, *indexes)]
