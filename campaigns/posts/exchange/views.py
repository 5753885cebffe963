"""The pages for tables of posts: choosing a file, looking at its rows, the report; and the way out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, send_file, url_for
from flask_login import current_user
from sqlalchemy.orm import joinedload

from campaigns.planning.reading import listed as campaigns_listed
from campaigns.posts import listing
from campaigns.posts.exchange import importing, leaving, reporting
from campaigns.posts.exchange.columns import COLUMNS, TABLE
from campaigns.posts.exchange.forms import ImportForm
from campaigns.posts.exchange.models import PostImport
from commons import clock, zones
from commons.db import db
from commons.permissions import Permission
from commons.security import posting_limit
from commons.sheets.cells import Unreadable
from commons.sheets.files import MOST_BYTES
from commons.web import allow, go, one_or_404, region

bp = Blueprint("post_tables", __name__, url_prefix="/posts")

AT_ONCE = 30
RECENT = 20


@bp.get("/import")
@allow(Permission.POST_WRITE)
def choose() -> Response:
    return _choose_page(ImportForm())


@bp.post("/import")
@allow(Permission.POST_WRITE)
@posting_limit
def read() -> Response:
    """Take a file in; nothing of it is written into posts yet."""
    form = ImportForm()
    if not form.validate_on_submit():
        return _choose_page(form, status=422)
    try:
        content = form.file.data.stream.read(MOST_BYTES + 1)
        found = importing.open_import(
            form.file.data.filename or "", content, form.zone.data, by=current_user, at=clock.now()
        )
    except Unreadable as refusal:
        db.session.rollback()
        form.file.errors = [f"{refusal.message} {refusal.advice}".strip()]
        return _choose_page(form, status=422)
    db.session.commit()
    return go(found.url)


@bp.get("/import/<public_id>")
@allow(Permission.POST_WRITE)
def look(public_id: str) -> str:
    """The rows and what each of them is; once confirmed, the report."""
    found = one_or_404(PostImport.visible_to(current_user), public_id)
    shown = reporting.Shown.from_args(request.args)
    return render_template("campaigns/posts/exchange/look.html", **_looked_at(found, shown))


@bp.get("/import/<public_id>/progress")
@allow(Permission.POST_WRITE)
def progress(public_id: str) -> Response:
    """How far an import has got, for a page that waits for it."""
    found = one_or_404(PostImport.visible_to(current_user), public_id)
    counts = reporting.counts(found)
    if not counts.waiting:
        return go(found.url)
    return region("campaigns/posts/exchange/_progress.html", found=found, counts=counts)


@bp.post("/import/<public_id>/formulas")
@allow(Permission.POST_WRITE)
@posting_limit
def formulas(public_id: str) -> Response:
    """Take cells that begin like formulas as plain words, or no longer; all rows are compared anew."""
    found = one_or_404(PostImport.visible_to(current_user), public_id)
    importing.compare_again(found, request.form.get("words") == "1", by=current_user, at=clock.now())
    db.session.commit()
    return go(found.url)


@bp.post("/import/<public_id>/confirm")
@allow(Permission.POST_WRITE)
@posting_limit
def confirm(public_id: str) -> Response:
    """Write the rows into posts: a few at once, many in the background."""
    found = one_or_404(PostImport.visible_to(current_user), public_id)
    importing.confirm(found, by=current_user, at=clock.now())
    db.session.commit()
    rows = importing.waiting_rows(found)
    if len(rows) <= AT_ONCE:
        for row in rows:
            importing.write_row(row, clock.now())
            db.session.commit()
    return go(found.url)


@bp.get("/import/<public_id>/refused.csv")
@allow(Permission.POST_WRITE)
def refused(public_id: str) -> Response:
    """The rows that did not become posts, as they came, with the reason: to be mended and imported again."""
    found = one_or_404(PostImport.visible_to(current_user), public_id)
    return _csv(reporting.refused_rows(found), "posts-to-mend")


@bp.get("/import/empty.csv")
@allow(Permission.POST_WRITE)
def empty() -> Response:
    """A table with headings only, to begin from."""
    return _csv(leaving.table([]), "posts")


@bp.get("/export")
@allow(Permission.POST_READ)
def export() -> str:
    chosen = listing.Filter.from_args(request.args)
    return render_template(
        "campaigns/posts/exchange/export.html",
        chosen=chosen,
        asked=chosen.to(chosen.tab),
        count=len(_chosen_ids()),
        most=leaving.MOST,
        campaigns=campaigns_listed(current_user, clock.now()),
    )


@bp.get("/export.csv")
@allow(Permission.POST_READ)
def export_csv() -> Response:
    """The posts that the list shows with the same filters."""
    return _csv(leaving.table(_chosen_ids()), _file_name())


@bp.get("/export.xlsx")
@allow(Permission.POST_READ)
def export_xlsx() -> Response:
    """The same as an Excel file."""
    book = leaving.as_xlsx(leaving.table(_chosen_ids()))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return make_response(send_file(book, kind, as_attachment=True, download_name=f"{_file_name()}.xlsx"))


def _chosen_ids() -> list[int]:
    chosen = listing.Filter.from_args(request.args)
    return listing.ids_of(chosen, current_user)[: leaving.MOST]


def _file_name() -> str:
    return f"posts-{zones.day_of(clock.now(), 'UTC')}"


def _csv(rows: Iterable[Sequence[str]], name: str) -> Response:
    answer = make_response("".join(leaving.as_csv(rows)))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.csv"
    return answer


def _choose_page(form: ImportForm, status: int = 200) -> Response:
    query = PostImport.visible_to(current_user).options(joinedload(PostImport.made_by))
    context = {
        "form": form,
        "recent": db.session.scalars(query.order_by(PostImport.id.desc()).limit(RECENT)).all(),
        "columns": COLUMNS,
        "most_rows": TABLE.most_rows,
        "most_mb": MOST_BYTES // 2**20,
    }
    return make_response(render_template("campaigns/posts/exchange/choose.html", **context), status)


def _looked_at(found: PostImport, shown: reporting.Shown) -> dict[str, Any]:
    return {
        "found": found,
        "shown": shown,
        "counts": reporting.counts(found),
        "page": reporting.page(found, shown),
        "before": importing.imported_before(found) if found.confirmed_at is None else None,
        "is_mine": found.made_by_id == current_user.id,
        "rehearsed": importing.REHEARSED,
        "columns": COLUMNS,
        "to": lambda **more: url_for("post_tables.look", public_id=found.public_id, **more),
    }
