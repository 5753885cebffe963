"""The steps of an import, whatever its rows are about: what it keeps of its file, who may go on, what is due, what is said."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from commons import events, i18n
from commons.accounts.models import User
from commons.db import changed, db
from commons.errors import DomainError, NotAllowed
from commons.jobs.leasing import take_due
from commons.media.keeping import bare_name
from commons.sheets.files import Table
from commons.sheets.models import Outcome, SheetImport, SheetRow, Verdict

LEASE = timedelta(minutes=5)
WORDS_LENGTH = 500

Row = TypeVar("Row", bound=SheetRow)
Import = TypeVar("Import", bound=SheetImport)


def file_facts(name: str, content: bytes, table: Table, by: User, at: datetime) -> dict[str, Any]:
    """What an import keeps of its file."""
    return {
        "name": bare_name(name),
        "sha256": hashlib.sha256(content).hexdigest(),
        "ignored": list(table.ignored),
        "made_by": by,
        "made_at": at,
    }


def confirm(found: SheetImport, rows: type[SheetRow], *, by: User, at: datetime) -> int | None:
    """From now on its rows are written; how many there are. None when that was said before.

    Raises `NotAllowed` for anybody but whoever took the file in.
    """
    only_by_its_maker(found, by)
    kind: Any = type(found)
    once = update(kind).where(kind.id == found.id, kind.confirmed_at.is_(None))
    if changed(once.values(confirmed_at=at)) == 0:
        return None
    mine = update(rows).where(rows.import_id == found.id)
    changed(mine.where(rows.verdict != Verdict.BROKEN).values(due_at=at))
    changed(mine.where(rows.verdict == Verdict.BROKEN).values(outcome=Outcome.REFUSED))
    db.session.refresh(found)
    return db.session.scalar(select(func.count()).where(rows.import_id == found.id)) or 0


def tell(kind: str, found: Any, count: int, *, by: User, at: datetime, **more: str) -> None:
    """The fact that somebody imported so many rows, once for each import."""
    payload = {"name": found.name, "count": str(count), **more}
    events.track(kind, key=f"{kind}:{found.public_id}", at=at, actor_id=by.id, subject=found, payload=payload)


def claim(rows: type[SheetRow], at: datetime, limit: int) -> Sequence[int]:
    """Take up to `limit` rows that are to be written, for five minutes."""
    return take_due(rows.due_at, at, limit, lease=LEASE)


def rows_of(rows: type[Row], found: SheetImport) -> Sequence[Row]:
    """All rows of an import, in their order."""
    return db.session.scalars(select(rows).where(rows.import_id == found.id).order_by(rows.number)).all()


def imported_before(found: Import) -> Import | None:
    """The same file, if it was imported before."""
    kind: Any = type(found)
    query = select(kind).where(kind.sha256 == found.sha256, kind.id != found.id, kind.confirmed_at.is_not(None))
    before: Import | None = db.session.scalar(query.order_by(kind.id.desc()).limit(1))
    return before


def only_by_its_maker(found: SheetImport, by: User) -> None:
    """Raise `NotAllowed` for anybody else: a table is compared, and written, with its maker's rights."""
    if found.made_by_id != by.id:
        raise NotAllowed(
            _("Only %(name)s, who chose this file, can import it.", name=found.made_by.name),
            _("Choose the file yourself to import it."),
        )


def refusal_words(refusal: DomainError) -> str:
    """A refusal as a sentence about a row."""
    return refusal.in_full[:WORDS_LENGTH]


def give_up(row: SheetRow) -> None:
    """Note with a row that an error of ours broke it off, unless something came of it."""
    if row.outcome is None:
        words = i18n.in_both_languages(
            lambda: _("Something broke on our side. Nothing of this row was written; import it again.")
        )
        row.outcome, row.problems, row.due_at = Outcome.REFUSED, [["", words]], None
        db.session.flush()
