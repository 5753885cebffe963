"""The public counter and what was decided, as rows for a spreadsheet; the heading is the first row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from commons.db import db
from community.reviews import standard, words
from community.reviews.counting import Counter
from community.reviews.models import Decision, Submission

AT_ONCE = 500


def counter_rows(counter: Counter) -> Iterator[Sequence[object]]:
    """A line for each clause under which something was refused or removed, by its title in force now."""
    titles = standard.titles()
    yield _("Clause"), _("Title"), _("Was refused"), _("Removed"), _("Of these critical of us"), _("Restored")
    for line in counter.lines:
        named = (line.number, titles.get(line.number, "")) if line.number else ("", words.BY_HOSTS)
        yield *named, line.refused, line.removed, line.critical, line.restored


def decided_rows() -> Iterator[Sequence[object]]:
    """Everything that was ever decided, the newest first."""
    yield _("When"), _("Decision"), _("Clause"), _("Reason"), _("Decided by"), _("Undone"), _("Kind"), _("What it is")
    query = select(Decision).options(
        joinedload(Decision.submission), joinedload(Decision.by), joinedload(Decision.clause)
    )
    for one in db.session.scalars(query.order_by(Decision.id.desc()).execution_options(yield_per=AT_ONCE)):
        yield _row(one, one.submission)


def _row(one: Decision, submission: Submission) -> Sequence[object]:
    clause = f"{one.clause.number} {one.clause.title}" if one.clause is not None else ""
    undone = one.undone_at.isoformat() if one.undone_at is not None else ""
    kind, verdict = words.KINDS[submission.kind], words.VERDICTS[one.verdict]
    return one.at.isoformat(), verdict, clause, one.reason, one.by.name, undone, kind, submission.text
