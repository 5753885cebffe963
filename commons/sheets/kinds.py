"""One kind of import, whatever its rows are about: looked at, confirmed once, written row by row, and what came of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

from flask_babel import force_locale
from sqlalchemy import delete, insert, select

from commons import i18n
from commons.accounts.models import User
from commons.db import db
from commons.errors import DomainError
from commons.sheets import files, importing
from commons.sheets.columns import Columns
from commons.sheets.files import Line
from commons.sheets.models import Outcome, SheetImport, SheetRow, Verdict
from commons.sheets.sentences import Pairs, in_each_language
from commons.sheets.understanding import Meaning


class Compared(Protocol):
    """A row beside what there is. `changes` are triples of column, before and after, as cells."""

    @property
    def meant(self) -> Meaning: ...

    @property
    def verdict(self) -> Verdict: ...

    @property
    def changes(self) -> list[list[str]]: ...


Import = TypeVar("Import", bound=SheetImport)
Row = TypeVar("Row", bound=SheetRow)
Result = TypeVar("Result", bound=Compared)


@dataclass(frozen=True)
class ImportKind(Generic[Import, Row, Result]):
    """What a room says of its imports.

    `compare` looks at lines with the rights of the one who took the file in, and writes nothing; `kept` is what a row keeps of
    a result beside verdict, problems and changes; `carry_out` writes a row, and what it raises refuses that row. `rehearse`
    may find more that is wrong while nothing is confirmed. `sentences` are the columns of a row that hold what is said of it,
    called the same in what a row means. `fact` is told once for each import, with `told` of its columns.
    """

    imports: type[Import]
    rows: type[Row]
    columns: Columns
    fact: str
    compare: Callable[[Import, Sequence[Line], User, datetime], Sequence[Result]]
    kept: Callable[[Result], Mapping[str, Any]]
    carry_out: Callable[[Row, Result, User, datetime], None]
    rehearse: Callable[[Sequence[Result], User, datetime], None] | None = None
    told: Sequence[str] = ()
    sentences: Sequence[str] = ("problems",)

    def open(self, name: str, content: bytes, *, by: User, at: datetime, **more: Any) -> Import:
        """Take a file in and compare each of its rows with what there is; `more` are columns of the import. Raises `Unreadable`."""
        table = files.read(content, self.columns)
        found = self.imports(**importing.file_facts(name, content, table, by, at), **more)
        db.session.add(found)
        db.session.flush()
        wrong = in_each_language(
            [line.wrong for line in table.lines],
            lambda: [line.wrong for line in files.read(content, self.columns).lines],
        )
        self._look(found, [replace(line, wrong=pairs) for line, pairs in zip(table.lines, wrong, strict=True)], by, at)
        return found

    def compare_again(self, found: Import, formulas_are_words: bool, *, by: User, at: datetime) -> None:
        """Compare anew, with another view of cells that begin like formulas. Only as long as nothing was confirmed.

        Raises `NotAllowed` for anybody but whoever took the file in: it is compared, and written, with that person's rights.
        """
        importing.only_by_its_maker(found, by)
        if found.confirmed_at is None:
            found.formulas_are_words = formulas_are_words
            lines = [files.line_of(row.cells) for row in self.rows_of(found)]
            self._forget_rows(found)
            self._look(found, lines, by, at)

    def confirm(self, found: Import, *, by: User, at: datetime) -> bool:
        """From now on its rows are written. Whether this was the first time that it was said. Raises as `compare_again`."""
        count = importing.confirm(found, self.rows, by=by, at=at)
        if count is not None:
            more = {name: str(getattr(found, name)) for name in self.told}
            importing.tell(self.fact, found, count, by=by, at=at, **more)
        return count is not None

    def claim(self, at: datetime, limit: int) -> Sequence[int]:
        """Take up to `limit` rows that are to be written, for a while."""
        return importing.claim(self.rows, at, limit)

    def write_row(self, row_id: int, at: datetime) -> None:
        """Write one row, all of it or nothing, and note what came of it. A row that is done is left alone."""
        query = select(self.rows).where(self.rows.id == row_id).with_for_update(of=self.rows)
        row = db.session.scalar(query.execution_options(populate_existing=True))
        if row is None or row.outcome is not None or row.of.confirmed_at is None:
            return
        by: User = row.of.made_by
        with force_locale(by.language or i18n.DEFAULT_LANGUAGE):
            problems = self._write(row, by, at)
        if row.outcome is None:
            row.outcome, row.problems = Outcome.REFUSED, problems
        row.due_at = None
        db.session.flush()

    def write_or_give_up(self, row_id: int, at: datetime) -> None:
        """`write_row` for a job. What breaks it off is noted in a transaction of its own: the report never waits for ever."""
        try:
            self.write_row(row_id, at)
        except Exception:
            db.session.rollback()
            importing.give_up(db.session.get_one(self.rows, row_id))
            db.session.commit()
            raise

    def rows_of(self, found: Import) -> Sequence[Row]:
        """All rows of an import, in their order."""
        return importing.rows_of(self.rows, found)

    def waiting_rows(self, found: Import) -> Sequence[int]:
        """The rows that are confirmed and not written yet."""
        query = select(self.rows.id).where(self.rows.import_id == found.id, self.rows.due_at.is_not(None))
        return db.session.scalars(query.order_by(self.rows.number)).all()

    def _look(self, found: Import, lines: Sequence[Line], by: User, at: datetime) -> None:
        results = self._results(found, lines, by, at)
        rows: list[dict[str, Any]] = [
            {
                "import_id": found.id,
                "number": line.number,
                "cells": line.as_json(),
                "verdict": result.verdict,
                "changes": result.changes if result.verdict is Verdict.CHANGED else [],
                **self.kept(result),
            }
            for line, result in zip(lines, results, strict=True)
        ]
        said = in_each_language(
            [self._said(result) for result in results],
            lambda: [self._said(result) for result in self._results(found, lines, by, at)],
        )
        for row, result, pairs in zip(rows, results, said, strict=True):
            left = iter(pairs)
            row |= {name: list(islice(left, len(getattr(result.meant, name)))) for name in self.sentences}
        db.session.execute(insert(self.rows), rows)

    def _results(self, found: Import, lines: Sequence[Line], by: User, at: datetime) -> Sequence[Result]:
        results = self.compare(found, lines, by, at)
        if self.rehearse is not None:
            self.rehearse(results, by, at)
        return results

    def _said(self, result: Result) -> Pairs:
        """All that is said of a row, one list of pairs after the other."""
        return [pair for name in self.sentences for pair in getattr(result.meant, name)]

    def _forget_rows(self, found: Import) -> None:
        mine = delete(self.rows).where(self.rows.import_id == found.id)
        db.session.execute(mine.execution_options(synchronize_session=False))
        db.session.expire_all()

    def _write(self, row: Row, by: User, at: datetime) -> list[list[Any]]:
        """Look at the row once more, as things are now, and carry it out; what speaks against it if that cannot be."""
        lines = [files.line_of(row.cells)]
        (result,) = self.compare(row.of, lines, by, at)
        if result.verdict is Verdict.BROKEN:
            again = partial(self.compare, row.of, lines, by, at)
            (kept,) = in_each_language([result.meant.problems], lambda: [one.meant.problems for one in again()])
        else:
            refused = self._carried_out(row, result, by, at)
            (kept,) = in_each_language([refused], lambda: [self._carried_out(row, result, by, at) or refused])
        return kept

    def _carried_out(self, row: Row, result: Result, by: User, at: datetime) -> Pairs:
        """Nothing when it was written, all of it; else the refusal, and nothing was written."""
        if result.verdict is Verdict.SAME:
            row.outcome = Outcome.UNCHANGED
            return []
        try:
            with db.session.begin_nested():
                self.carry_out(row, result, by, at)
                row.outcome = Outcome.WRITTEN
        except DomainError as refusal:
            return [["", importing.refusal_words(refusal)]]
        return []
