"""The pages for tables of orders: choosing a file, looking at its rows, the report."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.file import FileField
from sqlalchemy.orm import joinedload
from wtforms.validators import ValidationError

from campaigns.links.conversions import importing
from campaigns.links.conversions.columns import COLUMNS, TABLE
from campaigns.links.conversions.models import OrderImport, OrderImportRow
from campaigns.links.conversions.views import bp
from commons import clock
from commons.db import db
from commons.forms import Form
from commons.permissions import Permission
from commons.security import posting_limit
from commons.sheets import reporting
from commons.sheets.cells import Unreadable
from commons.sheets.files import MOST_BYTES
from commons.sheets.formulas import restorable
from commons.sheets.importing import imported_before
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404, region

AT_ONCE = 30
RECENT = 20


class OrdersForm(Form):
    file = FileField(_l("CSV or XLSX file"))

    def validate_file(self, field: Any) -> None:
        if not field.data or not getattr(field.data, "filename", ""):
            raise ValidationError(_l("Choose a CSV or XLSX file."))


@bp.get("/links/orders/import")
@allow(Permission.LINK_WRITE)
def choose() -> Response:
    return _choose_page(OrdersForm(formdata=None))


@bp.post("/links/orders/import")
@allow(Permission.LINK_WRITE)
@posting_limit
def read() -> Response:
    """Take a file in; nothing of it is written yet."""
    form = OrdersForm()
    if not form.validate_on_submit():
        return _choose_page(form, 422)
    by = current_user._get_current_object()
    try:
        content, name = form.file.data.stream.read(MOST_BYTES + 1), form.file.data.filename or ""
        found = importing.open_import(name, content, by=by, at=clock.now())
    except Unreadable as refusal:
        db.session.rollback()
        form.file.errors = [f"{refusal.message} {refusal.advice}".strip()]
        return _choose_page(form, 422)
    db.session.commit()
    return go(found.url)


@bp.get("/links/orders/import/empty.csv")
@allow(Permission.LINK_WRITE)
def empty() -> Response:
    """A table with headings only, to begin from."""
    return csv_answer([[str(words) for words in COLUMNS.values()]], "orders", restorable)


@bp.get("/links/orders/import/<public_id>")
@allow(Permission.LINK_WRITE)
def look(public_id: str) -> str:
    """The rows and what each of them is; once confirmed, the report."""
    found, shown = _import(public_id), reporting.Shown.from_args(request.args)
    context = {
        "found": found,
        "shown": shown,
        "counts": reporting.counts(OrderImportRow, found),
        "page": reporting.page(OrderImportRow, found, shown, joinedload(OrderImportRow.link)),
        "before": imported_before(found) if found.confirmed_at is None else None,
        "is_mine": found.made_by_id == current_user.id,
        "columns": COLUMNS,
        "to": lambda **more: url_for("link_orders.look", public_id=found.public_id, **more),
    }
    return render_template("campaigns/links/conversions/look.html", **context)


@bp.get("/links/orders/import/<public_id>/progress")
@allow(Permission.LINK_WRITE)
def progress(public_id: str) -> Response:
    """How far an import has got, for a page that waits for it."""
    found = _import(public_id)
    counts = reporting.counts(OrderImportRow, found)
    if not counts.waiting:
        return go(found.url)
    return region("campaigns/links/conversions/_progress.html", found=found, counts=counts)


@bp.post("/links/orders/import/<public_id>/formulas")
@allow(Permission.LINK_WRITE)
@posting_limit
def formulas(public_id: str) -> Response:
    """Take cells that begin like formulas as plain words, or no longer; all rows are compared anew."""
    found, are_words = _import(public_id), request.form.get("words") == "1"
    importing.compare_again(found, are_words, by=current_user._get_current_object(), at=clock.now())
    db.session.commit()
    return go(found.url)


@bp.post("/links/orders/import/<public_id>/confirm")
@allow(Permission.LINK_WRITE)
@posting_limit
def confirm(public_id: str) -> Response:
    """Write the rows: a few at once, many in the background."""
    found = _import(public_id)
    importing.confirm(found, by=current_user, at=clock.now())
    db.session.commit()
    rows = importing.waiting_rows(found)
    if len(rows) <= AT_ONCE:
        for row in rows:
            importing.write_row(row, clock.now())
            db.session.commit()
    return go(found.url)


@bp.get("/links/orders/import/<public_id>/refused.csv")
@allow(Permission.LINK_WRITE)
def refused(public_id: str) -> Response:
    """The rows that were not written, as they came, with the reason: to be mended and imported again."""
    rows = reporting.refused_rows(OrderImportRow, _import(public_id), COLUMNS)
    answer = csv_answer(rows, "orders-to-mend", restorable)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _import(public_id: str) -> OrderImport:
    return one_or_404(OrderImport.visible_to(current_user), public_id)


def _choose_page(form: OrdersForm, status: int = 200) -> Response:
    query = OrderImport.visible_to(current_user).options(joinedload(OrderImport.made_by))
    context = {
        "form": form,
        "recent": db.session.scalars(query.order_by(OrderImport.id.desc()).limit(RECENT)).all(),
        "columns": COLUMNS,
        "most_rows": TABLE.most_rows,
        "most_mb": MOST_BYTES // 2**20,
    }
    return make_response(render_template("campaigns/links/conversions/choose.html", **context), status)
