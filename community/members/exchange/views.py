"""The pages for lists of members: choosing a file, looking at its rows, the report."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import joinedload

from commons import clock
from commons.db import db
from commons.permissions import Permission
from commons.security import posting_limit
from commons.sheets import reporting
from commons.sheets.cells import Unreadable
from commons.sheets.files import MOST_BYTES
from commons.sheets.formulas import restorable
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404, region
from community.members.exchange import importing
from community.members.exchange.columns import COLUMNS, TABLE
from community.members.exchange.forms import ImportForm
from community.members.exchange.models import MemberImport, MemberImportRow

bp = Blueprint("member_tables", __name__, url_prefix="/members")

AT_ONCE = 30
RECENT = 20


@bp.get("/import")
@allow(Permission.MEMBER_WRITE)
def choose() -> Response:
    return _choose_page(ImportForm())


@bp.post("/import")
@allow(Permission.MEMBER_WRITE)
@posting_limit
def read() -> Response:
    """Take a file in; nothing of it is written yet."""
    form = ImportForm()
    if not form.validate_on_submit():
        return _choose_page(form, 422)
    by = current_user._get_current_object()
    try:
        content, name = form.file.data.stream.read(MOST_BYTES + 1), form.file.data.filename or ""
        found = importing.open_import(name, content, (form.basis.data or "").strip(), by=by, at=clock.now())
    except Unreadable as refusal:
        db.session.rollback()
        form.file.errors = [f"{refusal.message} {refusal.advice}".strip()]
        return _choose_page(form, 422)
    db.session.commit()
    return go(found.url)


@bp.get("/import/empty.csv")
@allow(Permission.MEMBER_WRITE)
def empty() -> Response:
    """A table with headings only, to begin from."""
    return csv_answer([[str(words) for words in COLUMNS.values()]], "members", restorable)


@bp.get("/import/<public_id>")
@allow(Permission.MEMBER_WRITE)
def look(public_id: str) -> str:
    """The rows and what each of them is; once confirmed, the report."""
    found = one_or_404(MemberImport.visible_to(current_user), public_id)
    shown = reporting.Shown.from_args(request.args)
    return render_template("community/members/exchange/look.html", **_looked_at(found, shown))


@bp.get("/import/<public_id>/progress")
@allow(Permission.MEMBER_WRITE)
def progress(public_id: str) -> Response:
    """How far an import has got, for a page that waits for it."""
    found = one_or_404(MemberImport.visible_to(current_user), public_id)
    counts = reporting.counts(MemberImportRow, found)
    if not counts.waiting:
        return go(found.url)
    return region("community/members/exchange/_progress.html", found=found, counts=counts)


@bp.post("/import/<public_id>/formulas")
@allow(Permission.MEMBER_WRITE)
@posting_limit
def formulas(public_id: str) -> Response:
    """Take cells that begin like formulas as plain words, or no longer; all rows are compared anew."""
    found = one_or_404(MemberImport.visible_to(current_user), public_id)
    are_words = request.form.get("words") == "1"
    importing.compare_again(found, are_words, by=current_user._get_current_object(), at=clock.now())
    db.session.commit()
    return go(found.url)


@bp.post("/import/<public_id>/confirm")
@allow(Permission.MEMBER_WRITE)
@posting_limit
def confirm(public_id: str) -> Response:
    """Write the rows: a few at once, many in the background."""
    found = one_or_404(MemberImport.visible_to(current_user), public_id)
    importing.confirm(found, by=current_user, at=clock.now())
    db.session.commit()
    rows = importing.waiting_rows(found)
    if len(rows) <= AT_ONCE:
        for row in rows:
            importing.write_row(row, clock.now())
            db.session.commit()
    return go(found.url)


@bp.get("/import/<public_id>/refused.csv")
@allow(Permission.MEMBER_WRITE)
def refused(public_id: str) -> Response:
    """The rows that were not written, as they came, with the reason: to be mended and imported again."""
    found = one_or_404(MemberImport.visible_to(current_user), public_id)
    answer = csv_answer(reporting.refused_rows(MemberImportRow, found, COLUMNS), "members-to-mend", restorable)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _choose_page(form: ImportForm, status: int = 200) -> Response:
    query = MemberImport.visible_to(current_user).options(joinedload(MemberImport.made_by))
    context = {
        "form": form,
        "recent": db.session.scalars(query.order_by(MemberImport.id.desc()).limit(RECENT)).all(),
        "columns": COLUMNS,
        "most_rows": TABLE.most_rows,
        "most_mb": MOST_BYTES // 2**20,
    }
    return make_response(render_template("community/members/exchange/choose.html", **context), status)


def _looked_at(found: MemberImport, shown: reporting.Shown) -> dict[str, Any]:
    return {
        "found": found,
        "shown": shown,
        "counts": reporting.counts(MemberImportRow, found),
        "page": reporting.page(MemberImportRow, found, shown, joinedload(MemberImportRow.member)),
        "before": importing.imported_before(found) if found.confirmed_at is None else None,
        "is_mine": found.made_by_id == current_user.id,
        "columns": COLUMNS,
        "to": lambda **more: url_for("member_tables.look", public_id=found.public_id, **more),
    }
