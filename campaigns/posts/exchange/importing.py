"""An import: from a file to rows that can be looked at, and from rows to posts, each by itself and through the usual verbs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, insert, select, update

from campaigns.posts import writing
from campaigns.posts.exchange import files
from campaigns.posts.exchange.carrying import carry_out
from campaigns.posts.exchange.comparing import Compared, compared
from campaigns.posts.exchange.knowing import Known
from campaigns.posts.exchange.models import Outcome, PostImport, PostImportRow, Verdict
from commons import events, i18n
from commons.accounts.models import User
from commons.db import changed, db
from commons.errors import DomainError, NotAllowed
from commons.media.keeping import bare_name

REHEARSED = 100
LEASE = timedelta(minutes=5)
WORDS_LENGTH = 500


def open_import(name: str, content: bytes, zone: str, *, by: User, at: datetime) -> PostImport:
    """Take a file in and compare each of its rows with the posts that there are. Raises `sheets.Unreadable`."""
    table = files.read(name, content)
    found = PostImport(
        name=bare_name(name),
        sha256=hashlib.sha256(content).hexdigest(),
        zone=zone,
        ignored=list(table.ignored),
        made_by=by,
        made_at=at,
    )
    db.session.add(found)
    db.session.flush()
    _compare(found, table.lines, by, at)
    return found


def compare_again(found: PostImport, formulas_are_words: bool, *, by: User, at: datetime) -> None:
    """Compare anew, with another view of cells that begin like formulas. Only as long as nothing was confirmed.

    Raises `NotAllowed` for anybody but whoever took the file in: it is compared, and written, with that person's rights.
    """
    _only_by_its_maker(found, by)
    if found.confirmed_at is None:
        found.formulas_are_words = formulas_are_words
        lines = [files.line_of(row.cells) for row in rows_of(found)]
        db.session.execute(PostImportRow.__table__.delete().where(PostImportRow.import_id == found.id))  # type: ignore[attr-defined]
        _compare(found, lines, by, at)


def confirm(found: PostImport, *, by: User, at: datetime) -> bool:
    """From now on its rows are written into posts. Whether this was the first time that it was said. Raises as `compare_again`."""
    _only_by_its_maker(found, by)
    once = update(PostImport).where(PostImport.id == found.id, PostImport.confirmed_at.is_(None))
    if changed(once.values(confirmed_at=at)) == 0:
        return False
    mine = update(PostImportRow).where(PostImportRow.import_id == found.id)
    changed(mine.where(PostImportRow.verdict != Verdict.BROKEN).values(due_at=at))
    changed(mine.where(PostImportRow.verdict == Verdict.BROKEN).values(outcome=Outcome.REFUSED))
    db.session.refresh(found)
    count = str(db.session.scalar(select(func.count()).where(PostImportRow.import_id == found.id)))
    key = f"posts.imported:{found.public_id}"
    events.track(
        "posts.imported", key=key, at=at, actor_id=by.id, subject=found, payload={"name": found.name, "count": count}
    )
    return True


def claim(at: datetime, limit: int) -> Sequence[int]:
    """Take up to `limit` rows that are to be written, for five minutes."""
    due = select(PostImportRow.id).where(PostImportRow.due_at <= at).order_by(PostImportRow.id).limit(limit)
    change = (
        update(PostImportRow)
        .where(PostImportRow.id.in_(due.with_for_update(skip_locked=True).scalar_subquery()))
        .values(due_at=at + LEASE)
        .returning(PostImportRow.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(db.session.scalars(change))


def write_row(row_id: int, at: datetime) -> None:
    """Write one row into its post, all of it or nothing, and note what came of it. A row that is done is left alone."""
    query = select(PostImportRow).where(PostImportRow.id == row_id).with_for_update(of=PostImportRow)
    row = db.session.scalar(query.execution_options(populate_existing=True))
    if row is None or row.outcome is not None or row.of.confirmed_at is None:
        return
    by = row.of.made_by
    with force_locale(by.language or i18n.DEFAULT_LANGUAGE):
        try:
            with db.session.begin_nested():
                row.outcome = _write(row, by, at)
        except DomainError as refusal:
            row.outcome, row.words = Outcome.REFUSED, _words(refusal)
    row.due_at = None
    db.session.flush()


def give_up(row_id: int) -> None:
    """An error of our own broke the writing of a row off: it says so, and nobody waits for it any more. Flushed."""
    row = db.session.get_one(PostImportRow, row_id)
    if row.outcome is None:
        with force_locale(row.of.made_by.language or i18n.DEFAULT_LANGUAGE):
            words = _("Something broke on our side. Nothing of this row was written; import it again.")
        row.outcome, row.words, row.due_at = Outcome.REFUSED, str(words), None
        db.session.flush()


def rows_of(found: PostImport) -> Sequence[PostImportRow]:
    query = select(PostImportRow).where(PostImportRow.import_id == found.id)
    return db.session.scalars(query.order_by(PostImportRow.number)).all()


def waiting_rows(found: PostImport) -> Sequence[int]:
    query = select(PostImportRow.id).where(PostImportRow.import_id == found.id, PostImportRow.due_at.is_not(None))
    return db.session.scalars(query.order_by(PostImportRow.number)).all()


def imported_before(found: PostImport) -> PostImport | None:
    """The same file, if it was imported before."""
    query = select(PostImport).where(
        PostImport.sha256 == found.sha256, PostImport.id != found.id, PostImport.confirmed_at.is_not(None)
    )
    return db.session.scalar(query.order_by(PostImport.id.desc()).limit(1))


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
        result.meant.problems.append(["", _words(refusal)])
        result.verdict = Verdict.BROKEN
    finally:
        db.session.expire_all()


def _write(row: PostImportRow, by: User, at: datetime) -> Outcome:
    """Look at the row once more, as things are now, and carry it out."""
    known = Known(by, at, row.of.zone)
    (result,) = compared([files.line_of(row.cells)], known, row.of.formulas_are_words)
    if result.verdict is Verdict.BROKEN:
        row.words = " ".join(words for _name, words in result.meant.problems)[:WORDS_LENGTH]
        return Outcome.REFUSED
    if result.verdict is Verdict.SAME:
        return Outcome.UNCHANGED
    if result.post is not None and (result.post.revision, result.changes) != (row.revision, row.changes):
        raise writing.Stale(
            _("Somebody else has changed this post in the meantime."), _("Export it again and start from that.")
        )
    row.post_id = carry_out(result, by, at).id
    return Outcome.WRITTEN


def _only_by_its_maker(found: PostImport, by: User) -> None:
    if found.made_by_id != by.id:
        raise NotAllowed(
            _("Only %(name)s, who chose this file, can import it.", name=found.made_by.name),
            _("Choose the file yourself to import it."),
        )


def _words(refusal: DomainError) -> str:
    return f"{refusal.message} {refusal.advice}".strip()[:WORDS_LENGTH]
