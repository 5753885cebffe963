"""What the pages of an import show: how many rows are what, a page of them, and what is left to be mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from campaigns.posts.exchange.columns import COLUMNS
from campaigns.posts.exchange.files import line_of
from campaigns.posts.exchange.importing import rows_of
from campaigns.posts.exchange.models import Outcome, PostImport, PostImportRow, Verdict
from commons.db import db
from commons.paging import page_number

PAGE = 50
LAST_PAGE = 999


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


@dataclass(frozen=True)
class Page:
    rows: Sequence[PostImportRow]
    has_more: bool


def counts(found: PostImport) -> Counts:
    mine = PostImportRow.import_id == found.id
    by_verdict = select(PostImportRow.verdict, func.count()).where(mine).group_by(PostImportRow.verdict)
    by_outcome = select(PostImportRow.outcome, func.count()).where(mine).group_by(PostImportRow.outcome)
    waiting = select(func.count()).where(mine, PostImportRow.due_at.is_not(None))
    doubtful = select(PostImportRow.cells).where(mine, PostImportRow.verdict == Verdict.BROKEN)
    return Counts(
        verdicts={row[0]: row[1] for row in db.session.execute(by_verdict)},
        outcomes={row[0]: row[1] for row in db.session.execute(by_outcome) if row[0] is not None},
        waiting=db.session.scalar(waiting) or 0,
        like_formulas=any(cells.get("like_formulas") for cells in db.session.scalars(doubtful)),
    )


def page(found: PostImport, shown: Shown) -> Page:
    """Broken rows stand first as long as nothing is confirmed, and refused ones afterwards."""
    query = select(PostImportRow).where(PostImportRow.import_id == found.id).options(joinedload(PostImportRow.post))
    if shown.only in set(Verdict):
        query = query.where(PostImportRow.verdict == Verdict(shown.only))
    elif shown.only:
        query = query.where(PostImportRow.outcome == Outcome(shown.only))
    broken_last = PostImportRow.verdict != Verdict.BROKEN
    first = PostImportRow.outcome != Outcome.REFUSED if found.confirmed_at else broken_last
    query = query.order_by(func.coalesce(first, True), PostImportRow.number)
    rows = db.session.scalars(query.limit(PAGE + 1).offset((shown.page - 1) * PAGE)).unique().all()
    return Page(rows[:PAGE], len(rows) > PAGE)


def refused_rows(found: PostImport) -> Iterator[list[str]]:
    """A table of the rows that did not become posts; its last column, which means nothing on the way in, says why."""
    yield [*(str(words) for words in COLUMNS.values()), _("What is wrong")]
    for row in rows_of(found):
        if row.outcome is Outcome.REFUSED or (found.confirmed_at is None and row.verdict is Verdict.BROKEN):
            values = line_of(row.cells).values
            yield [*(values.get(name, "") for name in COLUMNS), _reason(row)]


def _reason(row: PostImportRow) -> str:
    said = [f"{COLUMNS[name]}: {words}" if name in COLUMNS else words for name, words in row.problems]
    return row.words or " ".join(str(words) for words in said)
