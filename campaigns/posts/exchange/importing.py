"""An import: from a file to rows that can be looked at, and from rows to posts, each by itself and through the usual verbs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import insert

from campaigns.posts import writing
from campaigns.posts.exchange.carrying import carry_out
from campaigns.posts.exchange.columns import TABLE
from campaigns.posts.exchange.comparing import Compared, compared
from campaigns.posts.exchange.knowing import Known
from campaigns.posts.exchange.models import PostImport, PostImportRow
from commons.accounts.models import User
from commons.db import db
from commons.errors import DomainError
from commons.sheets import files, importing
from commons.sheets.importing import imported_before
from commons.sheets.models import Outcome, Verdict

__all__ = [
    "claim", "compare_again", "confirm", "imported_before", "open_import", "rows_of", "waiting_rows", "write_row",
]  # fmt: skip

REHEARSED = 100


def open_import(name: str, content: bytes, zone: str, *, by: User, at: datetime) -> PostImport:
    """Take a file in and compare each of its rows with the posts that there are. Raises `cells.Unreadable`."""
    table = files.read(content, TABLE)
    found = PostImport(zone=zone, **importing.file_facts(name, content, table, by, at))
    db.session.add(found)
    db.session.flush()
    _compare(found, table.lines, by, at)
    return found


def compare_again(found: PostImport, formulas_are_words: bool, *, by: User, at: datetime) -> None:
    """Compare anew, with another view of cells that begin like formulas. Only as long as nothing was confirmed.

    Raises `NotAllowed` for anybody but whoever took the file in: it is compared, and written, with that person's rights.
    """
    importing.only_by_its_maker(found, by)
    if found.confirmed_at is None:
        found.formulas_are_words = formulas_are_words
        lines = [files.line_of(row.cells) for row in rows_of(found)]
        importing.forget_rows(PostImportRow, found)
        _compare(found, lines, by, at)


def confirm(found: PostImport, *, by: User, at: datetime) -> bool:
    """From now on its rows are written into posts. Whether this was the first time that it was said. Raises as `compare_again`."""
    count = importing.confirm(found, PostImportRow, by=by, at=at)
    if count is not None:
        importing.tell("posts.imported", found, count, by=by, at=at)
    return count is not None


def claim(at: datetime, limit: int) -> Sequence[int]:
    return importing.claim(PostImportRow, at, limit)


def write_row(row_id: int, at: datetime) -> None:
    """Write one row into its post, all of it or nothing, and note what came of it. A row that is done is left alone."""
    importing.write_row(PostImportRow, row_id, _write, at)


def rows_of(found: PostImport) -> Sequence[PostImportRow]:
    return importing.rows_of(PostImportRow, found)


def waiting_rows(found: PostImport) -> Sequence[int]:
    return importing.waiting_rows(PostImportRow, found)


def _compare(found: PostImport, lines: Sequence[files.Line], by: User, at: datetime) -> None:
    results = compared(lines, Known(by, at, found.zone), found.formulas_are_words)
    if len(lines) <= REHEARSED:
        for result in results:
            _rehearse(result, by, at)
    rows = [
        {
            "import_id": found.id,
            "number": line.number,
            "cells": line.as_json(),
            "verdict": result.verdict,
            "problems": result.meant.problems,
            "changes": result.changes if result.verdict is Verdict.CHANGED else [],
            "post_id": result.post.id if result.post else None,
            "revision": result.post.revision if result.post else None,
        }
        for line, result in zip(lines, results, strict=True)
    ]
    db.session.execute(insert(PostImportRow), rows)


def _rehearse(result: Compared, by: User, at: datetime) -> None:
    """Do it and undo it at once, so that whatever would be refused is said before anything is confirmed."""
    if result.verdict not in {Verdict.NEW, Verdict.CHANGED}:
        return
    try:
        with db.session.begin_nested() as rehearsal:
            carry_out(result, by, at)
            rehearsal.rollback()
    except DomainError as refusal:
        result.meant.problems.append(["", importing.refusal_words(refusal)])
        result.verdict = Verdict.BROKEN
    finally:
        db.session.expire_all()


def _write(row: PostImportRow, by: User, at: datetime) -> Outcome:
    """Look at the row once more, as things are now, and carry it out."""
    known = Known(by, at, row.of.zone)
    (result,) = compared([files.line_of(row.cells)], known, row.of.formulas_are_words)
    if result.verdict is Verdict.BROKEN:
        row.words = importing.problem_words(result.meant.problems)
        return Outcome.REFUSED
    if result.verdict is Verdict.SAME:
        return Outcome.UNCHANGED
    if result.post is not None and (result.post.revision, result.changes) != (row.revision, row.changes):
        raise writing.Stale(
            _("Somebody else has changed this post in the meantime."), _("Export it again and start from that.")
        )
    row.post_id = carry_out(result, by, at).id
    return Outcome.WRITTEN
