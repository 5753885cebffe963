"""An import of members: from a file to rows that can be looked at, and from rows to members, each by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert

from commons.accounts.models import User
from commons.db import db
from commons.sheets import files, importing
from commons.sheets.importing import imported_before
from commons.sheets.models import Outcome, Verdict
from community.members.exchange.carrying import carry_out
from community.members.exchange.columns import TABLE
from community.members.exchange.comparing import compared
from community.members.exchange.knowing import context
from community.members.exchange.models import MemberImport, MemberImportRow

__all__ = [
    "claim", "compare_again", "confirm", "imported_before", "open_import", "rows_of", "waiting_rows", "write_row",
]  # fmt: skip


def open_import(name: str, content: bytes, basis: str, *, by: User, at: datetime) -> MemberImport:
    """Take a file in and compare each of its rows with the members that there are. Raises `cells.Unreadable`."""
    table = files.read(content, TABLE)
    found = MemberImport(basis=basis, **importing.file_facts(name, content, table, by, at))
    db.session.add(found)
    db.session.flush()
    _compare(found, table.lines, by, at)
    return found


def compare_again(found: MemberImport, formulas_are_words: bool, *, by: User, at: datetime) -> None:
    """Compare anew, with another view of cells that begin like formulas. Only as long as nothing was confirmed.

    Raises `NotAllowed` for anybody but whoever took the file in.
    """
    importing.only_by_its_maker(found, by)
    if found.confirmed_at is None:
        found.formulas_are_words = formulas_are_words
        lines = [files.line_of(row.cells) for row in rows_of(found)]
        importing.forget_rows(MemberImportRow, found)
        _compare(found, lines, by, at)


def confirm(found: MemberImport, *, by: User, at: datetime) -> bool:
    """From now on its rows are written. Whether this was the first time that it was said. Raises as `compare_again`."""
    count = importing.confirm(found, MemberImportRow, by=by, at=at)
    if count is not None:
        importing.tell("members.imported", found, count, by=by, at=at, basis=found.basis)
    return count is not None


def claim(at: datetime, limit: int) -> Sequence[int]:
    return importing.claim(MemberImportRow, at, limit)


def write_row(row_id: int, at: datetime) -> None:
    """Write one row, all of it or nothing, and note what came of it. A row that is done is left alone."""
    importing.write_row(MemberImportRow, row_id, _write, at)


def rows_of(found: MemberImport) -> Sequence[MemberImportRow]:
    return importing.rows_of(MemberImportRow, found)


def waiting_rows(found: MemberImport) -> Sequence[int]:
    return importing.waiting_rows(MemberImportRow, found)


def _compare(found: MemberImport, lines: Sequence[files.Line], by: User, at: datetime) -> None:
    results = compared(lines, context(by, at), by, found.formulas_are_words)
    rows = [
        {
            "import_id": found.id,
            "number": line.number,
            "cells": line.as_json(),
            "verdict": result.verdict,
            "problems": result.meant.problems,
            "notes": result.meant.notes,
            "changes": result.changes if result.verdict is Verdict.CHANGED else [],
            "member_id": result.member.id if result.member else None,
        }
        for line, result in zip(lines, results, strict=True)
    ]
    db.session.execute(insert(MemberImportRow), rows)


def _write(row: MemberImportRow, by: User, at: datetime) -> Outcome:
    """Look at the row once more, as things are now, and carry it out."""
    line = files.line_of(row.cells)
    (result,) = compared([line], context(by, at), by, row.of.formulas_are_words)
    if result.verdict is Verdict.BROKEN:
        row.words = importing.problem_words(result.meant.problems)
        return Outcome.REFUSED
    if result.verdict is Verdict.SAME:
        return Outcome.UNCHANGED
    row.member_id = carry_out(result, row.of, by, at).id
    return Outcome.WRITTEN
