"""What the pages of an import show: how many rows are what, a page of them, and what is left to be mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask_babel import gettext as _
from sqlalchemy import func, select

from commons.db import db
from commons.i18n import Words
from commons.paging import Page, page_number, page_of
from commons.sheets.files import line_of
from commons.sheets.importing import rows_of
from commons.sheets.models import Outcome, SheetImport, SheetRow, Verdict

PAGE = 50
LAST_PAGE = 999

Row = TypeVar("Row", bound=SheetRow)


@dataclass(frozen=True)
class Counts:
    """How many rows are what, and what they became; `waiting` are confirmed and not written yet."""

    verdicts: Mapping[Verdict, int]
    outcomes: Mapping[Outcome, int]
    waiting: int
    like_formulas: bool

    @property
    def all(self) -> int:
        return sum(self.verdicts.values())

    @property
    def to_write(self) -> int:
        return self.verdicts.get(Verdict.NEW, 0) + self.verdicts.get(Verdict.CHANGED, 0)


@dataclass(frozen=True)
class Shown:
    """Which rows a page shows: those of one verdict or outcome, or all; `page` counts from 1."""

    only: str = ""
    page: int = 1

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Shown:
        only = args.get("only", "")
        known = {*(word.value for word in Verdict), *(word.value for word in Outcome)}
        return cls(only if only in known else "", page_number(args.get("page"), LAST_PAGE))


def counts(rows: type[SheetRow], found: SheetImport) -> Counts:
    mine = rows.import_id == found.id
    by_verdict = select(rows.verdict, func.count()).where(mine).group_by(rows.verdict)
    by_outcome = select(rows.outcome, func.count()).where(mine).group_by(rows.outcome)
    waiting = select(func.count()).where(mine, rows.due_at.is_not(None))
    doubtful = select(rows.cells).where(mine, rows.verdict == Verdict.BROKEN)
    return Counts(
        verdicts={row[0]: row[1] for row in db.session.execute(by_verdict)},
        outcomes={row[0]: row[1] for row in db.session.execute(by_outcome) if row[0] is not None},
        waiting=db.session.scalar(waiting) or 0,
        like_formulas=any(cells.get("like_formulas") for cells in db.session.scalars(doubtful)),
    )


def page(rows: type[Row], found: SheetImport, shown: Shown, *options: Any) -> Page[Row]:
    """Broken rows stand first as long as nothing is confirmed, and refused ones afterwards. `options` load what they need."""
    query = select(rows).where(rows.import_id == found.id).options(*options)
    if shown.only in set(Verdict):
        query = query.where(rows.verdict == Verdict(shown.only))
    elif shown.only:
        query = query.where(rows.outcome == Outcome(shown.only))
    broken_last = rows.verdict != Verdict.BROKEN
    first = rows.outcome != Outcome.REFUSED if found.confirmed_at else broken_last
    query = query.order_by(func.coalesce(first, True), rows.number)
    return page_of(query, shown.page, PAGE)


def refused_rows(rows: type[SheetRow], found: SheetImport, columns: Mapping[str, Words]) -> Iterator[list[str]]:
    """A table of the rows that were not written; its last column, which means nothing on the way in, says why."""
    yield [*(str(words) for words in columns.values()), _("What is wrong")]
    for row in rows_of(rows, found):
        if row.outcome is Outcome.REFUSED or (found.confirmed_at is None and row.verdict is Verdict.BROKEN):
            values = line_of(row.cells).values
            yield [*(values.get(name, "") for name in columns), _reason(row, columns)]


def _reason(row: SheetRow, columns: Mapping[str, Words]) -> str:
    return " ".join(f"{columns[name]}: {words}" if name in columns else words for name, words in row.wrong)
