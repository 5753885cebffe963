"""A table of orders: from a file to rows that can be looked at, and from rows to orders, each by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert

from campaigns.links.conversions.columns import TABLE
from campaigns.links.conversions.models import OrderImport, OrderImportRow, Source
from campaigns.links.conversions.recording import record
from campaigns.links.conversions.understanding import understood
from commons import jobs
from commons.accounts.models import User
from commons.db import db
from commons.sheets import files, importing
from commons.sheets.models import Outcome, Verdict


def open_import(name: str, content: bytes, *, by: User, at: datetime) -> OrderImport:
    """Take a file in and compare each of its rows with the orders that there are. Raises `cells.Unreadable`."""
    table = files.read(content, TABLE)
    found = OrderImport(**importing.file_facts(name, content, table, by, at))
    db.session.add(found)
    db.session.flush()
    _compare(found, table.lines, by, at)
    return found


def compare_again(found: OrderImport, formulas_are_words: bool, *, by: User, at: datetime) -> None:
    """Compare anew, with another view of cells that begin like formulas. Only as long as nothing was confirmed.

    Raises `NotAllowed` for anybody but whoever took the file in.
    """
    importing.only_by_its_maker(found, by)
    if found.confirmed_at is None:
        found.formulas_are_words = formulas_are_words
        lines = [files.line_of(row.cells) for row in importing.rows_of(OrderImportRow, found)]
        importing.forget_rows(OrderImportRow, found)
        _compare(found, lines, by, at)


def confirm(found: OrderImport, *, by: User, at: datetime) -> bool:
    """From now on its rows are written. Whether this was the first time that it was said. Raises as `compare_again`."""
    count = importing.confirm(found, OrderImportRow, by=by, at=at)
    if count is not None:
        importing.tell("link_orders.imported", found, count, by=by, at=at)
    return count is not None


def register() -> None:
    jobs.sweep("links.orders", queue="default", claim=claim, run=write)


def claim(at: datetime, limit: int) -> Sequence[int]:
    return importing.claim(OrderImportRow, at, limit)


def write(row_id: int, at: datetime) -> None:
    """Write one row; what breaks it off is noted with it."""
    importing.write_or_give_up(OrderImportRow, row_id, write_row, at)


def write_row(row_id: int, at: datetime) -> None:
    """Write one row, all of it or nothing, and note what came of it. A row that is done is left alone."""
    importing.write_row(OrderImportRow, row_id, _write, at)


def waiting_rows(found: OrderImport) -> Sequence[int]:
    return importing.waiting_rows(OrderImportRow, found)


def _compare(found: OrderImport, lines: Sequence[files.Line], by: User, at: datetime) -> None:
    rows = [
        {
            "import_id": found.id,
            "number": line.number,
            "cells": line.as_json(),
            "verdict": one.verdict,
            "problems": one.problems,
            "changes": [],
            "link_id": one.link.id if one.link else None,
        }
        for line, one in zip(lines, understood(lines, by.zone, at, found.formulas_are_words), strict=True)
    ]
    db.session.execute(insert(OrderImportRow), rows)


def _write(row: OrderImportRow, by: User, at: datetime) -> Outcome:
    """Look at the row once more, as things are now, and keep its order."""
    (one,) = understood([files.line_of(row.cells)], by.zone, at, row.of.formulas_are_words)
    if one.verdict is Verdict.BROKEN or one.order is None:
        row.words = importing.problem_words(one.problems)
        return Outcome.REFUSED
    row.link_id = one.order.link.id
    _conversion, is_new = record(one.order, Source.TABLE, at)
    return Outcome.WRITTEN if is_new else Outcome.UNCHANGED
