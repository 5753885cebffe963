"""The pages of every import: choosing a file, looking at its rows, confirming, the report. A room puts them onto its blueprint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import joinedload

from commons import clock
from commons.accounts.current import the_user
from commons.db import db
from commons.permissions import Permission
from commons.security import posting_limit
from commons.shared_pages import Views, put_onto
from commons.sheets import importing, reporting
from commons.sheets.cells import Unreadable
from commons.sheets.files import MOST_BYTES
from commons.sheets.forms import ImportForm
from commons.sheets.kinds import ImportKind
from commons.tables import csv_answer
from commons.web import go, one_or_404, region

AT_ONCE = 30
RECENT = 20


@dataclass(frozen=True)
class ImportPages:
    """What differs between rooms. `choose` and `look` are templates over those of `commons/sheets`, which name what to fill in.

    `name` begins the names of files to take away, `row_options` load what the look at a row needs, `more` are further
    variables of that look.
    """

    kind: ImportKind[Any, Any, Any]
    permission: Permission
    form: type[ImportForm]
    choose: str
    look: str
    name: str
    row_options: Sequence[Any] = ()
    more: Mapping[str, object] = field(default_factory=dict)

    def put_onto(self, bp: Blueprint) -> None:
        """Add the pages below `/import`, each for whoever has the permission."""
        put_onto(bp, VIEWS, self, self.permission)

    def one(self, public_id: str) -> Any:
        """The import of an address. 404 for whoever may not see it."""
        return one_or_404(self.kind.imports.visible_to(current_user), public_id)


def choose(room: ImportPages) -> Response:
    return _choose_page(room, room.form())


@posting_limit
def read(room: ImportPages) -> Response:
    """Take a file in; nothing of it is written yet."""
    form = room.form()
    if not form.validate_on_submit():
        return _choose_page(room, form, 422)
    try:
        found = room.kind.open(form.name, form.content(), by=the_user(), at=clock.now(), **form.more())
    except Unreadable as refusal:
        db.session.rollback()
        form.file.errors = [refusal.in_full]
        return _choose_page(room, form, 422)
    db.session.commit()
    return go(found.url)


def empty(room: ImportPages) -> Response:
    """A table with headings only, to begin from."""
    return csv_answer([[str(words) for words in room.kind.columns.words.values()]], room.name)


def look(room: ImportPages, public_id: str) -> str:
    """The rows and what each of them is; once confirmed, the report."""
    found = room.one(public_id)
    shown = reporting.Shown.from_args(request.args)
    return render_template(room.look, **_looked_at(room, found, shown), **room.more)


def progress(room: ImportPages, public_id: str) -> Response:
    """How far an import has got, for a page that waits for it."""
    found = room.one(public_id)
    counts = reporting.counts(room.kind.rows, found)
    if not counts.waiting:
        return go(found.url)
    return region("commons/sheets/_progress.html", found=found, counts=counts)


@posting_limit
def formulas(room: ImportPages, public_id: str) -> Response:
    """Take cells that begin like formulas as plain words, or no longer; all rows are compared anew."""
    found = room.one(public_id)
    room.kind.compare_again(found, request.form.get("words") == "1", by=the_user(), at=clock.now())
    db.session.commit()
    return go(found.url)


@posting_limit
def confirm(room: ImportPages, public_id: str) -> Response:
    """Write the rows: a few at once, many in the background."""
    found = room.one(public_id)
    room.kind.confirm(found, by=the_user(), at=clock.now())
    db.session.commit()
    rows = room.kind.waiting_rows(found)
    if len(rows) <= AT_ONCE:
        for row in rows:
            room.kind.write_row(row, clock.now())
            db.session.commit()
    return go(found.url)


def refused(room: ImportPages, public_id: str) -> Response:
    """The rows that were not written, as they came, with the reason: to be mended and imported again."""
    rows = reporting.refused_rows(room.kind.rows, room.one(public_id), room.kind.columns.words)
    return csv_answer(rows, f"{room.name}-to-mend")


VIEWS: Views = (
    ("GET", "/import", choose),
    ("POST", "/import", read),
    ("GET", "/import/empty.csv", empty),
    ("GET", "/import/<public_id>", look),
    ("GET", "/import/<public_id>/progress", progress),
    ("POST", "/import/<public_id>/formulas", formulas),
    ("POST", "/import/<public_id>/confirm", confirm),
    ("GET", "/import/<public_id>/refused.csv", refused),
)


def _choose_page(room: ImportPages, form: ImportForm, status: int = 200) -> Response:
    kind = room.kind.imports
    query = kind.visible_to(current_user).options(joinedload(kind.made_by))
    context = {
        "form": form,
        "recent": db.session.scalars(query.order_by(kind.id.desc()).limit(RECENT)).all(),
        "columns": room.kind.columns.words,
        "most_rows": room.kind.columns.most_rows,
        "most_mb": MOST_BYTES // 2**20,
    }
    return make_response(render_template(room.choose, **context), status)


def _looked_at(room: ImportPages, found: Any, shown: reporting.Shown) -> dict[str, Any]:
    rows = room.kind.rows
    return {
        "found": found,
        "shown": shown,
        "counts": reporting.counts(rows, found),
        "page": reporting.page(rows, found, shown, *room.row_options),
        "before": importing.imported_before(found) if found.confirmed_at is None else None,
        "is_mine": found.made_by_id == current_user.id,
        "columns": room.kind.columns.words,
        "to": lambda **more: url_for(".look", public_id=found.public_id, **more),
    }
